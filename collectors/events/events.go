// Package events reads archives of CloudTrail, as the service delivers them to
// S3, from a local folder or any file system.
//
// Its promises: memory is bounded whatever the archive's size; events come in
// the order of the files' paths, and within a file as it has them, however many
// cores read; and nothing is dropped silently: every record of every file that is
// opened is relevant, irrelevant or refused, what could not be read is named with
// its file, and what was not opened is counted with the reason.
package events

import (
	"time"

	"github.com/keyproof/keyproof/model"
)

// Query says what to read.
type Query struct {
	Accounts []string // empty: all
	Regions  []string // empty: all
	// Since (inclusive) and Until (exclusive) bound the time of events; zero: open.
	Since, Until time.Time
	// Late is how long after Until files are still opened: CloudTrail delivers
	// within about five minutes, without a guarantee, and tries again for 30 days
	// when it cannot ("Finding your CloudTrail log files"). Zero: one day.
	Late time.Duration
	// Now is when the archive is read: events of a later time are refused, with an
	// hour's grace for clocks. Zero: no event is too late.
	Now time.Time
	// Relevant says which events are wanted; nil: those of Relevant().
	Relevant Filter
	// Workers is how many files are read at once; 0: one a core.
	Workers int
}

// Summary is what became of an archive.
type Summary struct {
	Files    Files     `json:"files"`
	Records  Records   `json:"records"`
	First    time.Time `json:"first,omitzero"` // earliest time of a relevant event; zero when there is none
	Last     time.Time `json:"last,omitzero"`
	Problems []Problem `json:"problems"` // in the order of the files, not more than maxProblems
	// MoreProblems are those beyond the list.
	MoreProblems int `json:"more_problems"`
	// From (inclusive) and Until (exclusive) bound the time that the scopes are about:
	// what was asked for, or else the days that were found; zero when there is neither.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Scopes are the accounts and regions that were asked for or found, in their
	// order, each read whole or with a gap. One without account or region is what the
	// source does not tell apart: its gap can be of any.
	Scopes []model.EventScope `json:"scopes"`
	// Engine is nil unless an engine read the record.
	Engine *Engine `json:"engine,omitempty"`

	scopes scopes
}

func newSummary() *Summary { return &Summary{Problems: []Problem{}, scopes: scopes{}} }

// Files counts the files of an archive.
type Files struct {
	Read   int   `json:"read"`
	Broken int   `json:"broken"` // of those read: with a problem of the file, so that records may be missing
	Bytes  int64 `json:"bytes"`  // of those read, as they lie there
	Text   int64 `json:"text_bytes"`
	// Pruned files and folders were not opened: their keys say another account or
	// region, or a time outside the query. A pruned folder counts once.
	PrunedAccount int `json:"pruned_account"`
	PrunedRegion  int `json:"pruned_region"`
	PrunedTime    int `json:"pruned_time"`
	Digests       int `json:"digests"`  // digest files, which hold no events
	Insights      int `json:"insights"` // files of CloudTrail Insights, which are no calls
	Other         int `json:"other"`    // neither .json nor .json.gz
}

// Records counts the records of the files that were read.
type Records struct {
	In         int `json:"in"`
	Relevant   int `json:"relevant"`
	Irrelevant int `json:"irrelevant"` // other events, or outside the accounts, regions and times
	Refused    int `json:"refused"`    // not understood; the problems say why
}

// Problem is something that could not be read. Refused records of one file with
// the same reason are one problem.
type Problem struct {
	File   string `json:"file"`
	Kind   Kind   `json:"kind"`
	Detail string `json:"detail"`
	Place  int    `json:"place"` // of the first record concerned, from 0; -1: the file itself
	Count  int    `json:"count"` // records concerned; 0: unknown, of a file's own problems
	// Action is the IAM action that is missing; empty when it is none.
	Action string `json:"action,omitempty"`
}

// Kind is a kind of problem.
type Kind string

// The kinds of problems.
const (
	KindOpen      Kind = "open"      // the file or folder could not be opened or read
	KindGzip      Kind = "gzip"      // not gzip, or damaged, or another sum than it says
	KindTruncated Kind = "truncated" // it ends too early
	KindMembers   Kind = "members"   // more than one gzip member or document, which CloudTrail never writes; all are read
	KindBomb      Kind = "bomb"      // it grows beyond all measure
	KindJSON      Kind = "json"      // not JSON from some place on
	KindShape     Kind = "shape"     // JSON, but not a list of records
	KindRecord    Kind = "record"    // a record that is not understood
	KindFuture    Kind = "future"    // a record of a time to come
)

// maxProblems bounds the list of a Summary.
const maxProblems = 1000

// Total is how many problems there are.
func (s *Summary) Total() int { return len(s.Problems) + s.MoreProblems }

func (s *Summary) add(f *fileResult, place Place) {
	s.Files.Read++
	s.Files.Bytes += f.bytes
	s.Files.Text += f.text
	if f.broken() {
		s.Files.Broken++
	}
	s.Records.In += f.records.In
	s.Records.Relevant += f.records.Relevant
	s.Records.Irrelevant += f.records.Irrelevant
	s.Records.Refused += f.records.Refused
	s.scopes.delivered(place)
	s.scopes.of(place.Account, place.Region).refused += f.records.Refused
	for _, p := range f.problems {
		if p.Place < 0 && p.Kind != KindMembers {
			s.scopes.troubled(place, p.why())
		}
	}
	s.problems(f.problems...)
}

// why is the problem of a file as the reason of a gap.
func (p *Problem) why() model.Unknown {
	reason := model.ReasonFailed
	if p.Action != "" {
		reason = model.ReasonAccessDenied
	}
	return model.Unknown{Reason: reason, Action: p.Action, Detail: p.File + ": " + p.Detail}
}

func (s *Summary) problems(list ...Problem) {
	room := min(len(list), maxProblems-len(s.Problems))
	s.Problems = append(s.Problems, list[:room]...)
	s.MoreProblems += len(list) - room
}

func (s *Summary) seen(e *model.Event, place Place) {
	account, region := place.Account, place.Region
	if account == "" {
		account = e.Account.Or("")
	}
	if region == "" {
		region = e.Region.Or("")
	}
	s.scopes.of(account, region).records++
	s.span(e)
}

func (s *Summary) span(e *model.Event) {
	if s.First.IsZero() || e.Time.Before(s.First) {
		s.First = e.Time
	}
	if e.Time.After(s.Last) {
		s.Last = e.Time
	}
}
