// Package alerts says which events of CloudTrail a metric filter or an
// EventBridge rule matches.
//
// Its promise: it says that a filter matches an event only if the filter does
// so whoever does it and whatever with. One that matches some of the calls (of
// one user, of one key) leaves the others unreported, and does not count; nor
// does one that is not understood.
package alerts

// Event is a management event that somebody should be told of when it happens.
type Event struct {
	Service string // "kms": of the source kms.amazonaws.com, and of aws.kms on the event bus
	Name    string // "ScheduleKeyDeletion"
}

// String is the event as rules and reports name it.
func (e Event) String() string { return e.Service + ":" + e.Name }

// Source is the event's source in CloudTrail's records.
func (e Event) Source() string { return e.Service + ".amazonaws.com" }

// Watched are the events that destroy secrets and keys, change who may use
// them, or end the record of what happens. All are writes. Names are those of
// the services' API references.
func Watched() []Event {
	return []Event{
		{"kms", "DisableKey"},
		{"kms", "ScheduleKeyDeletion"},
		{"kms", "PutKeyPolicy"},
		{"secretsmanager", "DeleteSecret"},
		{"secretsmanager", "PutResourcePolicy"},
		{"secretsmanager", "DeleteResourcePolicy"},
		{"cloudtrail", "StopLogging"},
		{"cloudtrail", "DeleteTrail"},
		{"cloudtrail", "UpdateTrail"},
		{"cloudtrail", "PutEventSelectors"},
	}
}

// truth is Kleene's: what hangs on a member of the event that is not known
// beforehand is perhaps.
type truth int8

const (
	no truth = iota
	perhaps
	yes
)

func of(b bool) truth {
	if b {
		return yes
	}
	return no
}

// member is what is known of a member of an event: its value, that the event
// has none, or nothing.
type member struct {
	value any // string or bool
	state memberState
}

type memberState int8

const (
	varies memberState = iota
	absent
	fixed
)

// member returns what is known of a member of the record of a successful call,
// by its path in CloudTrail's record.
func (e Event) member(path string) member {
	switch path {
	case "eventSource":
		return member{e.Source(), fixed}
	case "eventName":
		return member{e.Name, fixed}
	case "eventType":
		return member{"AwsApiCall", fixed}
	case "eventCategory":
		return member{"Management", fixed}
	case "readOnly":
		return member{false, fixed}
	case "managementEvent":
		return member{true, fixed}
	case "errorCode", "errorMessage":
		return member{nil, absent}
	default:
		return member{}
	}
}
