package digest

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// walk is the way down one chain, from the newest digest to the oldest.
type walk struct {
	*verifier
	chain    Chain
	paths    *paths
	next     *file // the digest after this one; nil when there is none to go by
	state    state // what is known of next
	problems []Problem
}

// state is what is known of a digest.
type state int

const (
	unproven state = iota // nothing speaks against it
	proven
	bad
	stray  // bad, and what it says has no place in the chain
	unread // it cannot be read, and speaks neither for nor against anything
)

func (w *walk) problem(kind Kind, file, format string, args ...any) {
	w.note(Problem{kind, file, fmt.Sprintf(format, args...)})
}

// maxOfChain bounds the problems of a chain that are kept to be put in order; those
// beyond only count.
const maxOfChain = 10 * maxProblems

func (w *walk) note(p Problem) {
	if len(w.problems) < maxOfChain {
		w.problems = append(w.problems, p)
		return
	}
	w.missing(p)
	w.report.count(p)
}

// missing counts a digest that is not there to be counted.
func (w *walk) missing(p Problem) {
	if p.Kind == KindMissingDigest {
		w.report.Digests.Bad++
	}
}

// chain verifies the digests of a chain and the logs that they name.
func (v *verifier) chain(ctx context.Context, c *paths) error {
	w := &walk{verifier: v, chain: Chain{Name: c.name}, paths: c}
	ahead := v.loader(c.files)
	for i := len(c.files) - 1; i >= 0; i-- {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		f := ahead(i)
		if !v.o.Since.IsZero() && !f.end.IsZero() && !f.end.After(v.o.Since) {
			// The range begins here, so this one only has to be what the next says.
			w.before(f)
			w.next = nil
			break
		}
		in := v.o.Until.IsZero() || f.end.IsZero() || f.start.Before(v.o.Until)
		state := w.digest(f, in)
		if state >= stray {
			if w.leadsTo(f.path) {
				w.next = nil
			}
			continue
		}
		if in {
			if err := w.logs(ctx, f, state); err != nil {
				return err
			}
		}
		w.next, w.state = f, state
	}
	w.begins()
	slices.SortStableFunc(w.problems, func(a, b Problem) int { return strings.Compare(a.File, b.File) })
	for _, p := range w.problems {
		w.missing(p)
	}
	v.report.add(w.problems...)
	v.report.Chains = append(v.report.Chains, w.chain)
	return nil
}

// digest judges one digest. What is after the range is judged too, for what it
// says of the one before it, but not reported.
func (w *walk) digest(f *file, in bool) state {
	keep := len(w.problems)
	state := w.judge(f)
	if !in {
		w.problems = w.problems[:keep]
		return state
	}
	w.chain.Digests++
	count := &w.report.Digests
	switch state {
	case unproven, unread:
		count.Unproven++
	case proven:
		count.Verified++
		w.chain.Verified++
		w.chain.From = f.start
		if w.chain.To.IsZero() {
			w.chain.To = f.end
		}
		w.proven(w.paths.place, f)
	default:
		count.Bad++
	}
	return state
}
