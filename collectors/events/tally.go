package events

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/keyproof/keyproof/model"
)

// Tally makes the summary of a source that is no archive: of calls to an API. It
// may be used by many goroutines.
type Tally struct {
	mu     sync.Mutex
	s      *Summary
	each   func(*model.Event) error
	scopes map[where]*model.EventScope
}

// NewTally hands relevant events on to each, one at a time.
func NewTally(each func(*model.Event) error) *Tally {
	return &Tally{s: newSummary(), each: each, scopes: map[where]*model.EventScope{}}
}

// Scope notes that an account and region were asked. Why is the reason that what
// they answered is not whole; the first one counts.
func (t *Tally) Scope(account, region string, why *model.Unknown) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.scope(account, region)
	if why == nil || c.Gap != nil {
		return
	}
	c.Gap = why
}

func (t *Tally) scope(account, region string) *model.EventScope {
	key := where{account, region}
	if t.scopes[key] == nil {
		t.scopes[key] = &model.EventScope{Account: account, Region: region}
	}
	return t.scopes[key]
}

// Problem notes something that could not be read; Scope says what it means.
func (t *Tally) Problem(p Problem) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.s.problems(p)
}

// Record counts a record of an account and region. from names where it came from,
// for people, and place its place there.
func (t *Tally) Record(account, region, from string, place int, r Sorted) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.s.Records.In++
	switch {
	case r.Kind != "":
		t.s.Records.Refused++
		t.s.problems(Problem{File: from, Kind: r.Kind, Detail: r.Detail, Place: place, Count: 1})
		if c := t.scope(account, region); c.Gap == nil {
			c.Gap = &model.Unknown{Reason: model.ReasonFailed, Detail: "a record was not understood: " + r.Detail}
		}
	case r.Event == nil:
		t.s.Records.Irrelevant++
	default:
		t.s.Records.Relevant++
		t.scope(account, region).Records++
		t.s.span(r.Event)
		return t.each(r.Event)
	}
	return nil
}

// Summary is what was tallied, for the time that the query asked for.
func (t *Tally) Summary(q *Query) *Summary {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.s.From, t.s.Until = q.Since, q.Until
	t.s.Scopes = []model.EventScope{}
	for _, key := range slices.SortedFunc(maps.Keys(t.scopes), where.compare) {
		t.s.Scopes = append(t.s.Scopes, *t.scopes[key])
	}
	return t.s
}

func (w where) compare(o where) int {
	return cmp.Or(cmp.Compare(w.account, o.account), cmp.Compare(w.region, o.region))
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
