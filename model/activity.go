package model

// ActivityDays is how long the record of CloudTrail must reach back for what is
// said of a time without a limit ("read by nobody", "no attempt was denied"). It is
// what CloudTrail's own event history holds (CloudTrail User Guide, "Working with
// CloudTrail event history").
const ActivityDays = 90

// Activity is what CloudTrail's record shows of one secret or parameter: the
// attributes are unknown when no events were read, when the record of the account
// and region has a gap or ends before the snapshot, and when it does not reach back
// far enough for an answer. Counts are those of the last ActivityDays days; a
// resource that is younger needs a record only since it was made. Of a secret with
// replicas, reads and refusals of all its regions count.
//
// An attribute whose name ends in at_least is what is certain where the exact number
// is not: a rule that fails by it must also look at the exact one, so that it does
// not pass what nobody knows.
type Activity struct {
	RecordDays Value[int] `json:"record_days" doc:"whole days before the snapshot that CloudTrail's record covers without a gap, in every region that holds it"`

	Readers          Value[[]Reader] `json:"readers" doc:"who read the value in the last 90 days, up to 10 people and up to 10 others, by name; [] when nobody did"`
	MoreReaders      Value[int]      `json:"more_readers" doc:"how many read the value in the last 90 days besides those listed"`
	LastReadDays     Value[int]      `json:"last_read_event_days_ago" doc:"whole days since the last read in CloudTrail's record, in any region, by others than the secret's rotation function; absent when it was not read since it was made"`
	UnreadDays       Value[int]      `json:"unread_days_at_least" doc:"whole days up to the snapshot in which CloudTrail's record shows no read in any region, by others than the secret's rotation function: not more than the record covers"`
	LastHumanRead    Value[int]      `json:"last_human_read_days_ago" doc:"whole days since a person last read the value; absent when the record shows none"`
	LastHumanReader  Value[string]   `json:"last_human_reader" doc:"the person of last_human_read_days_ago; absent when there is none"`
	DeniedAttempts   Value[int]      `json:"denied_attempts" doc:"calls on it that were denied in the last 90 days"`
	DeniedInADay     Value[int]      `json:"denied_in_a_day" doc:"the most calls on it that were denied on one day (UTC) of the last 90"`
	DeniedDayAtLeast Value[int]      `json:"denied_in_a_day_at_least" doc:"as denied_in_a_day, by a record that may begin later"`
	LastDenied       Value[int]      `json:"last_denied_days_ago" doc:"whole days since a call on it was denied; absent when the record shows none"`
	DeniedTo         Value[[]string] `json:"denied_to" doc:"whose calls were denied in the last 90 days, as the record shows: at most 10, by name"`

	LastValueDays   Value[int]    `json:"last_value_event_days_ago" doc:"whole days since CloudTrail recorded another current value, of a replica since its primary got it; absent when the record shows none"`
	LastValueBy     Value[string] `json:"last_value_by" doc:"who stored it: secretsmanager.amazonaws.com after a rotation; absent with last_value_event_days_ago"`
	LastHumanValue  Value[int]    `json:"last_human_value_days_ago" doc:"whole days since a person stored another value; absent when the record shows none"`
	LastHumanWriter Value[string] `json:"last_human_writer" doc:"the person of last_human_value_days_ago; absent when there is none"`
}

// Reader is a principal that read a value.
type Reader struct {
	Principal string `json:"principal"` // the role, for sessions of workloads; else the session, user or service
	Kind      string `json:"kind"`      // human, workload, service or unknown
	Count     int    `json:"count"`
	FirstDays int    `json:"first_days_ago"` // whole days
	LastDays  int    `json:"last_days_ago"`
}

// PolicyActivity is what CloudTrail's record shows of a resource policy.
type PolicyActivity struct {
	PolicyChangedDays Value[int]    `json:"policy_changed_days_ago" doc:"whole days since the resource policy was put or deleted, by CloudTrail's record; absent when the record shows none"`
	PolicyChangedBy   Value[string] `json:"policy_changed_by" doc:"who did it last; absent with policy_changed_days_ago"`
}

// RotationActivity is what CloudTrail's record shows of a secret's rotation. Of a
// replica it is that of the primary.
type RotationActivity struct {
	LastRotationDays  Value[int]  `json:"last_rotation_event_days_ago" doc:"whole days since CloudTrail recorded RotationSucceeded; absent when it was never since the secret was made"`
	UnrotatedDays     Value[int]  `json:"unrotated_days_at_least" doc:"whole days up to the snapshot in which CloudTrail's record shows no successful rotation: not more than the record covers"`
	RotationFailures  Value[int]  `json:"rotation_failures" doc:"rotations that failed or were abandoned in the last 90 days"`
	RotationFailing   Value[bool] `json:"rotation_failing" doc:"of the rotations in the record the last one that ended failed or was abandoned; absent when the record shows none"`
	LastRotationStart Value[int]  `json:"last_rotation_start_days_ago" doc:"whole days since a rotation started; absent when the record shows none"`
}

// KeyActivity is what CloudTrail's record shows of the management of a key. The use
// of keys is no part of it.
type KeyActivity struct {
	RecordDays       Value[int]      `json:"record_days" doc:"whole days before the snapshot that CloudTrail's record of its region covers without a gap"`
	LastRotatedEvent Value[int]      `json:"last_rotation_event_days_ago" doc:"whole days since CloudTrail recorded a rotation, by schedule or on demand; absent when the record shows none"`
	DeniedAttempts   Value[int]      `json:"denied_attempts" doc:"calls that would change it and were denied in the last 90 days"`
	DeniedInADay     Value[int]      `json:"denied_in_a_day" doc:"the most of those on one day (UTC)"`
	DeniedDayAtLeast Value[int]      `json:"denied_in_a_day_at_least" doc:"as denied_in_a_day, by a record that may begin later"`
	LastDenied       Value[int]      `json:"last_denied_days_ago" doc:"whole days since a call that would change it was denied; absent when the record shows none"`
	DeniedTo         Value[[]string] `json:"denied_to" doc:"whose calls were denied in the last 90 days, as the record shows: at most 10, by name"`
}
