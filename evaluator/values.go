package evaluator

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// number stands for a value: equal values of an attribute have equal numbers
// and different ones different numbers, so that what a rule can see of a
// resource is a short list of numbers.
type number uint32

const (
	numberUnknown number = iota // the zero value
	numberAbsent
	numberFalse
	numberTrue
	firstNumber = numberFalse
)

// values numbers the values that were seen, and keeps each as OPA wants it.
// It is used by one goroutine.
type values struct {
	list    []*ast.Term // by number - firstNumber
	strings map[string]number
	ints    map[int]number
	lists   map[string]number // lists of strings and maps of strings, by pack
	others  map[string]number // by JSON
	keys    []string          // buffers
	buf     []byte
	pairs   [][2]*ast.Term
}

func newValues() *values {
	return &values{
		list: []*ast.Term{ast.BooleanTerm(false), ast.BooleanTerm(true)}, strings: map[string]number{}, ints: map[int]number{},
		lists: map[string]number{}, others: map[string]number{},
	}
}

// value is the value of a number that is neither unknown nor absent.
func (v *values) value(n number) *ast.Term { return v.list[n-firstNumber] }

func (v *values) add(value ast.Value) number {
	v.list = append(v.list, ast.NewTerm(value))
	return number(len(v.list)-1) + firstNumber
}

// number is the number of what is in a fact.
func (v *values) number(c *fact) (number, error) {
	switch c.state {
	case model.StateUnknown:
		return numberUnknown, nil
	case model.StateAbsent:
		return numberAbsent, nil
	}
	if c.number == numberUnknown {
		n, err := v.datum(&c.datum)
		if err != nil {
			return numberUnknown, err
		}
		c.number = n
	}
	return c.number, nil
}

// datum numbers a known value. The common types have ways of their own, since
// much of the time is spent here.
func (v *values) datum(d *datum) (number, error) {
	switch d.kind {
	case kindBool:
		return numberFalse + number(d.integer), nil
	case kindText:
		return v.string(d.text), nil
	case kindInt:
		return v.int(d.integer), nil
	}
	switch a := d.of.(type) {
	case *model.Value[[]string]:
		list, _ := a.Get()
		return v.texts(list), nil
	case *model.Value[map[string]string]:
		m, _ := a.Get()
		return v.tags(m), nil
	}
	raw, err := d.of.MarshalJSON()
	if err != nil {
		return numberUnknown, err
	}
	if n, ok := v.others[string(raw)]; ok {
		return n, nil
	}
	value, err := ast.ValueFromReader(bytes.NewReader(raw))
	if err != nil {
		return numberUnknown, err
	}
	n := v.add(value)
	v.others[string(raw)] = n
	return n, nil
}

func (v *values) string(s string) number {
	n, ok := v.strings[s]
	if !ok {
		n = v.add(ast.String(s))
		v.strings[s] = n
	}
	return n
}

func (v *values) int(i int) number {
	n, ok := v.ints[i]
	if !ok {
		n = v.add(ast.IntNumberTerm(i).Value)
		v.ints[i] = n
	}
	return n
}

func (v *values) texts(list []string) number {
	v.buf = append(v.buf[:0], '[')
	for _, s := range list {
		v.pack(s)
	}
	n, ok := v.lists[string(v.buf)]
	if !ok {
		terms := make([]*ast.Term, len(list))
		for i, s := range list {
			terms[i] = ast.StringTerm(s)
		}
		n = v.add(ast.NewArray(terms...))
		v.lists[string(v.buf)] = n
	}
	return n
}

func (v *values) tags(m map[string]string) number {
	v.keys = v.keys[:0]
	for key := range m {
		v.keys = append(v.keys, key)
	}
	slices.Sort(v.keys)
	v.buf = append(v.buf[:0], '{')
	for _, key := range v.keys {
		v.pack(key)
		v.pack(m[key])
	}
	n, ok := v.lists[string(v.buf)]
	if !ok {
		object := ast.NewObject()
		for _, key := range v.keys {
			object.Insert(ast.StringTerm(key), ast.StringTerm(m[key]))
		}
		n = v.add(object)
		v.lists[string(v.buf)] = n
	}
	return n
}

// pack appends a text with its length, so that no two lists look alike.
func (v *values) pack(s string) {
	v.buf = binary.AppendUvarint(v.buf, uint64(len(s)))
	v.buf = append(v.buf, s...)
}
