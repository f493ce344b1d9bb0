package remediator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// written is a value as JSON, which is how values are compared: a plan that was
// saved and read again has other Go types.
func written(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("(%v)", err)
	}
	return string(raw)
}

// is says whether a state has the fields of another, with their values.
func (s State) is(fields map[string]any) bool {
	for field, want := range fields {
		if written(s[field]) != written(want) {
			return false
		}
	}
	return true
}

// asPlanned returns a *Drift when a field differs from what the plan saw.
func asPlanned(c *model.Change, found State) error {
	for _, field := range slices.Sorted(maps.Keys(c.Before)) {
		if want, got := written(c.Before[field]), written(found[field]); want != got {
			return &Drift{Resource: c.Resource, Field: field, Want: want, Found: got}
		}
	}
	return nil
}

// midway returns a *Drift when a field that the change gives a value is neither as
// before nor as after: between two steps both are right, and anything else is
// somebody else's doing. A field that the change gives none is AWS's to choose.
func midway(c *model.Change, before, found State) error {
	for _, field := range slices.Sorted(maps.Keys(c.After)) {
		was, read := before[field]
		got := written(found[field])
		if !read || got == written(was) || got == written(c.After[field]) {
			continue
		}
		return &Drift{Resource: c.Resource, Field: field, Want: written(was), Found: got, AfterAllowed: true}
	}
	return nil
}
