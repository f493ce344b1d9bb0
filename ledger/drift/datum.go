package drift

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// Datum is a value on one side. Exactly one member says something; a nil Value
// with a nil Unknown is known not to be there.
type Datum struct {
	Value   json.RawMessage `json:"value"` // null when it is not there
	Unknown *model.Unknown  `json:"unknown,omitempty"`
}

func said(v any) Datum {
	raw, err := json.Marshal(v)
	if err != nil { // of our own values, all of which can be written
		raw, _ = json.Marshal(fmt.Sprint(v))
	}
	return Datum{Value: raw}
}

var none = json.RawMessage("null")

// equal says whether both say the same. Of what is unknown on both sides the
// details do not matter: they name requests and times.
func (d Datum) equal(o Datum) bool {
	if d.Unknown != nil && o.Unknown != nil {
		return d.Unknown.Reason == o.Unknown.Reason && d.Unknown.Action == o.Unknown.Action
	}
	return d.Unknown == nil && o.Unknown == nil && bytes.Equal(d.Value, o.Value)
}

// datum is what a path leads to from a resource.
func (w *world) datum(r *model.Resource, path string) Datum {
	if name, ok := strings.CutPrefix(path, "resource."); ok {
		return attribute(r, name)
	}
	role, name, ok := strings.Cut(strings.TrimPrefix(path, "related."), ".")
	if !ok {
		return Datum{Value: none}
	}
	if role == "used_by" {
		return w.usedBy(r, model.Kind(name))
	}
	if role == "account" {
		return w.account(r, name)
	}
	ref, has := r.Refs[role]
	to, known := ref.Get()
	switch {
	case !has || ref.State() == model.StateAbsent:
		return Datum{Value: none} // it refers to nothing
	case !known:
		why := ref.Why()
		return Datum{Value: none, Unknown: &why}
	}
	if at := w.aka[model.ResourceID{Kind: to.Kind, ID: to.ID}]; at != nil {
		if name == "exists" {
			return said(true)
		}
		return attribute(at, name)
	}
	absent := w.side.absence(to)
	if name == "exists" && absent.Unknown == nil {
		return said(false)
	}
	return absent
}

// account is an attribute of the account that a resource is in; no reference
// says so.
func (w *world) account(r *model.Resource, name string) Datum {
	id := model.ResourceID{Kind: model.KindAccount, Account: r.ID.Account, Region: r.ID.Region}
	for have, account := range w.byID {
		if have.Kind == id.Kind && have.Account == id.Account && have.Region == id.Region {
			return attribute(account, name)
		}
	}
	return w.side.absence(id)
}

func attribute(r *model.Resource, name string) Datum {
	for have, a := range r.Attributes() {
		if have != name {
			continue
		}
		if a.State() == model.StateUnknown {
			why := a.Why()
			return Datum{Value: none, Unknown: &why}
		}
		raw, err := a.MarshalJSON()
		if err != nil {
			return Datum{Value: none, Unknown: &model.Unknown{Reason: model.ReasonFailed, Detail: err.Error()}}
		}
		return Datum{Value: raw}
	}
	return Datum{Value: none} // a part of the id, which is the same on both sides
}

// absence says of a resource that a snapshot does not have whether it is known
// not to be there.
func (s *Side) absence(id model.ResourceID) Datum {
	for i := range s.Report.Scopes {
		if scope := &s.Report.Scopes[i]; scope.Kind == id.Kind && scope.Account == id.Account && scope.Region == id.Region {
			if scope.Gap != nil {
				return Datum{Value: none, Unknown: scope.Gap}
			}
			return Datum{Value: none}
		}
	}
	return Datum{Value: none, Unknown: &model.Unknown{Reason: model.ReasonNotCollected, Detail: "that run did not look there"}}
}
