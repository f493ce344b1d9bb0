package fold

import (
	"slices"
	"time"

	"github.com/keyproof/keyproof/model"
)

// resolved is what an event is about.
type resolved struct {
	sure []int32 // numbers of the index, each once
	// perhaps are those that it may be about, when a name could be two of them.
	perhaps  []int32
	nameless bool // it names nothing
}

// resolve finds what an event is about. Names that can be of one thing only decide;
// others count where there is none of those.
func (ix *index) resolve(kind model.Kind, e *model.Event) resolved {
	targets, foreign := parseTargets(kind, e)
	if len(targets) == 0 {
		return resolved{nameless: !foreign}
	}
	var found resolved
	for _, t := range targets {
		if !t.exact {
			continue
		}
		for _, n := range ix.of(t.at, exact, t.name) {
			found.sure = insert(found.sure, n)
			// The ARN of a secret with its random characters, or that without them of one
			// whose name ends as if it had some?
			if others := ix.of(t.at, loose, t.name); kind == model.KindSecret && len(others) > 0 && others[0] != n {
				found.perhaps = append(found.perhaps, others...)
			}
		}
	}
	if len(found.sure) == 0 {
		found = ix.loosely(targets, e.Time)
	}
	if len(found.perhaps) > 0 {
		found.perhaps, found.sure = append(found.perhaps, found.sure...), nil
	}
	return found
}

// loosely finds things by names that pass on to the next thing of the same name: only
// those that were there at the time.
func (ix *index) loosely(targets []target, at time.Time) resolved {
	var found resolved
	for _, t := range targets {
		if gone(t, targets) {
			continue
		}
		hits := slices.DeleteFunc(slices.Clone(ix.of(t.at, loose, t.name)), func(n int32) bool {
			return ix.made[n] > at.Add(clocks).Unix()
		})
		if len(hits) == 1 {
			found.sure = insert(found.sure, hits[0])
		} else {
			found.perhaps = append(found.perhaps, hits...)
		}
	}
	return found
}

// clocks is how far the clocks of two services may be apart.
const clocks = time.Minute

// gone tells the bare name of a secret beside its ARN, when that ARN is of none that
// is there: the one that has the name now is another one.
func gone(t target, all []target) bool {
	return slices.ContainsFunc(all, func(o target) bool {
		name, ok := withoutRandom(o.name)
		return ok && o.exact && !t.exact && o.at == t.at && name == t.name
	})
}

func insert(list []int32, n int32) []int32 {
	if slices.Contains(list, n) {
		return list
	}
	return append(list, n)
}

func unix(v model.Value[time.Time]) int64 {
	if t, ok := v.Get(); ok {
		return t.Unix()
	}
	return 0
}
