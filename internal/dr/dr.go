// Package dr says what would be out of reach if a region of AWS were lost, from
// a snapshot: which secrets have a copy elsewhere, whether that copy could do
// the work, and which have none.
//
// Its promise: nothing survives by omission. A region that was not scanned, a
// list that could not be read and an attribute that is unknown make the answer
// unknown, never "there is a copy" and never "there is none".
package dr

import (
	"time"

	"github.com/keyproof/keyproof/model"
)

// Fate is what becomes of one thing when its region is lost. The zero Fate is
// unknown.
type Fate string

// The fates, worst first.
const (
	Lost     Fate = "lost"     // no copy anywhere
	Unknown  Fate = "unknown"  // nobody could say
	Lacking  Fate = "lacking"  // a copy is there, and what it needs to do the work is not
	Promote  Fate = "promote"  // a copy is there and can be made the primary
	Impaired Fate = "impaired" // works on, and cannot be changed or covers less
	Survives Fate = "survives" // its source is elsewhere
)

// Fates lists all fates, worst first.
func Fates() []Fate { return []Fate{Lost, Unknown, Lacking, Promote, Impaired, Survives} }

// Item is one thing in the lost region.
type Item struct {
	Resource model.ResourceID `json:"resource"`
	Name     string           `json:"name"`
	Fate     Fate             `json:"fate"`
	Why      string           `json:"why"`
	Copies   []Copy           `json:"copies"` // in other regions; [] when there are none
}

// Copy is a replica in another region.
type Copy struct {
	Region string `json:"region"`
	ID     string `json:"id,omitempty"` // ARN; empty when that region was not scanned
	// Lacks is what it needs and is known not to be there.
	Lacks []string `json:"lacks"`
	// Unknown is what could not be settled.
	Unknown []string `json:"unknown"`
}

// Report is the answer.
type Report struct {
	Region  string    `json:"region"`
	TakenAt time.Time `json:"taken_at"` // of the snapshot
	Source  string    `json:"source"`
	// Regions are the other regions that were scanned: copies anywhere else are not
	// seen.
	Regions []string `json:"other_regions"`
	Items   []Item   `json:"items"`
	Gaps    []Gap    `json:"gaps"` // lists of the lost region that are not complete
	// Doomed are secrets that are left out because they wait for their deletion.
	Doomed int `json:"marked_for_deletion"`
}

// Gap is a list of the lost region that is not complete.
type Gap struct {
	Kind    model.Kind `json:"kind"`
	Account string     `json:"account"`
	Why     string     `json:"why"`
	Next    string     `json:"next,omitempty"`
}

// Counts are the numbers of items by fate.
func (r *Report) Counts(kind model.Kind) map[Fate]int {
	n := map[Fate]int{}
	for _, i := range r.Items {
		if kind == "" || i.Resource.Kind == kind {
			n[i.Fate]++
		}
	}
	return n
}

// ExitCode is 3 when something would be lost, 4 when nobody could say, else 0.
func (r *Report) ExitCode() int {
	n := r.Counts("")
	switch {
	case n[Lost] > 0:
		return 3
	case n[Unknown] > 0 || len(r.Gaps) > 0:
		return 4
	default:
		return 0
	}
}

// Kinds are those that the report is about, in its order.
func Kinds() []model.Kind {
	return []model.Kind{model.KindSecret, model.KindParameter, model.KindKey, model.KindTrail}
}
