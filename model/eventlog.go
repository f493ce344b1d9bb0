package model

import "time"

// EventLog says what of CloudTrail's record a snapshot rests on: where it was
// read, for which time, what of it is missing, and whether anybody verified it.
type EventLog struct {
	Source string    `json:"source"` // a folder, s3://…, "LookupEvents", an Athena table or a CloudTrail Lake event data store
	From   time.Time `json:"from"`   // UTC, inclusive
	Until  time.Time `json:"until"`  // UTC, exclusive
	// Scopes are the accounts and regions that were asked for, each read whole or
	// with a gap.
	Scopes  []EventScope `json:"scopes"`
	Records EventCounts  `json:"records"`
	Chain   EventChain   `json:"chain"`
}

// EventScope is the record of one account in one region. Account is empty when
// the source does not tell accounts apart before it is read.
type EventScope struct {
	Account string `json:"account"`
	Region  string `json:"region"`
	Records int    `json:"records"` // that were relevant
	// Gap is why the record of the time is not complete; nil when nothing speaks
	// against it.
	Gap *Unknown `json:"gap,omitempty"`
}

// EventCounts says what became of every record that was read.
type EventCounts struct {
	In         int `json:"in"`
	Relevant   int `json:"relevant"`
	Irrelevant int `json:"irrelevant"` // other events, or outside the accounts, regions and times
	Refused    int `json:"refused"`    // not understood
}

// EventChain says whether CloudTrail's digests prove the record.
type EventChain struct {
	// Verdict is pass when all of it is proven, fail when something was tampered
	// with; the zero value is unknown: nobody verified it, or not all of it.
	Verdict Verdict   `json:"verdict"`
	From    time.Time `json:"from,omitzero"` // start of what is proven; zero when nothing is
	Until   time.Time `json:"until,omitzero"`
	Gaps    []string  `json:"gaps"` // what is not proven or contradicts itself, in words; not more than 100
}

// Seen says how often and when the events of a finding were seen.
type Seen struct {
	Count int       `json:"count"`
	First time.Time `json:"first"` // UTC
	Last  time.Time `json:"last"`
}
