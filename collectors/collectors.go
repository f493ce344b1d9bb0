// Package collectors reads AWS accounts into a snapshot. It never writes to an
// account and never reads a secret's value: each collector declares an
// interface with the read calls that it makes, and nothing else.
//
// What could not be read is data, not an error: an attribute becomes unknown
// with the IAM action that is missing, a list becomes a gap. No refusal drops a
// row or ends the scan.
package collectors

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keyproof/keyproof/model"
)

// Collector reads one service of one account in one region.
type Collector interface {
	// Name is the service's name as IAM spells it, e.g. "secretsmanager".
	Name() string
	// Permissions are the IAM actions of all calls that it can make.
	Permissions() []string
	// Collect emits what it finds to the cell. Refused and failed calls are
	// reported to the cell too; an error means that the scan cannot go on
	// (it was cancelled, or the cell refused a resource).
	Collect(ctx context.Context, cell *Cell) error
}

// Plan is what Run does.
type Plan struct {
	Cells []CellPlan
	// TakenAt is the time of the snapshot. Ages are relative to it.
	TakenAt time.Time
	Tool    string // version of keyproof
	Callers []model.Caller
	// Concurrency is how many cells are read at a time; 0 means 8.
	Concurrency int
	// Progress is called when something was done; nil for silence. It must be
	// safe for concurrent use.
	Progress func(Progress)
}

// CellPlan is one account in one region, with its collectors in stages. The
// collectors of a stage run side by side; a stage sees the references that the
// earlier ones emitted.
type CellPlan struct {
	Cell   CellID
	Stages [][]Collector
	// Gap, when set, is why nothing of the cell can be read (the region is not
	// enabled, the role cannot be assumed): every kind of the region becomes a gap.
	Gap *model.Unknown
}

// Progress is a step of a scan.
type Progress struct {
	Cell      CellID
	Collector string
	Resources int  // emitted since the last call
	Done      bool // the collector has ended
}

// Run collects all cells into the spool and returns the snapshot over it. The
// snapshot is valid until the spool is closed.
func Run(ctx context.Context, plan Plan, spool *model.Spool) (*model.Snapshot, error) {
	if plan.Concurrency <= 0 {
		plan.Concurrency = 8
	}
	cells, names := make([]*Cell, len(plan.Cells)), newSameNames(plan.Cells)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(plan.Concurrency)
	for i, cp := range plan.Cells {
		cells[i] = newCell(cp.Cell, plan, spool, names)
		group.Go(func() error { return cells[i].run(ctx, cp) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	snap := &model.Snapshot{Resources: names.fill(spool.Resources())}
	snap.Outlines = func(full func(model.ResourceID) bool) iter.Seq2[*model.Resource, error] {
		return names.fill(spool.Outlines(full))
	}
	snap.TakenAt, snap.Tool, snap.Source, snap.Callers = plan.TakenAt.UTC(), plan.Tool, "live", plan.Callers
	snap.Members = plan.members()
	for _, c := range cells {
		snap.Scopes = append(snap.Scopes, c.scopeList()...)
	}
	slices.SortFunc(snap.Scopes, compareScopes)
	// An account of which nothing can be read says so in each of its cells.
	snap.Scopes = slices.CompactFunc(snap.Scopes, func(a, b model.Scope) bool { return compareScopes(a, b) == 0 })
	names.done(snap.Scopes)
	return snap, nil
}

func (c *Cell) run(ctx context.Context, cp CellPlan) error {
	if cp.Gap != nil {
		for _, kind := range model.Kinds() {
			// What belongs to no region is read from one that can be, if any.
			if !kind.Global() || len(c.Regions) == 0 {
				c.Gap(kind, *cp.Gap)
			}
		}
		return nil
	}
	for _, stage := range cp.Stages {
		group, ctx := errgroup.WithContext(ctx)
		for _, collector := range stage {
			group.Go(func() error {
				mine := c.forCollector(collector.Name())
				if err := collector.Collect(ctx, mine); err != nil {
					return fmt.Errorf("collect %s of %s in %s: %w", collector.Name(), c.Account, c.Region, err)
				}
				mine.done()
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return ctx.Err()
}
