package evaluator

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// What a rule with a window keeps. The events are read twice. The first time, each
// series (each principal, say) keeps counts and, until it has enough to fail at
// all, what is distinct of its events; most series never get there. The second
// time, those that did keep the times of their events, until so many lie within
// the window that the series fails. Beyond the bounds a series that does not fail
// is unknown, never a pass.
const (
	maxSeries   = 100_000   // of one rule
	maxMoments  = 2_000_000 // what is distinct, and times, of all series of all rules: at most 40 bytes each
	maxClusters = 1_000     // times of use with silence between, of one series
	maxPlaces   = 100       // accounts and regions of one series
)

// momentBudget is how many times may still be kept.
type momentBudget struct{ left int }

// series are those of one rule, by what tells them apart.
type series struct {
	rule     *rule
	budget   *momentBudget
	seed     maphash.Seed
	count    int           // so many …
	within   time.Duration // … within
	silence  time.Duration
	by       []model.Field
	distinct *model.Field
	all      map[string]*oneSeries
	// lost is set when there are more than maxSeries.
	lost bool
}

// oneSeries is the events of one principal, or of one resource.
type oneSeries struct {
	about    eventTarget
	finding  model.Finding // the first by alphabet
	sighting               // of what counts for certain
	places   map[place]bool
	failed   bool
	full     bool     // some times were not kept
	kinds    []uint64 // sums over what is distinct, until there are enough
	enough   bool     // as many as are a failure, if they lie within the window
	moments  []moment
	checked  int // how many there were when they were looked at last
	clusters []cluster
	// unsure is why more may count than is known: by path, nil when nothing may.
	unsure map[string]model.Unknown
	wild   bool       // and how many more, nobody knows
	maybe  model.Seen // of what may count
}

// moment is when an event counted, and a sum over what is distinct of it.
type moment struct {
	at    time.Time
	what  uint64
	maybe bool // it is not certain that it counts
}

func newSeries(r *rule, budget *momentBudget) *series {
	w := r.Window
	number := func(name string) int {
		n, _ := r.Params[name].Value.(int)
		return n
	}
	s := &series{rule: r, budget: budget, seed: maphash.MakeSeed(), all: map[string]*oneSeries{}, count: max(1, number(w.Count)),
		within: time.Duration(number(w.Minutes)) * time.Minute, silence: time.Duration(number(w.Silence)) * 24 * time.Hour}
	for _, f := range model.Fields(model.KindEvent) {
		if slices.Contains(w.By, f.Name) {
			s.by = append(s.by, f)
		}
		if f.Name == w.Distinct {
			s.distinct = &f
		}
	}
	return s
}

// add counts an event. It returns why, when it cannot say to which series the
// event belongs.
func (s *series) add(h *hit) map[string]model.Unknown {
	keys, why := s.keys(h.event)
	for _, k := range keys {
		one := s.all[k.name]
		if one == nil && len(s.all) >= maxSeries {
			s.lost = true
			continue
		}
		if one == nil {
			one = &oneSeries{about: k, places: map[place]bool{}}
			s.all[k.name] = one
		}
		if k.id.Compare(one.about.id) < 0 {
			one.about.id = k.id
		}
		s.note(one, h)
	}
	return why
}

// again keeps the time of an event, the second time that it is read.
func (s *series) again(h *hit) {
	keys, _ := s.keys(h.event)
	for _, k := range keys {
		if one := s.all[k.name]; one != nil && one.enough && !one.failed {
			s.time(one, h)
		}
	}
}

// keys tell the series that an event belongs to.
func (s *series) keys(e *model.EventView) ([]eventTarget, map[string]model.Unknown) {
	keys := []eventTarget{{}}
	for _, f := range s.by {
		values, why := s.values(f, e)
		if why != nil {
			return nil, map[string]model.Unknown{"resource." + f.Name: *why}
		}
		var longer []eventTarget
		for _, k := range keys {
			for _, v := range values {
				name := v.name
				if k.name != "" {
					name, v.id = k.name+" "+name, k.id
				}
				longer = append(longer, eventTarget{v.id, name})
			}
		}
		keys = longer
	}
	return keys, nil
}

// values are those of an attribute that tells series apart or is distinct. The
// targets of an event are the resources that it is about, however it names them.
func (s *series) values(f model.Field, e *model.EventView) ([]eventTarget, *model.Unknown) {
	a := f.Of(e)
	if a.State() == model.StateUnknown {
		why := a.Why()
		return nil, &why
	}
	if f.Name == "targets" {
		list := targetsOf(&e.Event)
		for i := range list {
			if list[i].id.Kind != model.KindSecret { // which has its ARN or its name
				list[i].name = list[i].id.ID
			}
			list[i].name = list[i].id.Account + " " + list[i].id.Region + " " + list[i].name
		}
		return list, nil
	}
	switch a := a.(type) {
	case *model.Value[[]string]:
		var list []eventTarget
		for _, text := range a.Or(nil) {
			list = append(list, eventTarget{name: text})
		}
		return list, nil
	case *model.Value[string]:
		text := a.Or("")
		return []eventTarget{{principalNamed(e, text), text}}, nil
	default:
		return []eventTarget{{name: fmt.Sprint(a)}}, nil
	}
}

