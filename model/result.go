package model

// Status is the answer of one rule on one resource. The zero value is unknown.
type Status string

// The statuses.
const (
	StatusUnknown       Status = "unknown" // something the rule needs could not be read
	StatusFail          Status = "fail"
	StatusPass          Status = "pass"
	StatusNotApplicable Status = "not_applicable"
	// StatusWaived is a failure that somebody accepted for a time. Its findings
	// stay; it does not count in the verdict and is never a pass.
	StatusWaived Status = "waived"
)

// Statuses lists all statuses in the order in which reports show them.
func Statuses() []Status {
	return []Status{StatusFail, StatusUnknown, StatusWaived, StatusPass, StatusNotApplicable}
}

// Delta is what a proposed change makes of a failure.
type Delta string

// The deltas.
const (
	DeltaIntroduced Delta = "introduced" // fails after the change, and did not before for this reason
	DeltaExisting   Delta = "existing"   // fails before and after, for reasons that were there before
	DeltaFixed      Delta = "fixed"      // failed before, and does not after
)

// Result is one rule on one resource, or on a scope that could not be listed.
type Result struct {
	Rule     RuleID     `json:"rule"`
	Resource ResourceID `json:"resource"`
	Name     string     `json:"name"` // the resource's name
	Origin   *Origin    `json:"origin,omitempty"`
	Status   Status     `json:"status"`
	// Findings are the reasons for failing; empty for any status but fail and
	// waived.
	Findings []Finding `json:"findings,omitempty"`
	// Unknown says which inputs of the rule were unknown, by path
	// ("resource.kms_key"), for the status unknown.
	Unknown map[string]Unknown `json:"unknown,omitempty"`
	// NotApplicable says why, for the status not_applicable.
	NotApplicable []string `json:"not_applicable,omitempty"`
	// Overrides are places in the rule's Overrides, of those that decided a
	// parameter; empty when the rule's own Params did, or when the tags that
	// would tell are unknown and the answer is the same with each of them.
	Overrides []int `json:"overrides,omitempty"`
	// Waiver is what a failure is waived by; of a result on a waiver, the waiver.
	Waiver *Waiver `json:"waiver,omitempty"`
	// Delta is what a proposed change makes of the result; empty in a scan.
	Delta Delta `json:"delta,omitempty"`
	// Gap marks the row of a list that could not be read: Resource.ID is "*".
	Gap bool `json:"gap,omitempty"`
}

// Finding is one reason for failing.
type Finding struct {
	Message   string `json:"message"`
	Attribute string `json:"attribute,omitempty"` // what it is about; empty when about no single one
	// Seen are the events that it rests on; nil when it rests on none.
	Seen *Seen `json:"seen,omitempty"`
}
