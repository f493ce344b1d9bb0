package events

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// list walks the archive in the order of its paths and hands each log to found.
// Folders that cannot hold what the query asks for are not even listed.
func list(ctx context.Context, fsys fs.FS, q *Query, s *Summary, found func(name string, place Place, entry fs.DirEntry) error) error {
	skip := func(name string, _ fs.DirEntry) bool {
		place := PlaceOf(name)
		count := q.prune(place, s)
		if place.Account != "" && count != &s.Files.PrunedAccount {
			s.scopes.of(place.Account, "") // it is there, whatever there is of it
		}
		if count != nil {
			*count++
		}
		return count != nil
	}
	return Walk(ctx, fsys, skip, func(name string, entry fs.DirEntry, err error) error {
		place := PlaceOf(name)
		switch {
		case err != nil && name == ".":
			return err // the archive itself
		case err != nil:
			p := opening(name, "it cannot be listed: ", err)
			s.problems(p)
			s.scopes.troubled(place, p.why())
			return nil
		case place.Kind == ObjectDigest || place.Kind == ObjectInsight:
			s.count(place.Kind, name)
			if place.Kind == ObjectDigest && strings.HasSuffix(name, ".json.gz") {
				s.scopes.delivered(place)
			}
			return nil
		case !strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, ".json.gz"):
			s.Files.Other++
			return nil
		}
		return found(name, place, entry)
	})
}

func (s *Summary) count(kind ObjectKind, name string) {
	switch {
	case !strings.HasSuffix(name, ".json.gz"):
		s.Files.Other++
	case kind == ObjectDigest:
		s.Files.Digests++
	default:
		s.Files.Insights++
	}
}

// prune returns the counter of the reason why a file or folder need not be
// opened; nil when it must be. What its path does not say is no reason.
func (q *Query) prune(p Place, s *Summary) *int {
	switch {
	case p.Account != "" && len(q.Accounts) > 0 && !slices.Contains(q.Accounts, p.Account):
		return &s.Files.PrunedAccount
	case p.Region != "" && len(q.Regions) > 0 && !slices.Contains(q.Regions, p.Region):
		return &s.Files.PrunedRegion
	case p.From.IsZero():
		return nil
	// A file holds events from before its delivery, never from after it; the grace
	// is for clocks.
	case !q.Since.IsZero() && p.To.Add(grace).Before(q.Since):
		return &s.Files.PrunedTime
	case !q.Until.IsZero() && p.From.After(q.Until.Add(q.late())):
		return &s.Files.PrunedTime
	}
	return nil
}

// grace is how far clocks may be apart.
const grace = time.Hour

func (q *Query) late() time.Duration {
	if q.Late == 0 {
		return 24 * time.Hour
	}
	return q.Late
}

// opening is the problem of a file or folder that could not be opened. A source
// whose error says of itself why, in the model's words, may name an IAM action.
func opening(name, what string, err error) Problem {
	p := Problem{File: name, Kind: KindOpen, Place: -1, Detail: what + cause(err)}
	var refused interface{ Unknown() model.Unknown }
	if errors.As(err, &refused) {
		if why := refused.Unknown(); why.Reason == model.ReasonAccessDenied {
			p.Action = why.Action
		}
	}
	return p
}

// cause is an error without the path, which is named beside it.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