// principalNamed is the resource of a series that is no target's: the role or
// user with an ARN, else just a name.
func principalNamed(e *model.EventView, name string) model.ResourceID {
	if strings.HasPrefix(name, "arn:") {
		return targetNamed(&e.Event, name).id
	}
	return model.ResourceID{Kind: model.KindEvent, Account: e.Account.Or(""), ID: name}
}

// note counts an event of a series.
func (s *series) note(one *oneSeries, h *hit) {
	certain := h.status == model.StatusFail
	if certain {
		for _, f := range h.detail.Findings {
			if one.finding.Message == "" || compareFindings(f, one.finding) < 0 {
				one.finding = f
			}
		}
		one.sighting.add(h.event)
	} else {
		one.doubt(h.detail.Unknown)
		see(&one.maybe, model.Seen{Count: 1, First: h.event.Time, Last: h.event.Time})
	}
	if at := placeAt(h.event); len(one.places) < maxPlaces || one.places[at] {
		one.places[at] = true
	}
	if s.silence > 0 {
		if certain {
			one.use(h.event.Time, s.silence)
		}
		return
	}
	if one.enough {
		return
	}
	what, why := s.what(h.event)
	if why != nil {
		one.doubt(why)
		one.wild = true
	}
	for _, w := range what {
		if slices.Contains(one.kinds, w) {
			continue
		}
		if s.budget.left == 0 {
			one.full = true
			return
		}
		s.budget.left--
		one.kinds = append(one.kinds, w)
	}
	if len(one.kinds) >= s.count {
		s.budget.left += len(one.kinds)
		one.enough, one.kinds = true, nil
	}
}

// what are sums over what is distinct of an event: over the event itself where
// events are counted.
func (s *series) what(e *model.EventView) ([]uint64, map[string]model.Unknown) {
	if s.distinct == nil {
		return []uint64{maphash.String(s.seed, e.ID.Or(fmt.Sprint(e.File, " ", e.Place, " ", e.Event.Time)))}, nil
	}
	values, why := s.values(*s.distinct, e)
	if why != nil {
		return nil, map[string]model.Unknown{"resource." + s.distinct.Name: *why}
	}
	list := make([]uint64, 0, len(values))
	for _, v := range values {
		list = append(list, maphash.String(s.seed, v.name))
	}
	return list, nil
}

// time keeps when an event was, of a series that has enough.
func (s *series) time(one *oneSeries, h *hit) {
	what, why := s.what(h.event)
	if why != nil {
		one.doubt(why)
		one.wild = true
	}
	for _, w := range what {
		if s.budget.left == 0 {
			s.check(one)
		}
		if s.budget.left == 0 || one.failed {
			one.full = !one.failed
			return
		}
		s.budget.left--
		one.moments = append(one.moments, moment{h.event.Time, w, h.status != model.StatusFail})
	}
	if len(one.moments) >= max(s.count, 2*one.checked) {
		s.check(one)
	}
}

func (one *oneSeries) doubt(why map[string]model.Unknown) {
	if one.unsure == nil {
		one.unsure = map[string]model.Unknown{}
	}
	for path, reason := range why {
		if have, ok := one.unsure[path]; !ok || reason.String() < have.String() {
			one.unsure[path] = reason
		}
	}
}

// check looks whether the series fails, and forgets the times that matter no more.
func (s *series) check(one *oneSeries) {
	slices.SortFunc(one.moments, func(a, b moment) int { return a.at.Compare(b.at) })
	before := len(one.moments)
	if s.reaches(one.moments, false) {
		one.failed, one.moments = true, nil
	}
	one.moments = s.thinned(one.moments)
	s.budget.left += before - len(one.moments)
	one.checked = len(one.moments)
}

// thinned leaves out times that no window needs: whatever window a time lies in,
// one of its neighbours of the same kind does too, when these are no further apart
// than the window is long. What is there twice goes with it: two trails record an
// event each, and it is one.
func (s *series) thinned(sorted []moment) []moment {
	last := map[uint64][2]int{} // the last two places that are kept, by kind, from 1
	drop := make([]bool, len(sorted))
	for i, m := range sorted {
		was := last[m.what]
		if was[0] > 0 && was[1] > 0 {
			first, middle := &sorted[was[0]-1], &sorted[was[1]-1]
			if m.at.Sub(first.at) <= s.within && (middle.maybe || !first.maybe && !m.maybe) {
				drop[was[1]-1] = true
				last[m.what] = [2]int{was[0], i + 1}
				continue
			}
		}
		last[m.what] = [2]int{was[1], i + 1}
	}
	kept := sorted[:0]
	for i, m := range sorted {
		if !drop[i] {
			kept = append(kept, m)
		}
	}
	return kept
}

// reaches says whether so many different ones lie within the window. Events at
// both of its ends are within.
func (s *series) reaches(sorted []moment, maybe bool) bool {
	in := map[uint64]int{}
	from := 0
	for _, m := range sorted {
		if m.maybe && !maybe {
			continue
		}
		in[m.what]++
		for m.at.Sub(sorted[from].at) > s.within {
			if old := sorted[from]; !old.maybe || maybe {
				if in[old.what]--; in[old.what] == 0 {
					delete(in, old.what)
				}
			}
			from++
		}
		if len(in) >= s.count {
			return true
		}
	}
	return false
}
