package evaluator

import (
	"encoding/binary"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// fact is one thing that rules can see of a resource.
type fact struct {
	datum
	state  model.State
	number number         // of the value; numberUnknown until somebody asks for it
	why    *model.Unknown // why it is unknown; nil where the attribute says so
}

// reason is why an unknown fact is unknown.
func (c *fact) reason() model.Unknown {
	switch {
	case c.why != nil:
		return *c.why
	case c.of != nil:
		return c.of.Why()
	default:
		return model.Unknown{Reason: model.ReasonNotCollected}
	}
}

func absentFact() *fact                    { return &fact{state: model.StateAbsent} }
func unknownFact(why *model.Unknown) *fact { return &fact{why: why} }
func boolFact(b bool) *fact                { return &fact{state: model.StateKnown, datum: boolean(b)} }

// fill makes the fact that of an attribute.
func (c *fact) fill(a model.Attribute) {
	*c = fact{state: a.State()}
	c.of = a
	if c.state == model.StateKnown {
		c.datum = datumOf(a)
	}
}

// view is what rules can see of one resource: a fact for each path of the layout
// of its kind. A worker has one for each kind, and fills it again and again.
type view struct {
	facts   []*fact
	own     []fact // of the resource itself; facts points there
	unknown places

	// Of the variant of parameters to judge with; nil and 0 for the rule's own.
	params  *ast.Term
	variant uint32
}

// newView returns a view for a layout, with all that belongs to the resource
// itself in its place.
func newView(l *layout) *view {
	v := &view{facts: make([]*fact, len(l.paths)), own: make([]fact, len(l.own)+len(l.identity)), unknown: newPlaces(len(l.paths))}
	for i := range l.own {
		v.facts[l.own[i].place] = &v.own[i]
	}
	for i := range l.identity {
		v.facts[l.identity[i].place] = &v.own[len(l.own)+i]
	}
	return v
}

// set puts a fact that is not the resource's own in its place.
func (v *view) set(place int, c *fact) {
	v.facts[place] = c
	if c.state == model.StateUnknown {
		v.unknown.add(place)
	}
}

// key appends what can be seen at some places: two resources with the same key
// look alike there.
func (v *view) key(vs *values, to []byte, places []int) ([]byte, error) {
	for _, place := range places {
		n, err := vs.number(v.facts[place])
		if err != nil {
			return nil, err
		}
		to = binary.LittleEndian.AppendUint32(to, uint32(n))
	}
	if v.variant != 0 { // longer than any key without: they cannot be mixed up
		to = binary.LittleEndian.AppendUint32(to, v.variant)
	}
	return to, nil
}

// look fills the view of the resource's kind with what the rules can see of it.
// It is valid until the next call.
func (w *worker) look(r *model.Resource) *view {
	l := w.judge.layouts[r.ID.Kind]
	v := w.views[r.ID.Kind]
	if v == nil {
		v = newView(l)
		w.views[r.ID.Kind] = v
	}
	v.unknown.clear()
	for i := range l.own {
		c := &v.own[i]
		if c.fill(l.own[i].field.Of(r.Body)); c.state == model.StateUnknown {
			v.unknown.add(l.own[i].place)
		}
	}
	for i, id := range l.identity {
		v.own[len(l.own)+i] = fact{state: model.StateKnown, datum: text(id.of(r.ID))}
	}
	for _, u := range l.used {
		used := w.ix.usedBy(r, u.kind)
		if b, ok := used.Get(); ok {
			v.set(u.place, w.bools[b])
		} else {
			why := used.Why()
			v.set(u.place, unknownFact(&why))
		}
	}
	if l.account != nil {
		w.relate(v, l.account, w.ix.account(r))
	}
	for i := range l.roles {
		w.relate(v, &l.roles[i], w.ix.related(r, &l.roles[i].ref))
	}
	return v
}

// relate fills the paths of a role from the resource that was found for it.
func (w *worker) relate(v *view, role *rolePlaces, found related) {
	switch {
	case found.why != nil:
		c := unknownFact(found.why)
		role.each(func(place int) { v.set(place, c) })
	case found.resource == nil:
		role.each(func(place int) { v.set(place, w.absent) })
		if found.gone && role.exists >= 0 {
			v.set(role.exists, w.bools[false])
		}
	default:
		theirs := w.relatedFacts(relation{found.resource, role})
		i := 0
		role.each(func(place int) {
			v.set(place, &theirs[i])
			i++
		})
	}
}

// relation is a resource as one of a role; it has facts of its own, since many
// resources may refer to it.
type relation struct {
	resource *model.Resource
	role     *rolePlaces
}

// relatedFacts are in the order of rolePlaces.each.
func (w *worker) relatedFacts(of relation) []fact {
	if facts, ok := w.related[of]; ok {
		return facts
	}
	facts := make([]fact, 0, len(of.role.fields)+1)
	right := of.resource.Body.Kind() == of.role.ref.to // else all stays unknown
	if of.role.exists >= 0 {
		c := fact{}
		if right {
			c = *boolFact(true)
		}
		facts = append(facts, c)
	}
	for i := range of.role.fields {
		c := fact{}
		if right {
			c.fill(of.role.fields[i].field.Of(of.resource.Body))
		}
		facts = append(facts, c)
	}
	w.related[of] = facts
	return facts
}
