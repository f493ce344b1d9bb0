package model

import "time"

// Account is one account in one region, with what rules need in aggregate.
type Account struct {
	OrganizationID Value[string] `json:"organization_id" doc:"absent for an account that is in no organization"`
	TrailCount     Value[int]    `json:"trail_count" doc:"trails that record this region of this account, organization trails included"`
	// TrailShortcomings is about the best trail, not about every trail: an
	// account needs one good trail, and may have others for other ends.
	TrailShortcomings Value[[]string] `json:"trail_shortcomings" doc:"what the best trail that records this region lacks, in words; [] when one trail lacks nothing"`
	// UnalertedEvents is unknown if one of the events may be reported by
	// something that could not be read.
	UnalertedEvents Value[[]string] `json:"unalerted_events" doc:"deletions and policy changes that neither an alarm on a trail's log group nor an EventBridge rule reports, e.g. \"kms:ScheduleKeyDeletion\"; [] when each is reported"`
}

// Kind returns KindAccount.
func (*Account) Kind() Kind { return KindAccount }

// Derive does nothing: no attribute of an account follows from another.
func (*Account) Derive(time.Time) {}
