package model

// Reason is why an attribute or a list is unknown.
type Reason string

// The reasons. A new one needs a sentence in Unknown.String.
const (
	ReasonNotCollected Reason = "not_collected"   // no reader filled it
	ReasonAccessDenied Reason = "access_denied"   // the caller lacks the IAM action in Unknown.Action
	ReasonAfterApply   Reason = "after_apply"     // Terraform will know it after apply
	ReasonUnresolved   Reason = "unresolved"      // a template expression that could not be resolved
	ReasonNotInSource  Reason = "not_in_source"   // the source cannot know it: a plan knows no last rotation
	ReasonRegionOff    Reason = "region_disabled" // the region is not enabled for the account
	ReasonFailed       Reason = "failed"          // the call failed for another reason, in Unknown.Detail
	ReasonRule         Reason = "rule_failed"     // the rule itself is at fault: it does not load, went wrong or took too long
)

// Unknown says why something is unknown and what would settle it.
type Unknown struct {
	Reason Reason `json:"reason"`
	// Action is the IAM action that was called, e.g. "kms:GetKeyRotationStatus".
	// Empty when no call was involved.
	Action string `json:"action,omitempty"`
	// Detail is one sentence for people. It never holds a secret's value.
	Detail string `json:"detail,omitempty"`
}

// String returns a short sentence such as "kms:GetKeyRotationStatus denied".
func (u Unknown) String() string {
	switch u.Reason {
	case ReasonAccessDenied:
		return or(u.Action, "a needed action") + " denied"
	case ReasonFailed:
		return or(u.Action, "a call") + " failed" + colon(u.Detail)
	case ReasonRule:
		return or(u.Detail, "the rule went wrong")
	case ReasonAfterApply:
		return "known after apply"
	case ReasonUnresolved:
		return "unresolved in the template" + colon(u.Detail)
	case ReasonNotInSource:
		return "not in this source" + colon(u.Detail)
	case ReasonRegionOff:
		return "the region is not enabled for the account"
	default:
		return "not collected" + colon(u.Detail)
	}
}

// Settle returns what a person can do to make it known, or "".
func (u Unknown) Settle() string {
	switch {
	case u.Reason == ReasonAccessDenied && u.Action != "":
		return "allow " + u.Action
	case u.Reason == ReasonRegionOff:
		return "enable the region or leave it out of --region"
	case u.Reason == ReasonFailed:
		return "run the scan again"
	case u.Reason == ReasonRule:
		return "mend the rule"
	default:
		return ""
	}
}

func or(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

func colon(s string) string {
	if s == "" {
		return ""
	}
	return ": " + s
}
