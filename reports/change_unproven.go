package reports

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// unproven is what is unknown for one reason.
type unproven struct {
	reason  model.Reason
	results int
	rules   []*unprovenRule // most results first
}

type unprovenRule struct {
	id      model.RuleID
	results int
	about   []string // attributes, some with what they wait for
}

// reasonOrder has the reasons first that somebody can do something about. A
// result that is unknown for several is listed under the first of them.
func reasonOrder() []model.Reason {
	return []model.Reason{
		model.ReasonAccessDenied, model.ReasonFailed, model.ReasonRegionOff, model.ReasonUnresolved,
		model.ReasonNotCollected, model.ReasonAfterApply, model.ReasonNotInSource,
	}
}

func compareReasons(a, b model.Reason) int {
	order := reasonOrder()
	return cmp.Or(cmp.Compare(slices.Index(order, a), slices.Index(order, b)), cmp.Compare(a, b))
}

func countUnproven(reasons map[model.Reason]map[model.RuleID]*unprovenRule, res *model.Result) {
	reason := model.ReasonNotCollected // of a result that gives none
	paths := slices.Sorted(maps.Keys(res.Unknown))
	for i, path := range paths {
		if r := res.Unknown[path].Reason; i == 0 || compareReasons(r, reason) < 0 {
			reason = r
		}
	}
	if reasons[reason] == nil {
		reasons[reason] = map[model.RuleID]*unprovenRule{}
	}
	of := reasons[reason][res.Rule]
	if of == nil {
		of = &unprovenRule{id: res.Rule}
		reasons[reason][res.Rule] = of
	}
	of.results++
	for _, path := range paths {
		about := Clean(strings.TrimPrefix(path, "resource."))
		if why := res.Unknown[path]; why.Reason != reason {
			continue
		} else if why.Reason == model.ReasonUnresolved && why.Detail != "" {
			about += ": " + clip(Clean(why.Detail), 60)
		}
		if len(of.about) < heldNames && !slices.Contains(of.about, about) {
			of.about = append(of.about, about)
		}
	}
}
