// Package drift says what became of an account between two recorded runs: which
// failures are new, came back or are gone, and what changed in each resource that
// made it so.
//
// It claims nothing that the runs do not show. A failure that is unknown now is
// not fixed; a resource that is not there now is not removed when its list could
// not be read; a resource that was not there is not new when nobody looked.
package drift

import (
	"cmp"
	"context"
	"slices"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
)

// Side is one of the two runs.
type Side struct {
	Run    ledger.Run
	Report *model.Report
	// Snapshot is nil when none was recorded: nothing can be said of resources then.
	Snapshot *model.Snapshot
}

// Drift is what differs between an earlier run and a later one.
type Drift struct {
	From ledger.Run `json:"from"`
	To   ledger.Run `json:"to"`
	// SameScope says whether both looked at the same accounts and regions.
	SameScope bool `json:"same_scope"`
	// New are failures that no earlier run of the same scope has; Reopened those
	// that one has, and the run From has not.
	New      []Item `json:"new"`
	Reopened []Item `json:"reopened"`
	Fixed    []Item `json:"fixed"`  // that failed and pass, do not apply any more, or whose resource is gone
	Waived   []Item `json:"waived"` // that failed and are accepted now
	// Unproven failed, and nobody knows whether they still do: what they rest on is
	// unknown now, or was not looked at, or the rule does not judge any more.
	Unproven []Item `json:"unproven"`
	// Obscured counts what passed and is unknown now.
	Obscured int `json:"obscured"`
	// StillFailing counts failures of both.
	StillFailing int        `json:"still_failing"`
	Added        []Resource `json:"added"`   // resources that the first run knows not to have been there
	Removed      []Resource `json:"removed"` // that the second knows not to be there
}

// Resource is a resource that one of the runs does not have.
type Resource struct {
	model.ResourceID
	Name string `json:"name"`
}

// Item is one rule on one resource that differs.
type Item struct {
	Rule     model.RuleID     `json:"rule"`
	Title    string           `json:"title"`
	Severity model.Severity   `json:"severity"`
	Resource model.ResourceID `json:"resource"`
	Name     string           `json:"name"`
	// Was and Is are its statuses; empty where it was not judged.
	Was      model.Status    `json:"was,omitempty"`
	Is       model.Status    `json:"is,omitempty"`
	Findings []model.Finding `json:"findings"` // of the run in which it fails
	// Failed is the latest run before From in which a reopened failure failed.
	Failed ledger.RunID `json:"failed,omitempty"`
	// Because is what changed of what the rule reads. It is empty when the
	// snapshots show nothing.
	Because []Difference `json:"because"`

	waiver *model.Waiver // of the run in which it is waived
}

// Earlier says in which run, the latest before a run, failures failed; see
// ledger.Ledger.FailedBefore.
type Earlier func(ctx context.Context, run *ledger.Run, list []ledger.Failure) (map[ledger.Failure]ledger.RunID, error)

// Between compares two runs. Memory grows with the failures that differ and with
// those of the later run, not with the results.
func Between(ctx context.Context, from, to *Side, earlier Earlier) (*Drift, error) {
	c := comparison{from: from, to: to, Drift: &Drift{From: from.Run, To: to.Run, SameScope: from.Run.Scope == to.Run.Scope, Added: []Resource{}, Removed: []Resource{}}}
	for _, list := range c.lists() {
		*list = []Item{} // an empty list in JSON
	}
	for _, step := range []func() error{
		c.readLater, c.readEarlier, c.readAgain,
		func() error { return c.reopened(ctx, earlier) },
		c.resources, c.because,
	} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := step(); err != nil {
			return nil, err
		}
	}
	for _, list := range c.lists() {
		sortItems(*list)
	}
	return c.Drift, nil
}

func (d *Drift) lists() []*[]Item {
	return []*[]Item{&d.New, &d.Reopened, &d.Fixed, &d.Waived, &d.Unproven}
}

// sortItems puts the worst first.
func sortItems(list []Item) {
	slices.SortFunc(list, func(a, b Item) int {
		return cmp.Or(a.Severity.Rank()-b.Severity.Rank(), cmp.Compare(a.Rule, b.Rule), a.Resource.Compare(b.Resource))
	})
}

// Fails says whether something fails that did not, of rules that are at least so
// severe.
func (d *Drift) Fails(least model.Severity) bool {
	for _, list := range [][]Item{d.New, d.Reopened} {
		for i := range list {
			if list[i].Severity.Rank() <= least.Rank() {
				return true
			}
		}
	}
	return false
}
