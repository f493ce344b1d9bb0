package evaluator

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// What is kept of events, whatever their number. Beyond, counts go on and names
// end, and the results say so.
const (
	maxGroups   = 100_000 // resources that events fail, of all rules together
	maxMessages = 10      // different findings of one of them
	maxWho      = 20      // principals of one finding
)

// place is an account and a region, as far as a record tells them.
type place struct{ account, region string }

// mayBe says whether what happened at a place, of which the record may not tell
// all, may have happened at another.
func (p place) mayBe(at place) bool {
	return (p.account == "" || p.account == at.account) && (p.region == "" || p.region == at.region)
}

func placeAt(e *model.EventView) place { return place{e.Account.Or(""), e.Region.Or("")} }

// fold gathers what rules say of events. Whatever the order in which they come,
// it ends with the same, as long as the bounds hold.
type fold struct {
	header *model.Header
	panel  *panel
	rules  map[*rule]*ruleFold
	groups int
	moment momentBudget
}

// ruleFold is what one rule says.
type ruleFold struct {
	groups map[model.ResourceID]*group
	others map[place]*group // resources beyond maxGroups, together
	series *series          // of a rule with a window
	told   map[place]bool   // a row of what happened there says more than a pass could
	unsure map[place]*doubt
}

// group is a resource that events fail.
type group struct {
	id       model.ResourceID
	name     string
	findings map[model.Finding]*sighting
	more     *sighting // findings beyond maxMessages
}

// sighting is how often, when and by whom.
type sighting struct {
	seen model.Seen
	who  []string // sorted
	many bool     // and others
}

// doubt is what could not be judged at a place.
type doubt struct {
	seen    model.Seen
	reasons map[string]model.Unknown
}

func newFold(h *model.Header, p *panel) *fold {
	f := &fold{header: h, panel: p, rules: map[*rule]*ruleFold{}, moment: momentBudget{left: maxMoments}}
	for _, r := range p.byKind[model.KindEvent] {
		of := &ruleFold{groups: map[model.ResourceID]*group{}, others: map[place]*group{}, told: map[place]bool{}, unsure: map[place]*doubt{}}
		if r.Window != nil {
			of.series = newSeries(r, &f.moment)
		}
		f.rules[r] = of
	}
	return f
}

// add folds what a rule says of an event.
func (f *fold) add(h *hit) {
	of := f.rules[h.rule]
	switch {
	case of.series != nil:
		if why := of.series.add(h); why != nil {
			of.doubt(h.event, why)
		}
	case h.status == model.StatusUnknown:
		of.doubt(h.event, h.detail.Unknown)
	default:
		of.told[placeAt(h.event)] = true
		for _, t := range targetsOf(&h.event.Event) {
			f.group(of, t, placeAt(h.event)).add(h)
		}
	}
}

func (f *fold) group(of *ruleFold, t eventTarget, at place) *group {
	if g := of.groups[t.id]; g != nil {
		return g
	}
	if f.groups >= maxGroups {
		if of.others[at] == nil {
			of.others[at] = newGroup(eventTarget{model.ResourceID{Kind: model.KindEvent, Account: at.account, Region: at.region, ID: "others"}, "others"})
		}
		return of.others[at]
	}
	f.groups++
	g := newGroup(t)
	of.groups[t.id] = g
	return g
}

func newGroup(t eventTarget) *group {
	return &group{id: t.id, name: t.name, findings: map[model.Finding]*sighting{}}
}

func (g *group) add(h *hit) {
	for _, finding := range h.detail.Findings {
		finding.Seen = nil
		g.sight(finding).add(h.event)
	}
}

// sight is the sighting of a finding. The first maxMessages by alphabet are kept,
// so that it does not matter which came first.
func (g *group) sight(f model.Finding) *sighting {
	if s := g.findings[f]; s != nil {
		return s
	}
	if len(g.findings) == maxMessages {
		if g.more == nil {
			g.more = &sighting{}
		}
		last := f
		for have := range g.findings {
			if compareFindings(have, last) > 0 {
				last = have
			}
		}
		if last == f {
			return g.more
		}
		g.more.merge(g.findings[last])
		delete(g.findings, last)
	}
	s := &sighting{}
	g.findings[f] = s
	return s
}

func compareFindings(a, b model.Finding) int {
	if c := strings.Compare(a.Message, b.Message); c != 0 {
		return c
	}
	return strings.Compare(a.Attribute, b.Attribute)
}

func (s *sighting) add(e *model.EventView) {
	see(&s.seen, model.Seen{Count: 1, First: e.Time, Last: e.Time})
	if e.Type.Or("") != "AwsServiceEvent" { // the service says it, and did nothing
		s.by(e.Who.Or("somebody unknown"))
	}
}

// by notes a principal; the first maxWho by alphabet are kept.
func (s *sighting) by(who string) {
	i, found := slices.BinarySearch(s.who, who)
	if found {
		return
	}
	s.who = slices.Insert(s.who, i, who)
	if len(s.who) > maxWho {
		s.who, s.many = s.who[:maxWho], true
	}
}

func (s *sighting) merge(o *sighting) {
	see(&s.seen, o.seen)
	for _, who := range o.who {
		s.by(who)
	}
	s.many = s.many || o.many
}

func see(s *model.Seen, more model.Seen) {
	if s.Count == 0 || more.First.Before(s.First) {
		s.First = more.First
	}
	if s.Count == 0 || more.Last.After(s.Last) {
		s.Last = more.Last
	}
	s.Count += more.Count
}

// doubt notes that an event could not be judged. Of different reasons for one
// attribute the first by alphabet is kept.
func (of *ruleFold) doubt(e *model.EventView, why map[string]model.Unknown) {
	at := placeAt(e)
	d := of.unsure[at]
	if d == nil {
		d = &doubt{reasons: map[string]model.Unknown{}}
		of.unsure[at] = d
	}
	see(&d.seen, model.Seen{Count: 1, First: e.Time, Last: e.Time})
	for path, reason := range why {
		if have, ok := d.reasons[path]; !ok || reason.String() < have.String() {
			d.reasons[path] = reason
		}
	}
}
