package evaluator

import (
	"encoding/binary"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// view is what rules can see of one resource: a number for each path of the
// layout, and the reasons of the unknown ones.
type view struct {
	numbers []number
	why     []model.Unknown // by place; says something where the number is unknown
	reasons bool            // something was put into why

	// Of the variant of parameters to judge with; nil and 0 for the rule's own.
	params  *ast.Term
	variant uint32
}

// reset makes all of n paths unknown.
func (v *view) reset(n int) {
	if cap(v.numbers) < n {
		v.numbers, v.why = make([]number, n), make([]model.Unknown, n)
		return
	}
	if v.reasons { // most resources have none, and clearing costs
		clear(v.why)
		v.reasons = false
	}
	v.numbers, v.why = v.numbers[:n], v.why[:n]
	clear(v.numbers)
}

func (v *view) unknown(place int, why model.Unknown) {
	v.numbers[place], v.why[place], v.reasons = numberUnknown, why, true
}

// key appends what can be seen at some places: two resources with the same key
// look alike there.
func (v *view) key(to []byte, places []int) []byte {
	for _, place := range places {
		to = binary.LittleEndian.AppendUint32(to, uint32(v.numbers[place]))
	}
	if v.variant != 0 { // longer than any key without: they cannot be mixed up
		to = binary.LittleEndian.AppendUint32(to, v.variant)
	}
	return to
}

// fill numbers attributes of a body.
func (v *view) fill(vs *values, body model.Body, fields []fieldPlace) error {
	for i := range fields {
		f := &fields[i]
		a := f.field.Of(body)
		switch a.State() {
		case model.StateAbsent:
			v.numbers[f.place] = numberAbsent
		case model.StateUnknown:
			v.unknown(f.place, a.Why())
		default:
			n, err := vs.attribute(a)
			if err != nil {
				return err
			}
			v.numbers[f.place] = n
		}
	}
	return nil
}

// look fills the worker's view with what the rules can see of a resource. It is
// valid until the next call.
func (w *worker) look(r *model.Resource) (*view, error) {
	l, v := w.judge.layouts[r.ID.Kind], &w.seen
	v.reset(len(l.paths))
	if err := v.fill(w.values, r.Body, l.own); err != nil {
		return nil, err
	}
	for _, id := range l.identity {
		v.numbers[id.place] = w.values.string(id.of(r.ID))
	}
	for _, u := range l.used {
		used := w.ix.usedBy(r, u.kind)
		if b, ok := used.Get(); ok {
			v.numbers[u.place] = w.values.bool(b)
		} else {
			v.unknown(u.place, used.Why())
		}
	}
	if l.account != nil {
		if err := w.relate(v, l.account, w.ix.account(r)); err != nil {
			return nil, err
		}
	}
	for i := range l.roles {
		if err := w.relate(v, &l.roles[i], w.ix.related(r, &l.roles[i].ref)); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// relate fills the paths of a role from the resource that was found for it.
func (w *worker) relate(v *view, role *rolePlaces, found related) error {
	switch {
	case found.why != nil:
		role.each(func(place int) { v.unknown(place, *found.why) })
	case found.resource == nil:
		role.each(func(place int) { v.numbers[place] = numberAbsent })
		if found.gone && role.exists >= 0 {
			v.numbers[role.exists] = numberFalse
		}
	default:
		theirs, err := w.relatedView(relation{found.resource, role}, len(v.numbers))
		if err != nil {
			return err
		}
		role.each(func(place int) {
			if v.numbers[place] = theirs.numbers[place]; v.numbers[place] == numberUnknown {
				v.unknown(place, theirs.why[place])
			}
		})
	}
	return nil
}

// relation is a resource as one of a role; it has a view of its own, since many
// resources may refer to it.
type relation struct {
	resource *model.Resource
	role     *rolePlaces
}

func (w *worker) relatedView(of relation, size int) (*view, error) {
	if v, ok := w.related[of]; ok {
		return v, nil
	}
	v := new(view)
	v.reset(size)
	if of.resource.Body.Kind() == of.role.ref.to { // else all stays unknown
		if err := v.fill(w.values, of.resource.Body, of.role.fields); err != nil {
			return nil, err
		}
		if of.role.exists >= 0 {
			v.numbers[of.role.exists] = numberTrue
		}
	}
	w.related[of] = v
	return v, nil
}
