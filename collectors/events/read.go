package events

import (
	"context"
	"errors"
	"io/fs"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/keyproof/keyproof/model"
)

// batchSize is how many events go from a worker to the reader at a time.
const batchSize = 128

// job is a file on its way. Its events come through batches, in order; the last
// batch has the result.
type job struct {
	name    string
	place   Place
	regular bool // a file, and no link, pipe or whatever else
	batches chan batch
}

type batch struct {
	events []*model.Event
	result *fileResult // of the last batch
}

// Read reads an archive and hands each relevant event to each, in the order of
// the files' paths and of the records in them. What cannot be read is in the
// summary and no error; an error means that the archive itself could not be read,
// or comes from each or ctx.
func Read(ctx context.Context, fsys fs.FS, q Query, each func(*model.Event) error) (*Summary, error) {
	if q.Relevant == nil {
		q.Relevant = Relevant()
	}
	workers := q.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// Files are taken in order, so the one that the reader waits for is always
	// being worked on: the bounded queues cannot block each other.
	todo, order := make(chan *job), make(chan *job, 2*workers)
	listed := newSummary()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(todo)
		defer close(order)
		return list(ctx, fsys, &q, listed, func(name string, place Place, entry fs.DirEntry) error {
			j := &job{name: name, place: place, regular: entry.Type().IsRegular(), batches: make(chan batch, 2)}
			if err := send(ctx, order, j); err != nil {
				return err
			}
			return send(ctx, todo, j)
		})
	})
	for range workers {
		group.Go(func() error {
			r := fileReader{q: &q}
			for j := range todo {
				if err := r.work(ctx, fsys, j); err != nil {
					return err
				}
			}
			return nil
		})
	}
	s := newSummary()
	if err := s.gather(ctx, order, each); err != nil {
		cancel(err)
		return nil, errors.Join(err, ignore(group.Wait(), err))
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	s.merge(listed)
	s.settle(&q)
	return s, nil
}

// work reads a file and sends what it finds.
func (r *fileReader) work(ctx context.Context, fsys fs.FS, j *job) error {
	var events []*model.Event
	stopped := error(nil)
	flush := func(result *fileResult) {
		if stopped == nil {
			stopped = send(ctx, j.batches, batch{events: events, result: result})
		}
		events = nil
	}
	result := r.read(ctx, fsys, j, func(e *model.Event) {
		if events = append(events, e); len(events) == batchSize {
			flush(nil)
		}
	})
	flush(result)
	return stopped
}

// gather hands the events of all files on, in order.
func (s *Summary) gather(ctx context.Context, order <-chan *job, each func(*model.Event) error) error {
	for j := range order {
		for done := false; !done; {
			var b batch
			select {
			case b = <-j.batches:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			for _, e := range b.events {
				s.seen(e, j.place)
				if err := each(e); err != nil {
					return err
				}
			}
			if done = b.result != nil; done {
				s.add(b.result, j.place)
			}
		}
	}
	return nil
}

// merge adds what the listing found.
func (s *Summary) merge(l *Summary) {
	f := &s.Files
	f.PrunedAccount, f.PrunedRegion, f.PrunedTime = l.Files.PrunedAccount, l.Files.PrunedRegion, l.Files.PrunedTime
	f.Digests, f.Insights, f.Other = l.Files.Digests, l.Files.Insights, l.Files.Other
	s.problems(l.Problems...)
	s.MoreProblems += l.MoreProblems
	s.scopes.merge(l.scopes)
}

// settle says what the scopes are. Of the day that it is, and of the days to
// come, nothing need have been delivered yet.
func (s *Summary) settle(q *Query) {
	s.From, s.Until, _ = s.scopes.span()
	if !q.Since.IsZero() {
		s.From = q.Since
	}
	if !q.Until.IsZero() {
		s.Until = q.Until
	}
	due := s.Until
	if !q.Now.IsZero() && due.After(q.Now) {
		due = q.Now
	}
	s.Scopes = s.scopes.list(q, s.From, due)
}

func send[T any](ctx context.Context, to chan<- T, v T) error {
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// ignore drops the error that only repeats why everything stopped.
func ignore(err, why error) error {
	if errors.Is(err, why) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
