package model

import (
	"iter"
	"time"
)

// Snapshot is all that was collected at a time. Resources flow: the sequence
// can be iterated over any number of times, in the order of ResourceID.Compare,
// and is never required to fit in memory.
type Snapshot struct {
	Header
	Resources iter.Seq2[*Resource, error]
	// Outlines is a quicker way through the resources for who needs few of the
	// bodies: a resource for which full answers false may come without one (its
	// Body is nil until ReadBody is called). Nil where the source has no quicker way; see Outline.
	Outlines func(full func(ResourceID) bool) iter.Seq2[*Resource, error]
	// Events are the relevant events of CloudTrail that were read, in no particular
	// order, any number of times. Nil when none were asked for; see Header.Events.
	Events iter.Seq2[*Event, error]
}

// Outline returns the quickest way through the resources that has the bodies
// of those for which full answers true.
func (s *Snapshot) Outline(full func(ResourceID) bool) iter.Seq2[*Resource, error] {
	if s.Outlines == nil {
		return s.Resources
	}
	return s.Outlines(full)
}

// SnapshotVersion is the version of the written form of snapshots. It grows
// when a reader of the previous version could misread the new form.
const SnapshotVersion = 1

// Header is what a snapshot says of itself.
type Header struct {
	TakenAt time.Time `json:"taken_at"` // UTC; ages are relative to it
	Source  string    `json:"source"`   // "live", or the name of a file
	Tool    string    `json:"tool"`     // version of keyproof that made it
	// Scopes are the lists that were asked for, each complete or a gap.
	Scopes []Scope `json:"scopes"`
	// Callers are who read each account, sorted by account. An account that nobody
	// could get into has none, and neither has a file.
	Callers []Caller `json:"callers,omitempty"`
	// Members are the accounts of the organizations of those that were read, sorted,
	// as far as they could be listed: they are inside without being read.
	Members []string `json:"members,omitempty"`
	// Elsewhere is why nothing is known of what the snapshot does not hold: a plan
	// is not the whole account. Nil where the scopes say what was listed.
	Elsewhere *Unknown `json:"elsewhere,omitempty"`
	// Events says what of CloudTrail's record was read. Nil when none was asked
	// for: nothing is known then of who used what.
	Events *EventLog `json:"events,omitempty"`
}

// Caller is who read an account, as AWS STS says it (GetCallerIdentity).
type Caller struct {
	Account string `json:"account"`
	ARN     string `json:"arn"` // of a user, or of the session of a role
}

// Scope is one list of resources: all of a kind in an account and region.
type Scope struct {
	Kind    Kind   `json:"kind"`
	Account string `json:"account"`
	Region  string `json:"region"`
	Count   int    `json:"count"`
	// Gap is why the list is not complete; nil when it is.
	Gap *Unknown `json:"gap,omitempty"`
}

// Gaps are the scopes that could not be listed. Rules answer "unknown" for them.
func (h *Header) Gaps() []Scope {
	var gaps []Scope
	for _, s := range h.Scopes {
		if s.Gap != nil {
			gaps = append(gaps, s)
		}
	}
	return gaps
}

// InMemory returns a sequence over resources that are held in memory already,
// for readers of files and for tests.
func InMemory(resources []*Resource) iter.Seq2[*Resource, error] {
	return func(yield func(*Resource, error) bool) {
		for _, r := range resources {
			if !yield(r, nil) {
				return
			}
		}
	}
}
