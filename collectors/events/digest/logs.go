package digest

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/keyproof/keyproof/collectors/events"
)

// logs compares the logs that a digest names with its hashes.
func (w *walk) logs(ctx context.Context, f *file, s state) error {
	workers := w.o.Workers
	if d, ok := w.fsys.(interface{ Ahead() int }); ok && workers <= 0 {
		workers = d.Ahead() // most of the time goes by waiting
	}
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	found := make([]*Problem, len(f.content.LogFiles))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i, l := range f.content.LogFiles {
		path, inside := f.pathOf(l.Object)
		if !inside {
			found[i] = &Problem{KindOutside, l.Object, "named by " + f.path + ", it lies outside this archive"}
			continue
		}
		group.Go(func() error {
			found[i] = w.log(path, l.Object, l.Hash, l.Algorithm, f.path)
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	count := &w.report.Logs
	for i, p := range found {
		path, inside := f.pathOf(f.content.LogFiles[i].Object)
		if inside && (p == nil || p.Kind != KindMissingLog) && w.counts(path, events.PlaceOf(path)) {
			w.named.add(path)
		}
		switch {
		case p == nil && s == proven:
			count.Verified++
		case p == nil:
			count.Unproven++
		default:
			w.note(*p)
			if p.Kind.Tampering() {
				count.Bad++
			} else {
				count.Unproven++
			}
		}
	}
	return nil
}

// log compares one log with its hash; nil when it is good.
func (w *walk) log(path, object, want, algorithm, digest string) *Problem {
	if algorithm != "" && algorithm != "SHA-256" {
		return &Problem{KindAlteredLog, path, digest + " says its hash is made by " + algorithm + ", which CloudTrail does not use"}
	}
	hash, _, err := hashText(w.fsys, path, io.Discard)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Problem{KindMissingLog, object, digest + " names it, and it is not there"}
	case err == nil && strings.EqualFold(hash, want):
		return nil
	case err == nil:
		return &Problem{KindAlteredLog, path, "its hash is not the one that " + digest + " says"}
	}
	var damage *events.TextError
	if errors.As(err, &damage) {
		return &Problem{KindAlteredLog, path, damage.Detail}
	}
	return &Problem{KindUnreadable, path, "it cannot be read: " + cause(err)}
}
