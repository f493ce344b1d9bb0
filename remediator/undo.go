package remediator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// GivenUp is the detail of a change that was not begun when its run was taken back.
const GivenUp = "not begun, and the run was undone"

// Undo takes back the changes of a run, the last first; only those with the ids
// when there are any.
func (e *Engine) Undo(ctx context.Context, id string, only ...model.ChangeID) (*Outcome, error) {
	run, err := Load(ctx, e.Journal, id)
	if err != nil {
		return nil, err
	}
	if run.Pruned {
		return nil, pruned(id)
	}
	l, err := e.acquire(ctx, accounts(run.Records), true)
	if err != nil {
		return nil, err
	}
	defer l.release(ctx)
	if run, err = Load(ctx, e.Journal, id); err != nil {
		return nil, err
	}
	out := &Outcome{Run: run}
	for _, r := range slices.Backward(run.Records) {
		if len(only) > 0 && !slices.Contains(only, r.Change.ID) {
			continue
		}
		if r.Before == nil && r.Open() {
			// A run that is taken back must not be resumed into being made: neither what
			// it did not come to, nor what failed before it was begun.
			if err := e.mark(ctx, r, model.StepSkipped, GivenUp, nil); err != nil {
				return out, err
			}
		}
		if !r.Touched() {
			continue
		}
		if out.Failures >= max(1, e.MaxFailures) {
			out.Stopped = fmt.Sprintf("stopped after %d failed; --max-failures allows more", out.Failures)
			break
		}
		a := Find(e.Actions, r.Change.Action)
		if a == nil {
			return out, fmt.Errorf("there is no action %q: undo with the version of keyproof that made the change", r.Change.Action)
		}
		if ctx.Err() != nil {
			out.Interrupted, out.Stopped = true, "interrupted"
			break
		}
		if stop := e.note(out, e.undo(ctx, a, r, l)); stop {
			break
		}
	}
	return out, nil
}

// undo takes back one change, or the rest of it.
func (e *Engine) undo(ctx context.Context, a Action, r *Record, l *leases) error {
	c, env := r.Change, e.env(r.Run)
	e.say("%s: undo: %s", oneLine(c.Name), oneLine(c.Title))
	if c.Undo == model.UndoNone {
		e.say("  it cannot be undone: %s", c.UndoNote)
		return &refusal{fmt.Errorf("change %s cannot be undone: %s", c.ID, c.UndoNote)}
	}
	state, err := a.Read(ctx, env, c)
	if err == nil {
		err = midway(c, r.Before, state)
	}
	if err != nil {
		if ctx.Err() != nil {
			return errInterrupted
		}
		// Nothing is marked: the change is as far as it was.
		e.say("  not undone: %s", explain(err, false))
		if errors.Is(err, ErrDrift) {
			return &refusal{err}
		}
		return err
	}
	if r.State != model.StepUndoing {
		if err := e.mark(ctx, r, model.StepUndoing, "", changeData{Before: state, By: e.by(c)}); err != nil {
			return err
		}
		r.By = e.by(c)
	}
	check := func() error {
		state, err := a.Read(ctx, env, c)
		if err != nil {
			return err
		}
		return midway(c, r.Before, state)
	}
	if err := e.steps(ctx, r, l, undoing, a.Undo(env, c, r.Before), check); err != nil {
		var journal *JournalError
		if !errors.Is(err, errInterrupted) && !errors.As(err, &journal) {
			e.say("  failed: %s", explain(err, false))
		}
		return err
	}
	if state, err = a.Read(ctx, env, c); err != nil {
		e.say("  undone, and then not readable: %s", explain(err, false))
		return err
	}
	detail := ""
	for _, field := range slices.Sorted(maps.Keys(c.Before)) {
		if c.Undo == model.UndoExact && written(state[field]) != written(r.Before[field]) {
			detail = fmt.Sprintf("%s is %s and was %s", field, written(state[field]), written(r.Before[field]))
		}
	}
	return e.mark(ctx, r, model.StepUndone, detail, nil)
}
