package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// The written form of a resource. Attributes holds known values, null for
// known absence; an attribute that is in neither map was not collected.
type wireResource struct {
	ResourceID
	Name       string             `json:"name"`
	Origin     *Origin            `json:"origin,omitempty"`
	Aka        []string           `json:"aka,omitempty"`
	Refs       map[string]wireRef `json:"refs,omitempty"`
	Attributes json.RawMessage    `json:"attributes"`
	Unknown    map[string]Unknown `json:"unknown,omitempty"`
}

type wireRef struct {
	To      *ResourceID `json:"to,omitempty"`
	Unknown *Unknown    `json:"unknown,omitempty"`
}

// MarshalJSON writes the resource as one object of the snapshot schema.
func (r *Resource) MarshalJSON() ([]byte, error) {
	w := wireResource{ResourceID: r.ID, Name: r.Name, Aka: r.Aka}
	if r.Origin != (Origin{}) {
		w.Origin = &r.Origin
	}
	for role, ref := range r.Refs {
		if w.Refs == nil {
			w.Refs = map[string]wireRef{}
		}
		var written wireRef // {} when it refers to nothing
		if to, ok := ref.Get(); ok {
			written.To = &to
		} else if why := ref.Why(); ref.State() == StateUnknown {
			written.Unknown = &why
		}
		w.Refs[role] = written
	}
	var attrs bytes.Buffer
	attrs.WriteByte('{')
	for name, a := range r.Attributes() {
		if a.State() == StateUnknown {
			if why := a.Why(); why != (Unknown{Reason: ReasonNotCollected}) {
				if w.Unknown == nil {
					w.Unknown = map[string]Unknown{}
				}
				w.Unknown[name] = why
			}
			continue
		}
		raw, err := a.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("write attribute %s of %s: %w", name, r.ID, err)
		}
		if attrs.Len() > 1 {
			attrs.WriteByte(',')
		}
		attrs.WriteByte('"')
		attrs.WriteString(name)
		attrs.WriteString(`":`)
		attrs.Write(raw)
	}
	attrs.WriteByte('}')
	w.Attributes = attrs.Bytes()
	return json.Marshal(w)
}

// Merge fills what r does not know from o, which must be the same resource.
// Two different known values are an error, since one of them is wrong.
func (r *Resource) Merge(o *Resource) error {
	if r.ID != o.ID {
		return fmt.Errorf("merge %s with %s: not the same resource", r.ID, o.ID)
	}
	if r.Body != nil && o.Body != nil { // outlines have none; see Snapshot.Outlines
		mine := r.settables()
		for name, theirs := range o.Attributes() {
			if err := merge(mine[name], theirs); err != nil {
				return fmt.Errorf("attribute %s of %s: %w", name, r.ID, err)
			}
		}
	}
	for role, ref := range o.Refs {
		have, ok := r.Refs[role]
		switch {
		case !ok || have.State() == StateUnknown:
			r.Ref(role, ref)
		case ref.State() == StateUnknown:
		case have.state != ref.state || have.v != ref.v:
			return fmt.Errorf("reference %s of %s: two readers disagree: %v and %v", role, r.ID, have.v, ref.v)
		}
	}
	for _, aka := range o.Aka {
		if !slices.Contains(r.Aka, aka) {
			r.Aka = append(r.Aka, aka)
		}
	}
	if r.Name == "" {
		r.Name = o.Name
	}
	if r.Origin == (Origin{}) {
		r.Origin = o.Origin
	}
	return nil
}

func merge(mine settable, theirs Attribute) error {
	if theirs.State() == StateUnknown {
		// A reason says more than "not collected".
		if mine.State() == StateUnknown && mine.Why().Reason == ReasonNotCollected {
			mine.setUnknown(theirs.Why())
		}
		return nil
	}
	a, err := mine.MarshalJSON()
	if err != nil {
		return err
	}
	b, err := theirs.MarshalJSON()
	if err != nil {
		return err
	}
	if mine.State() == StateUnknown {
		if theirs.State() == StateAbsent {
			mine.setAbsent()
			return nil
		}
		return mine.setKnown(b)
	}
	if !bytes.Equal(a, b) {
		return fmt.Errorf("two readers disagree: %s and %s", a, b)
	}
	return nil
}
