package remediator

import (
	"errors"
	"fmt"

	"github.com/keyproof/keyproof/model"
)

// NotApplicable says why an action cannot mend a resource.
type NotApplicable struct {
	Why  string
	Next string // what to do instead: a command, a template, a setting
}

func (e *NotApplicable) Error() string {
	if e.Next == "" {
		return e.Why
	}
	return e.Why + ": " + e.Next
}

// notApplicable is a NotApplicable with its words.
func notApplicable(next, format string, args ...any) error {
	return &NotApplicable{Why: fmt.Sprintf(format, args...), Next: next}
}

// ErrDrift is wrapped by every *Drift.
var ErrDrift = errors.New("it is not as planned any more")

// Drift is a field that is no longer as the plan saw it.
type Drift struct {
	Resource     model.ResourceID
	Field        string
	Want, Found  string // as JSON
	AfterAllowed bool   // the planned value would have been right too
}

func (e *Drift) Error() string {
	also := ""
	if e.AfterAllowed {
		also = " or what the change makes of it"
	}
	return fmt.Sprintf("%s of %s is %s and not %s%s: somebody else changed it; scan and plan again", e.Field, e.Resource.ID, e.Found, e.Want, also)
}

// Is lets errors.Is find ErrDrift.
func (e *Drift) Is(target error) bool { return target == ErrDrift }

// Blocked is a change that a preflight keeps from being made.
type Blocked struct{ Concerns []Concern }

func (e *Blocked) Error() string {
	for _, c := range e.Concerns {
		if c.Blocks {
			return (&NotApplicable{Why: c.Text, Next: c.Next}).Error()
		}
	}
	return "a preflight blocks it"
}

// refusal is a change that was refused before anything was written. It does not
// count against the failures that a run is allowed.
type refusal struct{ error }

func (e *refusal) Unwrap() error { return e.error }

// errInterrupted ends a run that the user stopped.
var errInterrupted = errors.New("interrupted")

// JournalError is a journal that cannot be written or read.
type JournalError struct{ Err error }

func (e *JournalError) Error() string { return "write the journal of changes: " + e.Err.Error() }

func (e *JournalError) Unwrap() error { return e.Err }
