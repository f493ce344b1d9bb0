package remediator

import (
	"context"
	"errors"
	"fmt"

	"github.com/keyproof/keyproof/model"
)

// Apply makes the changes of a plan under a new run id.
func (e *Engine) Apply(ctx context.Context, run string, p *Plan) (*Outcome, error) {
	r := &Run{ID: run, Started: e.Now().UTC(), By: e.By}
	for _, c := range p.Changes {
		if Find(e.Actions, c.Action) == nil {
			return nil, fmt.Errorf("change %s: there is no action %q: plan again with this version of keyproof", c.ID, c.Action)
		}
		r.Records = append(r.Records, &Record{Run: run, Change: c, State: model.StepPlanned, Steps: map[string]model.StepState{}})
	}
	l, err := e.acquire(ctx, accounts(r.Records), false)
	if err != nil {
		return nil, err
	}
	defer l.release(ctx)
	// The whole plan is one entry: a run that is killed right after has lost none.
	err = e.append(ctx, model.JournalEntry{Run: run, State: model.StepPlanned}, runData{By: e.By, Plan: p.Hash, Changes: p.Changes})
	if err != nil {
		return nil, fmt.Errorf("nothing was changed: %w", err)
	}
	return e.goOn(ctx, r, l)
}

// Resume goes on with a run where it ended: changes that were not begun, or not
// ended, or failed, are made, those that were being undone are undone.
func (e *Engine) Resume(ctx context.Context, id string) (*Outcome, error) {
	r, err := Load(ctx, e.Journal, id)
	if err != nil {
		return nil, err
	}
	if r.Pruned {
		return nil, pruned(id)
	}
	l, err := e.acquire(ctx, accounts(r.Records), true)
	if err != nil {
		return nil, err
	}
	defer l.release(ctx)
	// What another process did before it gave up its lease counts.
	if r, err = Load(ctx, e.Journal, id); err != nil {
		return nil, err
	}
	return e.goOn(ctx, r, l)
}

// goOn does what is left of a run.
func (e *Engine) goOn(ctx context.Context, run *Run, l *leases) (*Outcome, error) {
	out := &Outcome{Run: run}
	for _, r := range run.Records {
		if !r.Open() || r.State == model.StepDone {
			continue
		}
		if out.Failures >= max(1, e.MaxFailures) {
			out.Stopped = fmt.Sprintf("stopped after %d failed; --max-failures allows more", out.Failures)
			break
		}
		err := e.one(ctx, r, l)
		if stop := e.note(out, err); stop {
			break
		}
		if err := l.err(ctx); err != nil {
			out.Stopped = err.Error()
			break
		}
	}
	return out, e.end(ctx, out)
}

// one brings one change as far as it goes.
func (e *Engine) one(ctx context.Context, r *Record, l *leases) error {
	a := Find(e.Actions, r.Change.Action)
	if a == nil {
		return fmt.Errorf("there is no action %q", r.Change.Action)
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	if r.State == model.StepUndoing {
		return e.undo(ctx, a, r, l)
	}
	return e.apply(ctx, a, r, l)
}

// note counts what became of a change, and says whether the run must stop.
func (e *Engine) note(out *Outcome, err error) (stop bool) {
	var journal *JournalError
	var refused *refusal
	switch {
	case err == nil:
	case errors.Is(err, errInterrupted):
		out.Interrupted, out.Stopped = true, "interrupted"
		return true
	case errors.As(err, &journal):
		// What was done since the last entry is not on record: going on would add
		// to it.
		out.Stopped = err.Error()
		out.Failures++
		return true
	case errors.As(err, &refused):
		out.Refused++
	default:
		out.Failures++
	}
	return false
}

// apply makes one change, or the rest of it.
func (e *Engine) apply(ctx context.Context, a Action, r *Record, l *leases) error {
	c, env := r.Change, e.env(r.Run)
	e.say("%s: %s", oneLine(c.Name), oneLine(c.Title))
	if err := e.begin(ctx, c); err != nil {
		return errInterrupted
	}
	if r.Before == nil {
		if going, err := e.prepare(ctx, a, r, env); !going {
			return err
		}
	}
	check := func() error {
		state, err := a.Read(ctx, env, c)
		if err != nil {
			return err
		}
		return midway(c, r.Before, state)
	}
	if err := e.steps(ctx, r, l, "", a.Apply(env, c, r.Before), check); err != nil {
		return e.changeFailed(ctx, r, err)
	}
	return e.mark(ctx, r, model.StepDone, "", nil)
}

// SoAlready is the detail of a change that needed no write.
const SoAlready = "it is so already: nothing was written"

// prepare looks whether a change can be made and announces it. going is false
// when nothing is to be written, with or without an error.
func (e *Engine) prepare(ctx context.Context, a Action, r *Record, env *Env) (going bool, err error) {
	c := r.Change
	state, err := a.Read(ctx, env, c)
	if err == nil {
		if len(c.After) > 0 && state.is(c.After) {
			// It is judged again like what was written: that it is so is no proof that the
			// rules pass.
			e.say("  it is so already")
			return false, e.mark(ctx, r, model.StepDone, SoAlready, nil)
		}
		err = asPlanned(c, state)
	}
	if err == nil {
		var concerns []Concern
		concerns, err = a.Preflight(ctx, env, c)
		for _, concern := range concerns {
			if err == nil && concern.Blocks {
				err = &Blocked{concerns}
			}
		}
	}
	if ctx.Err() != nil {
		return false, errInterrupted
	}
	if err != nil {
		return false, e.refuse(ctx, r, err)
	}
	if err := e.mark(ctx, r, model.StepStarted, "", changeData{Before: state, By: e.by(c)}); err != nil {
		return false, err
	}
	r.Before, r.By = state, e.by(c)
	return true, nil
}

// refuse records why a change was not begun. What would be so at any time ends the
// matter; a call that went wrong may be tried again.
func (e *Engine) refuse(ctx context.Context, r *Record, err error) error {
	state, text := model.StepFailed, explain(err, false)
	var blocked *Blocked
	var not *NotApplicable
	if errors.Is(err, ErrDrift) || errors.As(err, &blocked) || errors.As(err, &not) {
		state, err = model.StepSkipped, &refusal{err}
	}
	e.say("  not changed: %s", text)
	if err := e.mark(ctx, r, state, text, nil); err != nil {
		return err
	}
	return err
}

func (e *Engine) changeFailed(ctx context.Context, r *Record, err error) error {
	var journal *JournalError
	if errors.Is(err, errInterrupted) || errors.As(err, &journal) {
		return err
	}
	e.say("  failed: %s", explain(err, false))
	if err := e.mark(ctx, r, model.StepFailed, explain(err, false), nil); err != nil {
		return err
	}
	return err
}
