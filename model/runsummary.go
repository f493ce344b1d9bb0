package model

import "time"

// RunSummary is an earlier run in numbers, for reports that show a trend. Runs
// that are shown together looked at the same accounts and regions.
type RunSummary struct {
	ID      string    // by which "keyproof report --run" finds it
	TakenAt time.Time // UTC
	Verdict Verdict
	Counts  Counts
}
