package evaluator

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/keyproof/keyproof/model"
)

// answer is what an entry point, or one clause of it, says to all resources
// that look alike to it: what holds for certain, and, when that is not the whole
// answer, the unknown places in its read set.
type answer struct {
	says    *model.Detail // findings or reasons for not applying; nil when there are none
	unknown []int
	failed  map[string]model.Unknown // the rule itself went wrong, on known attributes
	serial  uint32                   // of a clause's answer, to name it by
}

var nothing = &answer{}

// answer is the answer of an entry point.
func (w *worker) answer(ctx context.Context, r *rule, e *entry, seen *view) (*answer, error) {
	if seen.unknown.meets(e.set) {
		return w.uncertain(ctx, r, e, seen)
	}
	var first *answer
	var more []*answer
	for _, c := range e.clauses {
		a, err := w.said(ctx, r, e, c, seen)
		switch {
		case err != nil:
			return nil, err
		case a.failed != nil:
			return a, nil
		case a.says == nil:
		case first == nil:
			first = a
		default:
			more = append(more, a)
		}
	}
	switch {
	case first == nil:
		return nothing, nil
	case more == nil:
		return first, nil
	default:
		return w.together(e, append(more, first)), nil
	}
}

// together is what several clauses say.
func (w *worker) together(e *entry, all []*answer) *answer {
	w.key = w.key[:0]
	for _, a := range all {
		w.key = binary.LittleEndian.AppendUint32(w.key, a.serial)
	}
	known := w.joined[e.number]
	if a := known[string(w.key)]; a != nil {
		return a
	}
	says := &model.Detail{}
	for _, a := range all {
		says.Findings = append(says.Findings, a.says.Findings...)
		says.NotApplicable = append(says.NotApplicable, a.says.NotApplicable...)
	}
	tidy(says)
	a := &answer{says: says}
	known[string(w.key)] = a
	w.size++
	return a
}

// said is what a clause says of a resource of which it can read nothing
// unknown, remembered if it was asked before.
func (w *worker) said(ctx context.Context, r *rule, e *entry, c *clause, seen *view) (*answer, error) {
	if c.shared && seen.params == nil {
		asked := &w.asked[c.number]
		if asked.resource == w.resource {
			return asked.answer, nil
		}
		a, err := w.sayingOf(ctx, r, e, c, seen)
		if err == nil && a.failed == nil {
			asked.resource, asked.answer = w.resource, a
		}
		return a, err
	}
	return w.sayingOf(ctx, r, e, c, seen)
}

func (w *worker) sayingOf(ctx context.Context, r *rule, e *entry, c *clause, seen *view) (*answer, error) {
	// A screen knows the rule's own parameters only.
	decision := undecided
	if seen.params == nil && !w.judge.limits.noScreens {
		decision = c.screen.decide(seen, c.screen.frame(w.locals))
	}
	if decision == holdsNot {
		return nothing, nil
	}
	seat, err := w.sayings[c.number].seat(w.values, seen, c, decision == holds)
	if err != nil {
		return nil, err
	}
	if a := seat.get(); a != nil {
		return a, nil
	}
	a, err := w.evaluate(ctx, r, func() (*answer, error) {
		says, err := w.ask(ctx, c, e == r.violation, seen)
		return &answer{says: says}, err
	})
	if err != nil {
		return nil, err
	}
	w.serial++
	a.serial = w.serial
	if a.failed == nil || !c.shared { // a failure names the rule
		w.size++
		seat.put(a)
	}
	return a, nil
}

// ask asks OPA what a clause says. What OPA hands out are terms of the rules: they
// are read while the lock is held.
func (w *worker) ask(ctx context.Context, c *clause, violation bool, seen *view) (*model.Detail, error) {
	input, err := c.input(w.values, seen)
	if err != nil {
		return nil, err
	}
	w.judge.terms.RLock()
	defer w.judge.terms.RUnlock()
	w.watch.start()
	defer func() { w.watch = w.watch.stop() }()
	members, err := c.eval(ctx, w.watch.cancel, input)
	if err != nil {
		return nil, err
	}
	return detail(violation, members)
}

// uncertain is the answer of an entry point that can read something unknown.
func (w *worker) uncertain(ctx context.Context, r *rule, e *entry, seen *view) (*answer, error) {
	var err error
	if w.key, err = seen.key(w.values, w.key[:0], e.places); err != nil {
		return nil, err
	}
	known := w.answers[e.number]
	if a := known[string(w.key)]; a != nil {
		return a, nil
	}
	key := string(w.key)
	a, err := w.evaluate(ctx, r, func() (*answer, error) {
		a := &answer{}
		for _, place := range e.places {
			if seen.facts[place].state == model.StateUnknown {
				a.unknown = append(a.unknown, place)
			}
		}
		if w.silent(e, seen) {
			return a, nil
		}
		var err error
		a.says, err = w.certain(ctx, r, e, seen, a.unknown)
		return a, err
	})
	if err != nil {
		return nil, err
	}
	w.size++
	known[key] = a
	return a, nil
}

// patience is how often a rule may take too long before it is asked no more: a
// scan must end, however bad a rule is.
const patience = 3

// evaluate makes an answer. An error means that the scan was cancelled; a rule
// that goes wrong is an unknown result that names what went wrong.
func (w *worker) evaluate(ctx context.Context, r *rule, find func() (*answer, error)) (*answer, error) {
	tooLong := func() error { return fmt.Errorf("it took longer than %s", w.judge.limits.evaluation) }
	if r.slow.Load() >= patience {
		return failed(r, tooLong()), nil
	}
	a, err := find()
	switch {
	case err == nil:
		return a, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case topdown.IsCancel(err):
		r.slow.Add(1)
		err = tooLong()
	}
	return failed(r, err), nil
}

// failed is the answer of a rule that went wrong.
func failed(r *rule, err error) *answer {
	detail := fmt.Sprintf("rule %s (%s): %s", r.ID, r.file, strings.Join(strings.Fields(err.Error()), " "))
	return &answer{failed: map[string]model.Unknown{"rule": {Reason: model.ReasonRule, Detail: detail}}}
}
