package evaluator

import (
	"github.com/keyproof/keyproof/internal/glob"
	"github.com/keyproof/keyproof/model"
)

// Whether an override applies. Only tags can be unknown.
const (
	applies    = 'y'
	appliesNot = 'n'
	mayApply   = '?'
)

// which says of each override whether it applies to a resource, and why the
// tags are unknown if one may.
func (r *rule) which(of *model.Resource) ([]byte, model.Unknown) {
	list := make([]byte, len(r.Overrides))
	var why model.Unknown
	for i := range r.Overrides {
		o := &r.Overrides[i]
		switch {
		case !covers(&o.Where, of.ID, of.Name):
			list[i] = appliesNot
		case len(o.Where.Tags) == 0:
			list[i] = applies
		default:
			tags, _ := r.tags.Of(of.Body).(*model.Value[map[string]string])
			if tags.State() == model.StateUnknown {
				list[i], why = mayApply, tags.Why()
				continue
			}
			list[i] = appliesNot
			if have, _ := tags.Get(); hasTags(have, o.Where.Tags) {
				list[i] = applies
			}
		}
	}
	return list, why
}

// covers says whether a resource is in the place that is meant, tags aside.
func covers(w *model.Where, id model.ResourceID, name string) bool {
	in := func(pattern, s string) bool { return pattern == "" || glob.Match(pattern, s) }
	return in(w.Account, id.Account) && in(w.Region, id.Region) && in(w.Name, name) && (in(w.Resource, id.ID) || in(w.Resource, name))
}

func hasTags(have, want map[string]string) bool {
	for key, pattern := range want {
		if value, ok := have[key]; !ok || !glob.Match(pattern, value) {
			return false
		}
	}
	return true
}

// tagsOf is the attribute that holds a kind's tags, or nil.
func tagsOf(kind model.Kind) *model.Field {
	for _, f := range model.Fields(kind) {
		if f.Name == "tags" {
			return &f
		}
	}
	return nil
}
