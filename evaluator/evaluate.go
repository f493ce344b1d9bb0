package evaluator

import (
	"context"
	"iter"
	"sync"

	"github.com/keyproof/keyproof/model"
)

// Evaluate judges a snapshot. The results go to the spool; the report reads
// them from there, and is valid until the spool is closed.
func (j *Judge) Evaluate(ctx context.Context, snap *model.Snapshot, spool *model.ResultSpool) (*model.Report, error) {
	e := newEvaluation(j, j.panel(snap), &snap.Header, spool)
	if err := e.add(ctx, snap, nil); err != nil {
		return nil, err
	}
	return e.report(nil)
}

// evaluation gathers the results of one or more snapshots.
type evaluation struct {
	judge   *Judge
	panel   *panel
	header  *model.Header
	spool   *model.ResultSpool
	tally   *model.Tally
	waiving *waiving
	ages    *model.SecretAges
}

func newEvaluation(j *Judge, p *panel, h *model.Header, spool *model.ResultSpool) *evaluation {
	return &evaluation{judge: j, panel: p, header: h, spool: spool, tally: model.NewTally(), waiving: newWaiving(j, p, h), ages: &model.SecretAges{}}
}

func (e *evaluation) keep(judged *model.Judged) error {
	e.tally.AddJudged(judged)
	return e.spool.Append(judged)
}

// add judges a snapshot. mark is called with the results of each resource, once
// waivers have been applied; nil for nothing.
func (e *evaluation) add(ctx context.Context, snap *model.Snapshot, mark func(*model.Judged)) error {
	ix, count, err := newIndex(snap, e.judge.referred())
	if err != nil {
		return err
	}
	for kind, n := range count {
		e.tally.Resources[kind] += n
	}
	counted := *snap
	counted.Resources = e.ages.Count(snap.Resources)
	for judged, err := range e.judge.stream(ctx, &counted, ix, e.panel) {
		if err != nil {
			return err
		}
		e.waiving.apply(judged)
		if mark != nil {
			mark(judged)
		}
		if err := e.keep(judged); err != nil {
			return err
		}
		e.judge.used.put(judged)
	}
	return e.events(ctx, snap, ix)
}

// report ends the evaluation with the results on waivers. change may change
// those; nil for nothing.
func (e *evaluation) report(change func(*model.Judged)) (*model.Report, error) {
	for _, judged := range e.waiving.results() {
		if change != nil {
			change(judged)
		}
		if err := e.keep(judged); err != nil {
			return nil, err
		}
	}
	if err := e.spool.Flush(); err != nil {
		return nil, err
	}
	summary := e.tally.Done()
	if e.header.Elsewhere == nil { // a proposed change has no past
		summary.Ages = e.ages
	}
	return &model.Report{
		Header: *e.header, Rules: append(e.panel.rules(e.judge.rules), e.waiving.rules()...), Frameworks: e.panel.frameworks(e.judge),
		NeedEvents: e.panel.left,
		Summary:    summary, Results: e.spool.Results(),
	}, nil
}

// referred are the kinds of related resources that some rule looks at.
func (j *Judge) referred() map[model.Kind]bool {
	keep := map[model.Kind]bool{}
	for _, r := range j.rules {
		for _, e := range r.entries() {
			for _, p := range e.reads {
				for _, role := range roles(r.Kind) {
					if role.name == p.Role {
						keep[role.to] = true
					}
				}
			}
		}
	}
	return keep
}

const batchSize = 64

type batch struct {
	resources []*model.Resource
	judged    []*model.Judged
	err       error
	done      chan struct{}
}

// stream judges batches of resources side by side and gives the results in the
// order of the resources, followed by those of the gaps.
func (j *Judge) stream(ctx context.Context, snap *model.Snapshot, ix *index, p *panel) iter.Seq2[*model.Judged, error] {
	return func(yield func(*model.Judged, error) bool) {
		// Nothing reads the snapshot any more when Evaluate has returned.
		var running sync.WaitGroup
		defer running.Wait()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		workers := j.limits.workers
		todo, ordered := make(chan *batch), make(chan *batch, 4*workers)
		for range workers {
			w := newWorker(j, ix, p)
			running.Go(func() {
				for b := range todo {
					b.judged, b.err = w.all(ctx, b.resources)
					close(b.done)
				}
			})
		}
		running.Go(func() { feed(ctx, snap, todo, ordered) })
		for b := range ordered {
			<-b.done
			if b.err != nil {
				yield(nil, b.err)
				return
			}
			for _, judged := range b.judged {
				if !yield(judged, nil) {
					return
				}
			}
		}
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return
		}
		for _, gap := range snap.Gaps() {
			if !yield(j.gap(gap, p), nil) {
				return
			}
		}
	}
}

// feed cuts the snapshot into batches. It closes both channels at the end.
func feed(ctx context.Context, snap *model.Snapshot, todo, ordered chan<- *batch) {
	defer close(ordered)
	defer close(todo)
	send := func(b *batch) bool {
		b.done = make(chan struct{})
		select {
		case ordered <- b:
		case <-ctx.Done():
			return false
		}
		if b.err != nil {
			close(b.done)
			return false
		}
		select {
		case todo <- b:
			return true
		case <-ctx.Done():
			b.err = ctx.Err()
			close(b.done)
			return false
		}
	}
	b := &batch{}
	for r, err := range snap.Resources {
		if err != nil {
			send(&batch{err: err})
			return
		}
		if b.resources = append(b.resources, r); len(b.resources) == batchSize {
			if !send(b) {
				return
			}
			b = &batch{}
		}
	}
	if len(b.resources) > 0 {
		send(b)
	}
}

// gap is the row of a list that could not be read: every rule on its kind is
// unknown there.
func (j *Judge) gap(s model.Scope, p *panel) *model.Judged {
	id := model.ResourceID{Kind: s.Kind, Account: s.Account, Region: s.Region, ID: "*"}
	judged := new(model.Judged)
	judged.Reset(id, "*", p.ids[s.Kind])
	judged.Gap = true
	for i, r := range p.byKind[s.Kind] {
		result := unknown(map[string]model.Unknown{"list": *s.Gap})
		if r.Off != nil {
			result = r.switchedOff()
		}
		judged.Statuses[i], judged.Details[i] = result.status, result.detail
	}
	return judged
}
