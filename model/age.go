package model

import (
	"math"
	"time"
)

const day = 24 * time.Hour

// DaysAgo is the whole days from t to now; a moment later than now is 0 days ago.
func DaysAgo(t, now time.Time) int {
	return max(0, int(math.Floor(float64(now.Sub(t))/float64(day))))
}

// DaysUntil is the whole days from now to t, rounded down: -1 means that t
// passed less than a day ago, 0 that it comes within a day.
func DaysUntil(t, now time.Time) int {
	return int(math.Floor(float64(t.Sub(now)) / float64(day)))
}

func daysAgo(t Value[time.Time], now time.Time) Value[int] {
	return mapValue(t, func(t time.Time) int { return DaysAgo(t, now) })
}

func daysUntil(t Value[time.Time], now time.Time) Value[int] {
	return mapValue(t, func(t time.Time) int { return DaysUntil(t, now) })
}

// mapValue applies f to a known value; absence and unknown stay what they are.
func mapValue[A, B any](v Value[A], f func(A) B) Value[B] {
	switch v.State() {
	case StateKnown:
		return Known(f(v.v))
	case StateAbsent:
		return None[B]()
	default:
		return Missing[B](v.Why())
	}
}
