package evaluator

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// seriesResult is what a series comes to, once all of its events were counted.
// Unless it passes, the places of its events have
// its row instead of a pass.
func (f *fold) seriesResult(of *ruleFold, one *oneSeries) result {
	s := of.series
	res := result{status: model.StatusPass}
	if s.silence > 0 {
		res = f.silent(s, one)
	} else {
		res = s.counted(one)
	}
	if res.status != model.StatusPass {
		for at := range one.places {
			of.told[at] = true
		}
	}
	return res
}

// counted is the result of a series of which so many within so long are a failure.
func (s *series) counted(one *oneSeries) result {
	s.check(one)
	switch {
	case one.failed:
		f := one.finding
		what := "events"
		if s.distinct != nil {
			what = "different " + strings.ReplaceAll(s.distinct.Name, "_", " ")
		}
		if s.distinct != nil && !strings.HasSuffix(what, "s") {
			what += "s"
		}
		f.Message += fmt.Sprintf(": %d or more %s within %s", s.count, what, minutesText(int(s.within.Minutes())))
		f.Seen = &one.seen
		if len(one.who) > 0 && one.about.id.ID != one.who[0] { // else it is about who did it
			f.Message += one.byWhom()
		}
		return result{model.StatusFail, &model.Detail{Findings: []model.Finding{f}}}
	case one.full:
		return unknown(map[string]model.Unknown{"window": tooMany()})
	case one.unsure != nil && (one.wild || s.reaches(one.moments, true)):
		return unknown(one.unsure)
	default:
		return result{status: model.StatusPass}
	}
}

func tooMany() model.Unknown {
	return model.Unknown{Reason: model.ReasonFailed, Detail: "there are too many events to keep the times of: choose a shorter time, or fewer accounts"}
}

func minutesText(n int) string {
	switch {
	case n == 1:
		return "1 minute"
	case n%60 == 0 && n > 60:
		return fmt.Sprintf("%d hours", n/60)
	default:
		return fmt.Sprintf("%d minutes", n)
	}
}

// shownSilences is how many silences a result names.
const shownSilences = 5

// silent is the result of a series of which a use after silence is a failure. What
// is not in the record, or may have been a use, may have broken the silence.
func (f *fold) silent(s *series, one *oneSeries) result {
	if one.full {
		return unknown(map[string]model.Unknown{"window": tooMany()})
	}
	span := one.maybe
	if one.seen.Count > 0 {
		see(&span, one.seen)
	}
	if len(one.clusters) < 2 && (one.unsure == nil || span.Last.Sub(span.First) < s.silence) {
		return result{status: model.StatusPass}
	}
	why := map[string]model.Unknown{}
	maps.Copy(why, one.unsure)
	for at := range one.places {
		if gap := f.gap(at, false); gap != nil {
			why["events"] = *gap
		}
	}
	if len(why) > 0 {
		return unknown(why)
	}
	var list []model.Finding
	for i := 1; i < len(one.clusters) && len(list) < shownSilences; i++ {
		finding := one.finding
		days := int(one.clusters[i].first.Sub(one.clusters[i-1].last).Hours() / 24)
		finding.Message += fmt.Sprintf(" on %s, after %s without", one.clusters[i].first.UTC().Format("2006-01-02"), daysText(days))
		finding.Seen = &model.Seen{Count: one.seen.Count, First: one.seen.First, Last: one.seen.Last}
		list = append(list, finding)
	}
	return result{model.StatusFail, &model.Detail{Findings: list}}
}

func nameOfSeries(one *oneSeries) string {
	name := one.about.id.ID
	if one.about.id.Kind == model.KindSecret {
		name = bare(name)
	}
	if i := strings.LastIndexAny(name, ":/"); i >= 0 && strings.HasPrefix(name, "arn:") {
		name = name[i+1:]
	}
	return name
}

// second is the panel of the rules that must read the events once more: those with
// a series that has enough events to fail. It is nil when there are none.
func (f *fold) second() *panel {
	p := *f.panel
	p.events = map[eventKey][]*rule{}
	for key, rules := range f.panel.events {
		for _, r := range rules {
			s := f.rules[r].series
			if s != nil && slices.ContainsFunc(slices.Collect(maps.Values(s.all)), func(one *oneSeries) bool { return one.enough }) {
				p.events[key] = append(p.events[key], r)
			}
		}
	}
	if len(p.events) == 0 {
		return nil
	}
	return &p
}
