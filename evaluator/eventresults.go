package evaluator

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// eventRow is a result of one rule.
type eventRow struct {
	id   model.ResourceID
	name string
	rule []model.RuleID // the one
	result
	gap bool
}

// results are those of all rules on events: first what fails, by resource, then
// for each account and region of the record what was not seen there, or why
// nobody can say.
func (f *fold) results() iter.Seq[*model.Judged] {
	return func(yield func(*model.Judged) bool) {
		var rows []eventRow
		rules := f.panel.byKind[model.KindEvent]
		for i, r := range rules {
			rows = append(rows, f.failing(r, f.panel.ids[model.KindEvent][i:i+1])...)
		}
		slices.SortStableFunc(rows, func(a, b eventRow) int { return a.id.Compare(b.id) })
		for _, at := range f.places() {
			for i, r := range rules {
				if row, ok := f.scope(r, at, f.panel.ids[model.KindEvent][i:i+1]); ok {
					rows = append(rows, row)
				}
			}
		}
		for i := range rows {
			judged := new(model.Judged)
			judged.Reset(rows[i].id, rows[i].name, rows[i].rule)
			judged.Gap = rows[i].gap
			judged.Statuses[0], judged.Details[0] = rows[i].status, rows[i].detail
			if !yield(judged) {
				return
			}
		}
	}
}

// failing are the rows of what events of a rule fail.
func (f *fold) failing(r *rule, id []model.RuleID) (rows []eventRow) {
	of := f.rules[r]
	add := func(g *group) {
		rows = append(rows, eventRow{id: g.id, name: g.name, rule: id, result: result{model.StatusFail, &model.Detail{Findings: g.list()}}})
	}
	for _, g := range of.groups {
		add(g)
	}
	for _, g := range of.others {
		g.findings = map[model.Finding]*sighting{{Message: fmt.Sprintf("more than %d resources fail; those beyond have no rows of their own", maxGroups)}: g.all()}
		g.more = nil
		add(g)
	}
	if of.series != nil {
		for _, one := range of.series.all {
			if res := f.seriesResult(of, one); res.status != model.StatusPass {
				rows = append(rows, eventRow{id: one.about.id, name: nameOfSeries(one), rule: id, result: res})
			}
		}
	}
	slices.SortFunc(rows, func(a, b eventRow) int {
		if c := a.id.Compare(b.id); c != 0 {
			return c
		}
		return strings.Compare(a.name, b.name)
	})
	return rows
}

// all is everything that was seen of a group.
func (g *group) all() *sighting {
	sum := &sighting{}
	for _, s := range g.findings {
		sum.merge(s)
	}
	if g.more != nil {
		sum.merge(g.more)
	}
	return sum
}

// list are the findings of a group, by alphabet, each with who and when.
func (g *group) list() []model.Finding {
	var list []model.Finding
	for finding, s := range g.findings {
		list = append(list, s.finding(finding))
	}
	slices.SortFunc(list, compareFindings)
	if g.more != nil {
		list = append(list, g.more.finding(model.Finding{Message: "and other events of this rule"}))
	}
	return list
}

// shownWho is how many principals a message names.
const shownWho = 3

func (s *sighting) finding(f model.Finding) model.Finding {
	f.Message += s.byWhom()
	f.Seen = &s.seen
	return f
}

func (s *sighting) byWhom() string {
	if len(s.who) == 0 {
		return ""
	}
	text := ", by " + strings.Join(s.who[:min(shownWho, len(s.who))], ", ")
	switch more := len(s.who) - shownWho; {
	case s.many:
		text += fmt.Sprintf(" and more than %d others", more)
	case more == 1:
		text += " and 1 other"
	case more > 1:
		text += fmt.Sprintf(" and %d others", more)
	}
	return text
}

