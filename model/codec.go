package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// The written form of a resource, but for its attributes and what is unknown of
// them, which follow as members of the same object. The attributes are known
// values, and null for known absence; one that is in neither was not collected.
type wireResource struct {
	ResourceID
	Name   string             `json:"name"`
	Origin *Origin            `json:"origin,omitempty"`
	Aka    []string           `json:"aka,omitempty"`
	Refs   map[string]wireRef `json:"refs,omitempty"`
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
	// Put together by hand: encoding/json would go over all attributes once more.
	out, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	out = append(out[:len(out)-1], `,"attributes":{`...)
	var unknown map[string]Unknown
	first := true
	for name, a := range r.Attributes() {
		if a.State() == StateUnknown {
			if why := a.Why(); why != (Unknown{Reason: ReasonNotCollected}) {
				if unknown == nil {
					unknown = map[string]Unknown{}
				}
				unknown[name] = why
			}
			continue
		}
		raw, err := a.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("write attribute %s of %s: %w", name, r.ID, err)
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(append(append(out, '"'), name...), `":`...)
		out = append(out, raw...)
	}
	out = append(out, '}')
	if unknown != nil {
		raw, err := json.Marshal(unknown)
		if err != nil {
			return nil, err
		}
		out = append(append(out, `,"unknown":`...), raw...)
	}
	return append(out, '}'), nil
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
