package evaluator

import "github.com/keyproof/keyproof/model"

// silent says whether a clause is sure to add nothing that holds for certain,
// though it may read something unknown: its screen does not hold for what is
// known, or comes first to an expression that depends on the unknown, and so does
// the clause. False means that OPA has to be asked.
func (s *screen) silent(v *view, locals []datum) bool {
	for i := range s.steps {
		st := &s.steps[i]
		if st.a.unknown(v) || st.b.unknown(v) {
			return !st.asksRule() // a rule may hold whatever the unknown is
		}
		d := st.decide(v, locals)
		if st.not && d != undecided {
			d = holds + holdsNot - d
		}
		if d != holds {
			return d == holdsNot
		}
	}
	return false
}

// unknown says whether the operand depends on something unknown.
func (o *operand) unknown(v *view) bool {
	switch o.from {
	case fromPlace, fromMember:
		return v.facts[o.at].state == model.StateUnknown
	case fromRule:
		for i := range o.rule.bodies {
			body := &o.rule.bodies[i]
			// Of a rule whose body is not all screen, the rest may read anything.
			if !body.whole || body.value.unknown(v) {
				return true
			}
			for k := range body.steps {
				if body.steps[k].a.unknown(v) || body.steps[k].b.unknown(v) {
					return true
				}
			}
		}
	}
	return false
}

func (st *step) asksRule() bool { return st.a.from == fromRule || st.b.from == fromRule }

// silent says whether none of the entry point's clauses adds anything for
// certain, as far as that can be told without OPA's partial evaluation.
func (w *worker) silent(e *entry, seen *view) bool {
	if seen.params != nil || w.judge.limits.noScreens {
		return false // a screen knows the rule's own parameters only
	}
	for _, c := range e.clauses {
		if !c.screen.silent(seen, c.screen.frame(w.locals)) {
			return false
		}
	}
	return true
}
