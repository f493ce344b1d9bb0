package evaluator

import (
	"slices"
	"time"
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
