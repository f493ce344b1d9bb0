package reports

import (
	"cmp"
	"maps"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// changed is what a report on a proposed change shows, gathered in one reading
// of the results. Its memory does not grow with their number.
type changed struct {
	total      tally
	quiet      model.Counts // of the quiet part
	bySeverity map[model.Severity]*tally
	rules      []*changedRule // worst first
	unproven   []*unproven    // in the order of reasonOrder
	ignored    int            // unknown results that the policy of the gate ignores
}

// changedRule is the part of one rule.
type changedRule struct {
	*group   // of its waived failures
	count    tally
	shown    [partFixed + 1][]row // the first of each part, up to a limit
	syntaxes []model.Syntax       // of introduced failures, each once
}

// collectChange reads the results once, and holds up to keep rows of each part
// of a rule, for a page of a width.
func collectChange(r *model.Report, o Options, keep, width int) (*changed, error) {
	c := &changed{bySeverity: map[model.Severity]*tally{}}
	rules, reasons := map[model.RuleID]*changedRule{}, map[model.Reason]map[model.RuleID]*unprovenRule{}
	for res, err := range r.Results {
		if err != nil {
			return nil, readError(err)
		}
		of := rules[res.Rule]
		if of == nil {
			of = &changedRule{group: &group{rule: ruleOf(r, res.Rule)}}
			rules[res.Rule] = of
		}
		of.add(res, r.Source, keep, width)
		switch partOf(res) {
		case partQuiet:
			c.quiet.Add(res.Status)
		case partUnknown:
			if o.Gate != nil && o.Gate.On(res.Unknown, of.rule.Severity) == model.UnknownIgnored {
				c.ignored++
				break
			}
			countUnproven(reasons, res)
		}
	}
	for _, of := range rules {
		c.total.add(of.count)
		if c.bySeverity[of.rule.Severity] == nil {
			c.bySeverity[of.rule.Severity] = &tally{}
		}
		c.bySeverity[of.rule.Severity].add(of.count)
	}
	c.rules = slices.SortedFunc(maps.Values(rules), func(a, b *changedRule) int {
		return cmp.Or(cmp.Compare(a.rule.Severity.Rank(), b.rule.Severity.Rank()),
			cmp.Compare(b.count[partIntroduced], a.count[partIntroduced]), cmp.Compare(a.rule.ID, b.rule.ID))
	})
	for _, reason := range slices.SortedFunc(maps.Keys(reasons), compareReasons) {
		u := &unproven{reason: reason}
		for _, of := range reasons[reason] {
			u.results += of.results
			u.rules = append(u.rules, of)
		}
		slices.SortFunc(u.rules, func(a, b *unprovenRule) int {
			return cmp.Or(cmp.Compare(b.results, a.results), cmp.Compare(a.id, b.id))
		})
		c.unproven = append(c.unproven, u)
	}
	return c, nil
}

func (of *changedRule) add(res *model.Result, source string, keep, width int) {
	in := partOf(res)
	of.count[in]++
	switch in {
	case partQuiet, partUnknown:
		return
	case partWaived:
		of.waive(res, keep, width)
		return
	case partIntroduced:
		if of.example == nil && (res.Origin == nil || res.Origin.File == "") {
			of.example = &model.Result{Resource: res.Resource, Name: res.Name} // mended by a command, not in a file
		}
		if o := res.Origin; o != nil && o.Syntax != "" && !slices.Contains(of.syntaxes, o.Syntax) {
			of.syntaxes = append(of.syntaxes, o.Syntax)
		}
	}
	if len(of.shown[in]) < keep {
		line := rowOf(res, width)
		if in == partFixed {
			line.why = nil // there is none any more
		}
		line.name, line.where = clip(addressOf(res), 2*width), clip(placeOf(res), 2*width)
		if o := res.Origin; o != nil && o.Line == 0 && o.File == source {
			line.where = "" // the report is of this one file, and there is no line to name
		}
		of.shown[in] = append(of.shown[in], line)
	}
}