// scope is the result of a rule on the record of one account and region. There is
// none where something fails and nothing is in doubt.
func (f *fold) scope(r *rule, at place, id []model.RuleID) (eventRow, bool) {
	of := f.rules[r]
	row := eventRow{
		id:   model.ResourceID{Kind: model.KindEvent, Account: at.account, Region: at.region, ID: "events"},
		name: "events " + f.period(), rule: id,
	}
	why := map[string]model.Unknown{}
	if gap := f.gap(at, r.Window != nil); gap != nil {
		why["events"] = *gap
	}
	if short := f.short(of.series); short != nil && why["events"] == (model.Unknown{}) {
		why["events"] = *short
	}
	for where, d := range of.unsure {
		if !where.mayBe(at) {
			continue
		}
		for path, reason := range d.reasons {
			if reason.Detail == "" || reason.Reason != model.ReasonRule {
				reason.Detail = strings.TrimPrefix(reason.Detail+fmt.Sprintf(" (%s)", timesText(d.seen)), " ")
			}
			why[path] = reason
		}
	}
	if of.series != nil && of.series.lost {
		why["window"] = model.Unknown{Reason: model.ReasonFailed, Detail: fmt.Sprintf("there are more than %d series of events: choose a shorter time, or fewer accounts", maxSeries)}
	}
	switch {
	case r.Off != nil:
		row.result = r.switchedOff()
	case len(why) > 0:
		row.result = unknown(why)
	case slices.ContainsFunc(slices.Collect(maps.Keys(of.told)), func(p place) bool { return p.mayBe(at) }):
		return row, false
	default:
		row.result = result{status: model.StatusPass}
	}
	return row, true
}

func timesText(s model.Seen) string {
	if s.Count == 1 {
		return "1 event, at " + s.First.UTC().Format("2006-01-02 15:04")
	}
	return fmt.Sprintf("%d events, from %s to %s", s.Count, s.First.UTC().Format("2006-01-02 15:04"), s.Last.UTC().Format("2006-01-02 15:04"))
}

// period is the time that the record is of.
func (f *fold) period() string {
	of := f.header.Events
	switch {
	case of.From.IsZero() && of.Until.IsZero():
		return "of all times read"
	case of.From.IsZero():
		return "until " + of.Until.UTC().Format("2006-01-02 15:04")
	case of.Until.IsZero():
		return "since " + of.From.UTC().Format("2006-01-02 15:04")
	default:
		return of.From.UTC().Format("2006-01-02 15:04") + " to " + of.Until.UTC().Format("2006-01-02 15:04")
	}
}

// places are the accounts and regions of the record, and those of events that it
// does not list.
func (f *fold) places() []place {
	set := map[place]bool{}
	for _, s := range f.header.Events.Scopes {
		set[place{s.Account, s.Region}] = true
	}
	for _, of := range f.rules {
		for at := range of.unsure {
			set[at] = true
		}
	}
	if len(set) == 0 {
		set[place{}] = true
	}
	list := make([]place, 0, len(set))
	for at := range set {
		list = append(list, at)
	}
	slices.SortFunc(list, func(a, b place) int {
		if c := strings.Compare(a.account, b.account); c != 0 {
			return c
		}
		return strings.Compare(a.region, b.region)
	})
	return list
}

// gap is why the record of a place is not complete; nil when it is. A scope
// without an account or region is of any. What counts series across places needs
// all of them: everywhere.
func (f *fold) gap(at place, everywhere bool) *model.Unknown {
	of := f.header.Events
	listed, gaps := false, 0
	var gap *model.Unknown
	for i := range of.Scopes {
		s := &of.Scopes[i]
		here := (s.Account == "" || s.Account == at.account) && (s.Region == "" || s.Region == at.region)
		listed = listed || here
		if s.Gap == nil {
			continue
		}
		gaps++
		switch {
		case here && gap == nil:
			gap = s.Gap
		case everywhere && gap == nil:
			elsewhere := *s.Gap
			elsewhere.Detail = strings.TrimSpace(elsewhere.Detail + " (of " + strings.TrimSpace(s.Account+" "+s.Region) + ", which may hold more of a series)")
			gap = &elsewhere
		}
	}
	switch {
	case of.Chain.Verdict == model.VerdictFail:
		return &model.Unknown{Reason: model.ReasonFailed, Detail: "CloudTrail's digests contradict the record: it was tampered with"}
	case gap != nil:
		return gap
	case !listed:
		return notCollected("nothing says that the record of it was read whole")
	case of.Records.Refused > 0 && gaps == 0:
		return &model.Unknown{Reason: model.ReasonFailed, Detail: fmt.Sprintf("%d records were not understood", of.Records.Refused)}
	default:
		return nil
	}
}
