package evaluator

import "github.com/keyproof/keyproof/model"

// screen decides the beginning of a clause without asking OPA: comparisons of
// attributes with constants and with each other, which is what most clauses
// begin with and what most resources do not hold. What it cannot decide is OPA's.
//
// It only ever answers what OPA would: a property test compares the results
// with and without screens.
type screen struct {
	steps  []step
	locals int // how many variables the steps bind
}

// step is one expression.
type step struct {
	op   operation
	not  bool
	a, b operand
	out  int // the variable that it binds, or -1
}

type operation uint8

const (
	opHolds  operation = iota // a is there and not false
	opBind                    // out := a
	opCount                   // out := count(a)
	opPlus                    // out := a + b
	opMinus                   // out := a - b
	opMember                  // a in b
	opEqual                   // a == b
	opNotEqual
	opLess
	opLessOrEqual
	opGreater
	opGreaterOrEqual
)

// operand is where a step finds a value.
type operand struct {
	from  source
	path  path
	at    int      // the path's place in the view, or the number of a variable
	datum datum    // a constant
	rule  *derived // a rule
}

type source uint8

const (
	fromConstant source = iota
	fromPlace
	fromVariable
	fromRule
)

// derived is a rule without arguments that a clause refers to: it has the value
// if all its steps hold, else it is undefined.
type derived struct {
	screen
	value operand
}

// place finds the places of the paths that the steps read.
func (s *screen) place(l *layout) {
	for i := range s.steps {
		s.steps[i].a.place(l)
		s.steps[i].b.place(l)
	}
}

func (o *operand) place(l *layout) {
	switch o.from {
	case fromPlace:
		o.at = l.place(o.path)
	case fromRule:
		o.rule.place(l)
		o.rule.value.place(l)
	}
}

// decision is what a screen says of a clause's beginning.
type decision uint8

const (
	undecided decision = iota
	holds
	holdsNot
)

// decide runs the steps on a view in which all that they read is known or
// absent.
func (s *screen) decide(v *view, locals []datum) decision {
	for i := range s.steps {
		st := &s.steps[i]
		d := st.decide(v, locals)
		if st.not && d != undecided {
			d = holds + holdsNot - d
		}
		if d != holds {
			return d
		}
	}
	return holds
}

func (st *step) decide(v *view, locals []datum) decision {
	a, there := st.a.get(v, locals)
	if there != holds {
		return there
	}
	switch st.op {
	case opHolds:
		return decided(!a.isFalse())
	case opBind:
		locals[st.out] = *a
		return holds
	case opCount:
		n, ok := a.size()
		if !ok {
			return undecided
		}
		locals[st.out] = integer(n)
		return holds
	}
	b, there := st.b.get(v, locals)
	if there != holds {
		return there
	}
	switch st.op {
	case opPlus, opMinus:
		if a.kind != kindInt || b.kind != kindInt || tooLarge(a.integer) || tooLarge(b.integer) {
			return undecided
		}
		sum := a.integer + b.integer
		if st.op == opMinus {
			sum = a.integer - b.integer
		}
		locals[st.out] = integer(sum)
		return holds
	case opMember:
		if a.kind != kindText {
			return undecided
		}
		has, ok := b.has(a.text)
		if !ok {
			return undecided
		}
		return decided(has)
	}
	order, ok := a.compare(b)
	if !ok {
		return undecided
	}
	switch st.op {
	case opEqual:
		return decided(order == 0)
	case opNotEqual:
		return decided(order != 0)
	case opLess:
		return decided(order < 0)
	case opLessOrEqual:
		return decided(order <= 0)
	case opGreater:
		return decided(order > 0)
	default:
		return decided(order >= 0)
	}
}

// tooLarge is of integers whose sum may not fit; Rego's have no limit.
func tooLarge(n int) bool { return n > 1<<40 || n < -1<<40 }

func decided(b bool) decision {
	if b {
		return holds
	}
	return holdsNot
}

// get returns the operand's value and whether it is there: an undefined operand
// makes the expression undefined, which does not hold.
func (o *operand) get(v *view, locals []datum) (*datum, decision) {
	switch o.from {
	case fromPlace:
		c := v.facts[o.at]
		return &c.datum, decided(c.state == model.StateKnown)
	case fromVariable:
		return &locals[o.at], holds
	case fromRule:
		return o.rule.get(v)
	default:
		return &o.datum, holds
	}
}

func (d *derived) get(v *view) (*datum, decision) {
	locals := make([]datum, d.locals)
	if there := d.decide(v, locals); there != holds {
		return nil, there
	}
	return d.value.get(v, locals)
}
