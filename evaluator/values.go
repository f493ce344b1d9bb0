package evaluator

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"maps"

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
	lists   map[string]number // lists of strings, by pack
	seed    maphash.Seed
	maps    map[uint64][]numberedMap // maps of strings, by a sum over their members
	others  map[string]number        // by JSON
	buf     []byte                   // buffers
	pairs   [][2]*ast.Term
}

func newValues() *values {
	return &values{
		list: []*ast.Term{ast.BooleanTerm(false), ast.BooleanTerm(true)}, strings: map[string]number{}, ints: map[int]number{},
		lists: map[string]number{}, seed: maphash.MakeSeed(), maps: map[uint64][]numberedMap{}, others: map[string]number{},
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
	var sum uint64 // of all members, in whatever order they come
	for key, value := range m {
		sum += maphash.String(v.seed, key) * (maphash.String(v.seed, value) | 1)
	}
	for _, have := range v.maps[sum] {
		if maps.Equal(have.of, m) {
			return have.number
		}
	}
	object := ast.NewObject()
	for key, value := range m {
		object.Insert(ast.StringTerm(key), ast.StringTerm(value))
	}
	n := v.add(object)
	v.maps[sum] = append(v.maps[sum], numberedMap{maps.Clone(m), n})
	return n
}

// numberedMap is a map that has a number.
type numberedMap struct {
	of     map[string]string
	number number
}

// pack appends a text with its length, so that no two lists look alike.
func (v *values) pack(s string) {
	v.buf = binary.AppendUvarint(v.buf, uint64(len(s)))
	v.buf = append(v.buf, s...)
}
