package reports

import (
	"cmp"
	"maps"
	"slices"

	"github.com/keyproof/keyproof/model"
)

const (
	heldRows    = 500 // failures of one rule that are held in memory; more are read again
	heldReasons = 20  // different reasons for unknown of one rule that are told apart
	heldNames   = 3   // names that are given as examples of a reason
)

// group is what text shows of one rule.
type group struct {
	rule    *model.Rule
	fails   int
	rows    []row         // the first failures, in the order of the results
	example *model.Result // the first failure, for the command that mends it
	unknown int           // unknown results
	waived  int           // waived failures
	excused []row         // the first of them
	reasons map[string]*reason
}

// reason is why results of a rule are unknown.
type reason struct {
	text    string
	results int
	names   []string // of some of the resources
}

// keep is how many failures of a rule are held in memory.
func keep(o Options) int {
	if o.Limit > 0 {
		return min(o.Limit, heldRows)
	}
	return heldRows
}

// collect iterates over the results once and returns the rules that fail or are
// unknown, worst first. Its memory does not grow with the number of results.
func collect(r *model.Report, keep, width int) ([]*group, error) {
	groups := map[model.RuleID]*group{}
	for res, err := range r.Results {
		if err != nil {
			return nil, readError(err)
		}
		if res.Status == model.StatusPass || res.Status == model.StatusNotApplicable {
			continue
		}
		g := groups[res.Rule]
		if g == nil {
			g = &group{rule: ruleOf(r, res.Rule), reasons: map[string]*reason{}}
			groups[res.Rule] = g
		}
		switch res.Status {
		case model.StatusFail:
			g.fail(res, keep, width)
		case model.StatusWaived:
			g.waive(res, keep, width)
		default:
			g.notKnown(res, width)
		}
	}
	return slices.SortedFunc(maps.Values(groups), compareGroups), nil
}

// ruleOf is the rule of a result. A result whose rule the report does not hold
// is a mistake of whoever made it, and still must be seen.
func ruleOf(r *model.Report, id model.RuleID) *model.Rule {
	if rule := r.Rule(id); rule != nil {
		return rule
	}
	return &model.Rule{ID: id}
}

// compareGroups orders by severity, number of failures, number of unknown
// results and id.
func compareGroups(a, b *group) int {
	return cmp.Or(cmp.Compare(a.rule.Severity.Rank(), b.rule.Severity.Rank()),
		cmp.Compare(b.fails, a.fails), cmp.Compare(b.unknown, a.unknown), cmp.Compare(a.rule.ID, b.rule.ID))
}

func (g *group) fail(res *model.Result, keep, width int) {
	g.fails++
	if g.example == nil {
		g.example = &model.Result{Resource: res.Resource, Name: res.Name, Origin: res.Origin}
	}
	if len(g.rows) < keep {
		g.rows = append(g.rows, rowOf(res, width))
	}
}

func (g *group) notKnown(res *model.Result, width int) {
	g.unknown++
	why := whyUnknown(res)
	if g.reasons[why] == nil && len(g.reasons) >= heldReasons {
		why = "other reasons"
	}
	known := g.reasons[why]
	if known == nil {
		known = &reason{text: why}
		g.reasons[why] = known
	}
	known.results++
	if len(known.names) < heldNames {
		known.names = append(known.names, clip(nameOf(res), width*3/4))
	}
}
