package events

import (
	"slices"
	"time"

	"github.com/keyproof/keyproof/model"
)

// Gathering makes a Summary of records that come one by one, from an engine or an
// API that hands over records and no files.
type Gathering struct {
	q    Query
	s    *Summary
	each func(*model.Event) error
}

// NewGathering begins a summary. Relevant events go to each.
func NewGathering(q Query, each func(*model.Event) error) *Gathering {
	return &Gathering{q: q, s: newSummary(), each: each}
}

// Record judges one record, as its text in CloudTrail's JSON. file is the path of
// the log that it lies in, empty when that is not known, and at its number among
// the records that were handed over. The error is that of each.
func (g *Gathering) Record(raw []byte, file string, at int) error {
	g.s.Records.In++
	place := PlaceOf(file)
	if outside(g.q.Accounts, place.Account) || outside(g.q.Regions, place.Region) {
		g.s.Records.Irrelevant++ // an archive would not have opened the file
		return nil
	}
	r := g.q.Take(raw, place.Account, place.Region)
	switch e := r.Event; {
	case r.Kind != "":
		g.refuse(place, Problem{File: file, Kind: r.Kind, Place: at, Count: 1, Detail: r.Detail})
		return nil
	case e == nil:
		g.s.Records.Irrelevant++
		return nil
	default:
		g.s.Records.Relevant++
		g.day(place, e.Account.Or(""), e.Region.Or(""), e.Time)
		g.s.seen(e, place)
		e.File, e.Place = file, at
		return g.each(e)
	}
}

func (g *Gathering) refuse(place Place, p Problem) {
	g.s.Records.Refused++
	g.s.scopes.of(place.Account, place.Region).refused++
	for i := range g.s.Problems {
		if q := &g.s.Problems[i]; q.File == p.File && q.Kind == p.Kind && q.Detail == p.Detail {
			q.Count++
			return
		}
	}
	g.s.problems(p)
}

// Unseen counts records that the source looked at and kept back: their account
// and region, and the days that they are of.
func (g *Gathering) Unseen(n int, account, region string, days []time.Time) {
	g.s.Records.In += n
	g.s.Records.Irrelevant += n
	if outside(g.q.Accounts, account) || outside(g.q.Regions, region) {
		return // it was not asked for: no scope of its own
	}
	for _, day := range days {
		g.day(Place{}, account, region, day)
	}
}

// outside: what is not known is not outside.
func outside(wanted []string, name string) bool {
	return name != "" && len(wanted) > 0 && !slices.Contains(wanted, name)
}

// Refused counts records that the source found, and that cannot be understood.
func (g *Gathering) Refused(n int, account, region, why string) {
	g.s.Records.In += n
	g.s.Records.Refused += n
	g.s.scopes.of(account, region).refused += n
	g.s.problems(Problem{Kind: KindRecord, Detail: why, Count: n})
}

// Counted counts relevant events that the source counted itself.
func (g *Gathering) Counted(n int, account, region string, first, last time.Time, days []time.Time) {
	g.s.Records.In += n
	g.s.Records.Relevant += n
	g.s.scopes.of(account, region).records += n
	for _, day := range days {
		g.day(Place{}, account, region, day)
	}
	if g.s.First.IsZero() || first.Before(g.s.First) {
		g.s.First = first
	}
	if last.After(g.s.Last) {
		g.s.Last = last
	}
}

// day notes that something was recorded on the day of t.
func (g *Gathering) day(place Place, account, region string, t time.Time) {
	if place.Account != "" {
		account = place.Account
	}
	if place.Region != "" {
		region = place.Region
	}
	from := t.UTC().Truncate(aDay)
	g.s.scopes.delivered(Place{Account: account, Region: region, From: from, To: from.Add(aDay)})
}

// Trouble is something that keeps the record of an account and region from being
// whole; empty is any.
func (g *Gathering) Trouble(account, region string, why model.Unknown) {
	g.s.scopes.troubled(Place{Account: account, Region: region}, why)
	g.s.problems(Problem{Kind: KindOpen, Place: -1, Detail: why.Detail, Action: why.Action})
}

// Summary ends it.
func (g *Gathering) Summary() *Summary {
	g.s.settle(&g.q)
	return g.s
}
