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
	opAny                     // a has an element
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
	at    int    // the path's place in the view, or the number of a variable
	key   string // of a member of the attribute
	datum datum  // a constant
	rule  *derived
}

type source uint8

const (
	fromConstant source = iota
	fromPlace
	fromMember // of an attribute that is a map of texts
	fromVariable
	fromRule
)

// derived is what the rules of one name without arguments say that a clause
// refers to. It has the value of the one whose body holds; where there are
// several, they all have the value true.
type derived struct{ bodies []derivedBody }

type derivedBody struct {
	screen
	whole bool // the screen is the whole body, not only its beginning
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
	case fromPlace, fromMember:
		o.at = l.place(o.path)
	case fromRule:
		for i := range o.rule.bodies {
			o.rule.bodies[i].place(l)
			o.rule.bodies[i].value.place(l)
		}
	}
}

// decision is what a screen says of a clause's beginning.
type decision uint8

const (
	undecided decision = iota
	holds
	holdsNot
)

// frame makes room for the variables of the screen, and for two values that are
// at hand nowhere else, behind the frame of who asks.
func (s *screen) frame(of []datum) []datum {
	n, rest := s.locals+2, of[len(of):cap(of)]
	if n > len(rest) {
		return make([]datum, n)
	}
	return rest[:n]
}

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
	if st.op == opHolds && st.a.from == fromPlace { // most steps by far
		f := v.facts[st.a.at]
		return decided(f.state == model.StateKnown && !f.isFalse())
	}
	a, there := st.a.find(v, locals, len(locals)-1)
	if there != holds {
		return there
	}
	switch st.op {
	case opHolds:
		return decided(!a.isFalse())
	case opBind:
		locals[st.out] = *a
		return holds
	case opCount, opAny:
		n, ok := a.size()
		if !ok {
			return undecided
		}
		if st.op == opAny {
			return decided(n > 0)
		}
		locals[st.out] = integer(n)
		return holds
	}
	b, there := st.b.find(v, locals, len(locals)-2)
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
	return decided(st.op.agrees(order))
}

// agrees says whether a comparison holds of values in an order.
func (op operation) agrees(order int) bool {
	switch op {
	case opEqual:
		return order == 0
	case opNotEqual:
		return order != 0
	case opLess:
		return order < 0
	case opLessOrEqual:
		return order <= 0
	case opGreater:
		return order > 0
	default:
		return order >= 0
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

// find returns the operand's value and whether it is there: an undefined operand
// makes the expression undefined, which does not hold. A value that is nowhere
// yet is put into a spare place of the frame.
func (o *operand) find(v *view, locals []datum, spare int) (*datum, decision) {
	switch o.from {
	case fromPlace:
		f := v.facts[o.at]
		return &f.datum, decided(f.state == model.StateKnown)
	case fromVariable:
		return &locals[o.at], holds
	case fromMember:
		return &locals[spare], o.member(v, &locals[spare])
	case fromRule:
		return &locals[spare], o.rule.decide(v, locals, &locals[spare])
	default:
		return &o.datum, holds
	}
}

func (o *operand) member(v *view, to *datum) decision {
	f := v.facts[o.at]
	if f.state != model.StateKnown {
		return holdsNot
	}
	members, ok := f.of.(*model.Value[map[string]string])
	if !ok {
		return undecided
	}
	m, _ := members.Get()
	s, there := m[o.key]
	*to = text(s)
	return decided(there)
}

func (d *derived) decide(v *view, locals []datum, to *datum) decision {
	left := holdsNot
	for i := range d.bodies {
		body := &d.bodies[i]
		inner := body.frame(locals)
		switch there := body.screen.decide(v, inner); {
		case there == holds && body.whole:
			value, there := body.value.find(v, inner, len(inner)-1)
			*to = *value
			return there
		case there != holdsNot:
			left = undecided
		}
	}
	return left
}
