package evaluator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

const (
	ruleExpired model.RuleID = waiverPrefix + "001"
	ruleUnused  model.RuleID = waiverPrefix + "002"
)

// rules are those that are not in Rego: on files of rules that do not load and
// on waivers, none where there are none.
func (w *waiving) rules() []model.Rule {
	list := w.judge.refusedRules()
	if len(w.uses) == 0 {
		return list
	}
	return append(list, []model.Rule{
		{
			ID: ruleExpired, Title: "Waivers have not expired", Kind: model.KindWaiver, Severity: model.SeverityMedium,
			Description: "A failure is accepted for a time. When that is over, somebody must decide again.",
			Remediation: model.Remediation{Text: "Mend what the waiver covers, or let it be approved again with a later date; then change or remove it."},
			Controls:    map[string][]string{}, Reads: []string{},
		},
		{
			ID: ruleUnused, Title: "Waivers cover a failure", Kind: model.KindWaiver, Severity: model.SeverityLow,
			Description: "A waiver that covers nothing is mistyped or no longer needed, and would hide the next failure that it happens to match.",
			Remediation: model.Remediation{Text: "Correct the resource, account and region of the waiver, or remove it."},
			Controls:    map[string][]string{}, Reads: []string{},
		},
	}...)
}

// results are those of rules, once all else is judged.
func (w *waiving) results() []*model.Judged {
	list := w.judge.refusedResults()
	rules := []model.RuleID{ruleExpired, ruleUnused}
	for i := range w.uses {
		of := &w.judge.waivers[i]
		id := model.ResourceID{Kind: model.KindWaiver, ID: of.Origin.String()}
		if id.ID == "" {
			id.ID = fmt.Sprintf("waiver %d", i+1)
		}
		judged := new(model.Judged)
		judged.Reset(id, string(of.Rule)+" on "+of.Where.Resource, rules)
		judged.Origin = of.Origin
		for place, r := range []result{w.expired(of, &w.uses[i]), w.unused(of, &w.uses[i])} {
			r = r.with(func(d *model.Detail) { d.Waiver = of })
			judged.Statuses[place], judged.Details[place] = r.status, r.detail
		}
		list = append(list, judged)
	}
	return list
}

func fails(attribute, format string, args ...any) result {
	finding := model.Finding{Attribute: attribute, Message: fmt.Sprintf(format, args...)}
	return result{model.StatusFail, &model.Detail{Findings: []model.Finding{finding}}}
}

func (w *waiving) expired(of *model.Waiver, u *use) result {
	if !u.expired {
		return result{status: model.StatusPass}
	}
	days := model.DaysAgo(of.Expires.Ends(), w.header.TakenAt) + 1
	return fails("expires", "expired on %s, %s before this scan, and waives nothing any more; its owner is %s", of.Expires, daysText(days), of.Owner)
}

func (w *waiving) unused(of *model.Waiver, u *use) result {
	na := func(format string, args ...any) result {
		return result{model.StatusNotApplicable, &model.Detail{NotApplicable: []string{fmt.Sprintf(format, args...)}}}
	}
	judges := w.judge.judges(of.Rule) && !slices.Contains(w.panel.left, of.Rule)
	switch {
	case u.expired:
		return na("it has expired")
	case !u.begun:
		return na("it does not hold before %s", of.Created)
	case u.failure:
		return result{status: model.StatusPass}
	case w.header.Elsewhere != nil && of.Where.File == "":
		return na("what it covers may be elsewhere")
	case !judges:
		return na("rule %s did not judge in this scan", of.Rule)
	case !w.scanned(of):
		return na("this scan did not look there: %s", of.Where)
	case u.unknown:
		return unknown(map[string]model.Unknown{"waiver": {
			Reason: model.ReasonNotCollected, Detail: "rule " + string(of.Rule) + " could not judge what the waiver covers",
		}})
	default:
		return fails("resource", "covers no failure of %s: nothing there fails it (%s)", of.Rule, of.Where)
	}
}

// scanned says whether the scan looked anywhere that a waiver is about.
func (w *waiving) scanned(of *model.Waiver) bool {
	place := placeOf(&of.Where)
	for _, s := range w.header.Scopes {
		if covers(&place, model.ResourceID{Account: s.Account, Region: s.Region}, "") {
			return true
		}
	}
	return len(w.header.Scopes) == 0
}

// placeOf is the account and region that a waiver is about, from the pattern of
// an ARN (arn:partition:service:region:account:…) where it names none itself.
// A * or ? stands for colons too, so nothing behind one has a fixed place.
func placeOf(w *model.Where) model.Where {
	place := model.Where{Account: w.Account, Region: w.Region}
	fixed := w.Resource[:strings.IndexAny(w.Resource+"*", "*?")]
	if parts := strings.Split(fixed, ":"); parts[0] == "arn" {
		if len(parts) > 4 && place.Region == "" {
			place.Region = parts[3]
		}
		if len(parts) > 5 && place.Account == "" {
			place.Account = parts[4]
		}
	}
	return place
}

// judges says whether a rule is among those that judge.
func (j *Judge) judges(id model.RuleID) bool {
	for _, r := range j.rules {
		if r.ID == id {
			return r.Off == nil
		}
	}
	return false
}

func daysText(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
