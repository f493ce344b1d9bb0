package model

import (
	"errors"
	"fmt"
)

// UnmarshalJSON reads what MarshalJSON wrote. An attribute or kind that does
// not exist is an error: a silently dropped one could hide a failure.
func (r *Resource) UnmarshalJSON(raw []byte) error {
	if err := r.readOutline(raw); err != nil {
		return err
	}
	return r.ReadBody()
}

// ReadBody reads the body of an outline; see Snapshot.Outlines. It must be
// called before the sequence that gave the outline goes on.
func (r *Resource) ReadBody() error {
	if r.Body != nil {
		return nil
	}
	r.Body = NewBody(r.ID.Kind)
	attributes, unknown := r.unread[0], r.unread[1]
	r.unread = [2][]byte{}
	return r.readAttributes(attributes, unknown)
}

// readOutline reads everything but the body, which stays nil.
func (r *Resource) readOutline(raw []byte) error {
	*r = Resource{}
	err := members(raw, func(name string, value []byte) (err error) {
		switch name {
		case "kind", "account", "region", "id":
			err = r.ID.member(name, value)
		case "name":
			err = decode(value, &r.Name)
		case "origin":
			err = decode(value, &r.Origin)
		case "aka":
			err = decode(value, &r.Aka)
		case "refs":
			err = r.readRefs(value)
		case "attributes":
			r.unread[0] = value
		case "unknown":
			r.unread[1] = value
		default:
			return fmt.Errorf("a resource has no member %q", name)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	})
	switch {
	case err != nil:
	case NewBody(r.ID.Kind) == nil || r.ID.Kind == KindEvent:
		err = fmt.Errorf("kind %q does not exist", r.ID.Kind)
	case r.ID.ID == "":
		err = fmt.Errorf("a %s without an id", r.ID.Kind)
	case r.unread[0] == nil:
		err = fmt.Errorf("%s has no attributes", r.ID)
	}
	return err
}

func (r *Resource) readRefs(raw []byte) error {
	return members(raw, func(role string, value []byte) error {
		ref, err := readRef(value)
		if err != nil {
			return fmt.Errorf("reference %s: %w", role, err)
		}
		switch {
		case ref.To != nil && ref.Unknown != nil:
			return fmt.Errorf("reference %s is both known and unknown", role)
		case ref.To != nil && (ref.To.ID == "" || NewBody(ref.To.Kind) == nil):
			return fmt.Errorf("reference %s names no resource", role)
		case ref.To != nil:
			r.Ref(role, Known(*ref.To))
		case ref.Unknown != nil:
			r.Ref(role, Missing[ResourceID](*ref.Unknown))
		default:
			r.Ref(role, None[ResourceID]())
		}
		return nil
	})
}

func readRef(raw []byte) (ref wireRef, err error) {
	err = members(raw, func(name string, value []byte) error {
		switch {
		case string(value) == "null":
			return nil
		case name == "to":
			ref.To = new(ResourceID)
			return members(value, ref.To.member)
		case name == "unknown":
			ref.Unknown = new(Unknown)
			return decode(value, ref.Unknown)
		}
		return fmt.Errorf("it has no member %q", name)
	})
	return ref, err
}

// member reads a member of a written id.
func (id *ResourceID) member(name string, value []byte) error {
	switch name {
	case "kind":
		return decode(value, (*string)(&id.Kind))
	case "account":
		return decode(value, &id.Account)
	case "region":
		return decode(value, &id.Region)
	case "id":
		return decode(value, &id.ID)
	}
	return fmt.Errorf("it has no member %q", name)
}

func (r *Resource) readAttributes(attributes, unknown []byte) error {
	seen := map[string]bool{}
	find := r.finder()
	err := members(attributes, func(name string, value []byte) error {
		f := find(name)
		switch {
		case f == nil:
			return fmt.Errorf("attribute %q of %s: a %s has no such attribute", name, r.ID, r.ID.Kind)
		case seen[name]:
			return fmt.Errorf("attribute %s of %s is there twice", name, r.ID)
		}
		seen[name] = true
		if string(value) == "null" {
			f.setAbsent()
			return nil
		}
		if err := f.setKnown(value); err != nil {
			return fmt.Errorf("attribute %s of %s: %w", name, r.ID, err)
		}
		return nil
	})
	if err != nil || unknown == nil {
		return wrapNotObject("attributes", err)
	}
	return wrapNotObject("unknown", members(unknown, func(name string, value []byte) error {
		f := find(name)
		switch {
		case f == nil:
			return fmt.Errorf("unknown attribute %q of %s: a %s has no such attribute", name, r.ID, r.ID.Kind)
		case seen[name]:
			return fmt.Errorf("attribute %s of %s is both known and unknown", name, r.ID)
		}
		seen[name] = true
		var why Unknown
		if err := decode(value, &why); err != nil {
			return fmt.Errorf("unknown attribute %s of %s: %w", name, r.ID, err)
		}
		f.setUnknown(why)
		return nil
	}))
}

func wrapNotObject(what string, err error) error {
	if errors.Is(err, errNotObject) {
		return fmt.Errorf("%s: %w", what, err)
	}
	return err
}
