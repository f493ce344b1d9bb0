package evaluator

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// datum is a value as screens compare it. The common types are at hand; of any
// other it holds where the value can be had.
type datum struct {
	kind    datumKind
	integer int // also of a boolean: 0 or 1
	text    string
	of      model.Attribute // of an attribute
	value   ast.Value       // of a constant
}

type datumKind uint8

const (
	kindOther datumKind = iota // a list, an object, a number with a fraction …
	kindBool
	kindInt
	kindText
)

func boolean(b bool) datum {
	if b {
		return datum{kind: kindBool, integer: 1}
	}
	return datum{kind: kindBool}
}

func integer(n int) datum { return datum{kind: kindInt, integer: n} }

func text(s string) datum { return datum{kind: kindText, text: s} }

// datumOf is the datum of a known attribute.
func datumOf(a model.Attribute) datum {
	switch a := a.(type) {
	case *model.Value[bool]:
		b, _ := a.Get()
		return boolean(b)
	case *model.Value[string]:
		s, _ := a.Get()
		return text(s)
	case *model.Value[int]:
		n, _ := a.Get()
		return integer(n)
	default:
		return datum{of: a}
	}
}

// constantDatum is the datum of a constant of a rule.
func constantDatum(v ast.Value) datum {
	switch v := v.(type) {
	case ast.Boolean:
		return boolean(bool(v))
	case ast.String:
		return text(string(v))
	case ast.Number:
		if n, ok := v.Int(); ok {
			return integer(n)
		}
	}
	return datum{value: v}
}

// isFalse says whether the datum is false, the only value that does not hold.
func (d *datum) isFalse() bool { return d.kind == kindBool && d.integer == 0 }

// size is the number of elements of a list, a set or an object.
func (d *datum) size() (int, bool) {
	switch v := d.value.(type) {
	case *ast.Array:
		return v.Len(), true
	case ast.Set:
		return v.Len(), true
	case ast.Object:
		return v.Len(), true
	}
	switch a := d.of.(type) {
	case nil:
		return 0, false
	case *model.Value[[]string]:
		list, _ := a.Get()
		return len(list), true
	case *model.Value[map[string]string]:
		m, _ := a.Get()
		return len(m), true
	case interface{ Len() int }:
		n := a.Len()
		return n, n >= 0
	}
	return 0, false
}

// has says whether a list or a set of texts has one.
func (d *datum) has(s string) (has, ok bool) {
	if a, ok := d.of.(*model.Value[[]string]); ok {
		list, _ := a.Get()
		for _, have := range list {
			if have == s {
				return true, true
			}
		}
		return false, true
	}
	switch v := d.value.(type) {
	case ast.Set:
		return v.Contains(ast.StringTerm(s)), true
	case *ast.Array:
		for i := range v.Len() {
			if have, ok := v.Elem(i).Value.(ast.String); ok && string(have) == s {
				return true, true
			}
		}
		return false, true
	}
	return false, false
}

// compare orders two data as Rego does; ok is false where that is left to Rego.
func (d *datum) compare(o *datum) (order int, ok bool) {
	switch {
	case d.kind != o.kind || d.kind == kindOther:
		return 0, false
	case d.kind == kindText && d.text < o.text, d.kind != kindText && d.integer < o.integer:
		return -1, true
	case d.kind == kindText && d.text > o.text, d.kind != kindText && d.integer > o.integer:
		return 1, true
	default:
		return 0, true
	}
}
