package model

import "iter"

// SecretAges are how old the secrets of a snapshot are, in numbers that do not
// grow with their number. Replicas are left out: they are as old as their primary.
type SecretAges struct {
	Value   Ages `json:"value"`   // since the current value was stored
	Rotated Ages `json:"rotated"` // since the last rotation
}

// Ages counts by whole days. Each secret is in one band.
type Ages struct {
	Days30  int `json:"days_30"`  // up to 30 days
	Days90  int `json:"days_90"`  // 31 to 90
	Days180 int `json:"days_180"` // 91 to 180
	Days365 int `json:"days_365"` // 181 to 365
	Older   int `json:"older"`
	Never   int `json:"never"`   // what would be counted from never happened
	Unknown int `json:"unknown"` // nobody could tell
}

// Total is the number of secrets.
func (a Ages) Total() int {
	return a.Days30 + a.Days90 + a.Days180 + a.Days365 + a.Older + a.Never + a.Unknown
}

func (a *Ages) add(days Value[int]) {
	n, known := days.Get()
	switch {
	case !known && days.State() == StateAbsent:
		a.Never++
	case !known:
		a.Unknown++
	case n <= 30:
		a.Days30++
	case n <= 90:
		a.Days90++
	case n <= 180:
		a.Days180++
	case n <= 365:
		a.Days365++
	default:
		a.Older++
	}
}

// Count returns the resources as they come, and counts the secrets among them
// once the sequence has been read. It may be read once.
func (a *SecretAges) Count(resources iter.Seq2[*Resource, error]) iter.Seq2[*Resource, error] {
	return func(yield func(*Resource, error) bool) {
		for r, err := range resources {
			if err == nil {
				a.add(r)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func (a *SecretAges) add(r *Resource) {
	s, ok := r.Body.(*Secret)
	if !ok {
		return
	}
	if replica, known := s.IsReplica.Get(); known && replica {
		return
	}
	a.Value.add(s.ValueDaysAgo)
	a.Rotated.add(s.LastRotatedDaysAgo)
}
