package evaluator

import (
	"slices"
	"time"

	"github.com/keyproof/keyproof/model"
)

// cluster is a time of use without a silence in it.
type cluster struct{ first, last time.Time }

// use notes a use of what a series is about. Uses closer than the silence become
// one cluster, in whatever order they come.
func (one *oneSeries) use(at time.Time, silence time.Duration) {
	i, _ := slices.BinarySearchFunc(one.clusters, at, func(c cluster, t time.Time) int { return c.first.Compare(t) })
	// one.clusters[i-1] begins before it, one.clusters[i] at it or after.
	before := i > 0 && at.Sub(one.clusters[i-1].last) < silence
	after := i < len(one.clusters) && one.clusters[i].first.Sub(at) < silence
	switch {
	case before && after:
		one.clusters[i-1].last = one.clusters[i].last
		one.clusters = slices.Delete(one.clusters, i, i+1)
	case before:
		if at.After(one.clusters[i-1].last) {
			one.clusters[i-1].last = at
		}
	case after:
		one.clusters[i].first = at
	case len(one.clusters) == maxClusters:
		one.full = true
	default:
		one.clusters = slices.Insert(one.clusters, i, cluster{at, at})
	}
}

// short is why a record cannot show the silence that a rule looks for: it is no
// longer than that, so that nothing in it proves or disproves one. Nil when it can,
// and of rules that look for none.
func (f *fold) short(s *series) *model.Unknown {
	log := f.header.Events
	if s == nil || s.silence == 0 || log.From.IsZero() {
		return nil
	}
	until := log.Until
	if until.IsZero() {
		until = f.header.TakenAt
	}
	if until.Sub(log.From) > s.silence {
		return nil
	}
	return notCollected("CloudTrail's record begins on %s, too late to show %s without a use (--events-since)",
		log.From.UTC().Format(time.DateOnly), daysText(int(s.silence.Hours()/24)))
}
