package evaluator

import (
	"slices"

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
	many    *collection     // of a constant
}

// collection is a constant list, set or object, copied out of the rules: OPA's
// own terms may be written to while others work (see Judge.terms).
type collection struct {
	size  int
	texts []string // the elements that are texts, of a list or a set
	keyed bool     // an object
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
	case *ast.Array:
		c := &collection{size: v.Len()}
		v.Foreach(c.add)
		return datum{many: c}
	case ast.Set:
		c := &collection{size: v.Len()}
		v.Foreach(c.add)
		return datum{many: c}
	case ast.Object:
		return datum{many: &collection{size: v.Len(), keyed: true}}
	}
	return datum{}
}

func (c *collection) add(t *ast.Term) {
	if s, ok := t.Value.(ast.String); ok {
		c.texts = append(c.texts, string(s))
	}
}

// isFalse says whether the datum is false, the only value that does not hold.
func (d *datum) isFalse() bool { return d.kind == kindBool && d.integer == 0 }

// size is the number of elements of a list, a set or an object.
func (d *datum) size() (int, bool) {
	if d.many != nil {
		return d.many.size, true
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
	var list []string
	switch a, isList := d.of.(*model.Value[[]string]); {
	case isList:
		list, _ = a.Get()
	case d.many != nil && !d.many.keyed:
		list = d.many.texts
	default:
		return false, false
	}
	return slices.Contains(list, s), true
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
