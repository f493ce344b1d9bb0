package remediator

import (
	"iter"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// Target is a resource that fails rules which one action can mend.
type Target struct {
	Resource *model.Resource
	Failures []Failure // at least one
	Settings Settings
	Related  Related
	// Rules are all rules that judged, with their parameters.
	Rules []model.Rule
}

// Failure is a rule that the resource fails.
type Failure struct {
	Rule     model.Rule // with the parameters that judged the resource
	Findings []model.Finding
}

// Failed are the ids of the failed rules.
func (t *Target) Failed() []model.RuleID {
	ids := make([]model.RuleID, len(t.Failures))
	for i, f := range t.Failures {
		ids[i] = f.Rule.ID
	}
	return ids
}

// Param is a parameter of the first failed rule that has it, or nil.
func (t *Target) Param(name string) any {
	for _, f := range t.Failures {
		if p, ok := f.Rule.Params[name]; ok {
			return p.Value
		}
	}
	return nil
}

// Related is the rest of the snapshot, as far as actions may look at it: keys,
// functions, databases, trails.
type Related interface {
	// Get returns a resource, or nil when the snapshot does not have it.
	Get(id model.ResourceID) *model.Resource
	// All are those of a kind in an account and region, in the order of reports.
	All(kind model.Kind, account, region string) iter.Seq[*model.Resource]
	// Gap is why All is not complete; nil when it is.
	Gap(kind model.Kind, account, region string) *model.Unknown
}

// Settings are what users say about how an action works, by the names of its
// Setting list. A setting that nobody gave is not there.
type Settings map[string]string

// List splits a setting at its commas; nil when it is not given.
func (s Settings) List(name string) []string {
	var list []string
	for item := range strings.SplitSeq(s[name], ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// NewChange returns a change of the target's resource with what all changes have.
func (t *Target) NewChange(a Action) *model.Change {
	return &model.Change{
		Action: a.Name(), Rules: t.Failed(), Resource: t.Resource.ID, Name: t.Resource.Name,
		Before: map[string]any{}, After: map[string]any{}, Settings: map[string]any{},
	}
}
