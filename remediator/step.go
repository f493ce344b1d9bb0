package remediator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/smithy-go"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// callTime is how long one step that writes may take, its retries included. It
// is not cut short by the user: half a call is the one thing nobody can judge.
const callTime = 2 * time.Minute

// steps makes the steps of a change that are not done yet, each announced before
// and recorded after. check is made before each write.
func (e *Engine) steps(ctx context.Context, r *Record, l *leases, prefix string, steps []Step, check func() error) error {
	for _, s := range steps {
		name := prefix + s.Name
		before, known := r.Steps[name]
		if before == model.StepDone {
			continue
		}
		if ctx.Err() != nil {
			return errInterrupted
		}
		if err := l.err(ctx); err != nil {
			return err
		}
		// Undoing asks always: what was never made needs no undoing.
		if (known || prefix != "") && s.Done != nil {
			there, err := s.Done(ctx)
			if err != nil {
				return e.stepFailed(ctx, r, s, name, err)
			}
			if there {
				if err := e.step(ctx, r, name, model.StepDone, "was done already"); err != nil {
					return err
				}
				continue
			}
		}
		if !s.Wait {
			if err := check(); err != nil {
				return e.stepFailed(ctx, r, s, name, err)
			}
			if err := l.err(ctx); err != nil {
				return err
			}
		}
		if err := e.step(ctx, r, name, model.StepStarted, ""); err != nil {
			return err
		}
		if err := e.do(ctx, s, name); err != nil {
			return e.stepFailed(ctx, r, s, name, err)
		}
		if err := e.step(ctx, r, name, model.StepDone, ""); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) do(ctx context.Context, s Step, name string) error {
	if !s.Wait {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), callTime)
		defer cancel()
	}
	e.fault("before call " + name)
	err := s.Do(ctx)
	e.fault("after call " + name)
	return err
}

func (e *Engine) step(ctx context.Context, r *Record, name string, state model.StepState, detail string) error {
	entry := model.JournalEntry{Run: r.Run, Change: r.Change.ID, Step: name, State: state, Detail: detail}
	if err := e.append(ctx, entry, nil); err != nil {
		return err
	}
	r.Steps[name] = state
	return nil
}

// stepFailed records why a step was not done. A wait that the user ended did not
// fail: it stays begun.
func (e *Engine) stepFailed(ctx context.Context, r *Record, s Step, name string, err error) error {
	if ctx.Err() != nil && (s.Wait || errors.Is(err, context.Canceled)) {
		return errInterrupted
	}
	failure := &stepError{name, explain(err, s.Quiet), err}
	if err := e.step(ctx, r, name, model.StepFailed, failure.Error()); err != nil {
		return err
	}
	return failure
}

// stepError is a step that failed, in words that may be kept.
type stepError struct {
	step, text string
	err        error
}

func (e *stepError) Error() string { return e.step + ": " + e.text }
func (e *stepError) Unwrap() error { return e.err }

// explain puts an error of a call into words for people, with what to do.
func explain(err error, quiet bool) string {
	code := awserr.Code(err)
	var own *NotApplicable
	switch {
	case errors.As(err, &own): // in words of ours, which quote no value
		return own.Error()
	case awserr.Denied(err):
		return fmt.Sprintf("AWS denies it (%s): allow %s; `keyproof permissions --remediate` prints all that the role needs",
			cmp.Or(code, "status 403"), cmp.Or(awserr.Missing(err), "the action"))
	case awserr.Expired(err):
		return "the credentials have expired (" + code + "): renew them"
	case quiet && code != "":
		return "AWS refuses it: " + code
	case quiet:
		return fmt.Sprintf("the call failed (%T)", err)
	}
	if _, call := errors.AsType[*smithy.OperationError](err); !call {
		return err.Error() // our own words, of any length
	}
	return awserr.Words(err)
}
