package evaluator

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/keyproof/keyproof/model"
)

// Events flow like resources: batches of those that some rule selects are judged
// side by side, and what the rules say is folded into groups by one goroutine.
// The events themselves are not kept.

// eventKey is what a rule selects events by.
type eventKey struct{ source, name string }

func selectorOf(selected string) eventKey {
	source, name, _ := strings.Cut(selected, ":")
	return eventKey{source, name}
}

// hit is an event that a rule fails, or cannot judge.
type hit struct {
	rule  *rule
	event *model.EventView
	result
}

type eventBatch struct {
	events []*model.Event
	hits   []hit
	err    error
	done   chan struct{}
}

// events judges the events of a snapshot.
func (e *evaluation) events(ctx context.Context, snap *model.Snapshot, ix *index) error {
	if len(e.panel.events) == 0 {
		return nil
	}
	around, err := contextOf(snap, ix)
	if err != nil {
		return err
	}
	total := 0
	f := newFold(e.header, e.panel)
	for b, err := range e.judge.eventStream(ctx, snap, ix, e.panel, around, &total) {
		if err != nil {
			return err
		}
		for i := range b.hits {
			f.add(&b.hits[i])
		}
	}
	e.tally.Resources[model.KindEvent] += total
	if p := f.second(); p != nil {
		for b, err := range e.judge.eventStream(ctx, snap, ix, p, around, new(int)) {
			if err != nil {
				return err
			}
			for i := range b.hits {
				f.rules[b.hits[i].rule].series.again(&b.hits[i])
			}
		}
	}
	if err := f.resolve(snap); err != nil {
		return err
	}
	for judged := range f.results() {
		e.waiving.apply(judged)
		if err := e.keep(judged); err != nil {
			return err
		}
	}
	return nil
}

// eventStream judges batches of events side by side and gives them back in the
// order of the snapshot. It counts all events, selected or not.
func (j *Judge) eventStream(ctx context.Context, snap *model.Snapshot, ix *index, p *panel, around model.EventContext, total *int) iter.Seq2[*eventBatch, error] {
	return func(yield func(*eventBatch, error) bool) {
		var running sync.WaitGroup
		defer running.Wait()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		todo, ordered := make(chan *eventBatch), make(chan *eventBatch, 4*j.limits.workers)
		for range j.limits.workers {
			w := newWorker(j, ix, p)
			running.Go(func() {
				for b := range todo {
					b.err = w.events(ctx, b, around)
					close(b.done)
				}
			})
		}
		running.Go(func() { feedEvents(ctx, snap, p, todo, ordered, total) })
		for b := range ordered {
			<-b.done
			if !yield(b, b.err) || b.err != nil {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// feedEvents cuts the selected events into batches. It closes both channels at
// the end; total is the reader's once ordered is closed.
func feedEvents(ctx context.Context, snap *model.Snapshot, p *panel, todo, ordered chan<- *eventBatch, total *int) {
	defer close(ordered)
	defer close(todo)
	send := func(b *eventBatch) bool {
		b.done = make(chan struct{})
		if b.err != nil {
			close(b.done)
			select {
			case ordered <- b:
			case <-ctx.Done():
			}
			return false
		}
		select {
		case todo <- b:
		case <-ctx.Done():
			return false
		}
		select {
		case ordered <- b:
			return true
		case <-ctx.Done():
			return false
		}
	}
	b := &eventBatch{}
	for event, err := range snap.Events {
		if err != nil {
			send(&eventBatch{err: fmt.Errorf("read events: %w", err)})
			return
		}
		*total++
		if p.events[eventKey{event.Source, event.Name}] == nil {
			continue
		}
		if b.events = append(b.events, event); len(b.events) == batchSize {
			if !send(b) {
				return
			}
			b = &eventBatch{}
		}
	}
	if len(b.events) > 0 {
		send(b)
	}
}

// events judges a batch. A rule that does not apply to an event has nothing to
// say of it.
func (w *worker) events(ctx context.Context, b *eventBatch, around model.EventContext) error {
	w.watch = newWatch(ctx, w.judge.limits.evaluation)
	defer func() { w.watch.close() }()
	for _, event := range b.events {
		if err := ctx.Err(); err != nil {
			return err
		}
		if w.size+len(w.values.list) > w.judge.limits.remembered {
			w.forget()
		}
		view := event.View(around)
		if w.judge.limits.hide != nil {
			w.judge.limits.hide(view)
		}
		about := targetsOf(event)[0]
		r := &model.Resource{ID: about.id, Name: about.name, Body: view}
		r.ID.Kind = model.KindEvent
		w.resource++
		seen := w.look(r)
		for _, rule := range w.panel.events[eventKey{event.Source, event.Name}] {
			if rule.Off != nil {
				continue
			}
			result, err := w.judgeScoped(ctx, rule, r, seen)
			if err != nil {
				return fmt.Errorf("judge %s:%s: %w", event.Source, event.Name, err)
			}
			if result.status == model.StatusFail || result.status == model.StatusUnknown {
				b.hits = append(b.hits, hit{rule, view, result})
			}
		}
	}
	return nil
}
