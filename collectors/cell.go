package collectors

import (
	"cmp"
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keyproof/keyproof/model"
)

// CellID names an account in a region.
type CellID struct {
	Partition string // aws, aws-cn, aws-us-gov
	Account   string // 12 digits
	Region    string
	// Org is what is known of the account's organization.
	Org *Organization
	// Regions are all regions of this account that the scan can read. A trail is
	// emitted in its home region if that is one of them, else in the first.
	Regions []string
}

// Cell is where a collector puts what it finds.
type Cell struct {
	CellID
	TakenAt  time.Time
	shared   *cellState
	name     string // the collector's
	progress func(Progress)
}

type cellState struct {
	mu     sync.Mutex
	spool  *model.Spool
	scopes map[model.Kind]*model.Scope
	refs   map[model.Kind]map[string]bool
	calls  map[string][]string // functions by how secrets name them; see Calls
	names  *sameNames          // of all cells
}

func newCell(id CellID, plan Plan, spool *model.Spool, names *sameNames) *Cell {
	return &Cell{CellID: id, TakenAt: plan.TakenAt, progress: plan.Progress, shared: &cellState{
		spool: spool, scopes: map[model.Kind]*model.Scope{}, refs: map[model.Kind]map[string]bool{},
		calls: map[string][]string{}, names: names,
	}}
}

func (c *Cell) forCollector(name string) *Cell {
	mine := *c
	mine.name = name
	return &mine
}

// ID returns the ID of a resource of this cell.
func (c *Cell) ID(kind model.Kind, id string) model.ResourceID {
	return model.ResourceID{Kind: kind, Account: c.Account, Region: c.regionOf(kind), ID: id}
}

// First says whether this is the cell of its account that reads what belongs
// to no region. Each account has one, however many regions are scanned.
func (c *Cell) First() bool { return len(c.Regions) == 0 || c.Region == c.Regions[0] }

func (c *Cell) regionOf(kind model.Kind) string {
	if kind.Global() {
		return model.RegionGlobal
	}
	return c.Region
}

// Emit adds a resource to the snapshot, after filling its derived attributes.
func (c *Cell) Emit(r *model.Resource) error {
	r.Body.Derive(c.TakenAt)
	if err := c.shared.spool.Append(r); err != nil {
		return err
	}
	c.shared.names.add(r)
	c.shared.mu.Lock()
	c.shared.scope(c, r.ID.Kind).Count++
	for _, ref := range r.Refs {
		if to, ok := ref.Get(); ok {
			if c.shared.refs[to.Kind] == nil {
				c.shared.refs[to.Kind] = map[string]bool{}
			}
			c.shared.refs[to.Kind][to.ID] = true
		}
	}
	c.shared.mu.Unlock()
	c.report(Progress{Resources: 1})
	return nil
}

// Listed says that all resources of a kind were emitted: one that is referred
// to and was not emitted does not exist.
func (c *Cell) Listed(kind model.Kind) {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	c.shared.scope(c, kind)
}

// Gap says that the list of a kind is not complete, and why.
func (c *Cell) Gap(kind model.Kind, why model.Unknown) {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	if s := c.shared.scope(c, kind); s.Gap == nil {
		s.Gap = &why
	}
}

// GapOf returns why the list of a kind is not complete, if an earlier stage said
// so: then nobody can say that a resource is not referred to.
func (c *Cell) GapOf(kind model.Kind) (why model.Unknown, incomplete bool) {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	if s := c.shared.scopes[kind]; s != nil && s.Gap != nil {
		return *s.Gap, true
	}
	return model.Unknown{}, false
}

// Referenced says whether a resource of an earlier stage refers to the ID.
func (c *Cell) Referenced(kind model.Kind, id string) bool {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	return c.shared.refs[kind][id]
}

func (s *cellState) scope(c *Cell, kind model.Kind) *model.Scope {
	if s.scopes[kind] == nil {
		s.scopes[kind] = &model.Scope{Kind: kind, Account: c.Account, Region: c.regionOf(kind)}
	}
	return s.scopes[kind]
}

func (c *Cell) scopeList() []model.Scope {
	var list []model.Scope
	for _, s := range c.shared.scopes {
		list = append(list, *s)
	}
	return list
}

func compareScopes(a, b model.Scope) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Kind, b.Kind))
}

func (c *Cell) report(p Progress) {
	if c.progress == nil {
		return
	}
	p.Cell, p.Collector = c.CellID, c.name
	c.progress(p)
}

func (c *Cell) done() { c.report(Progress{Done: true}) }

// Each calls f for every item, at most n at a time, and stops at the first
// error. Refused calls are not errors; see Collector.
func Each[T any](ctx context.Context, n int, items []T, f func(context.Context, T) error) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(n)
	for _, item := range items {
		if inner.Err() != nil {
			break
		}
		group.Go(func() error { return f(inner, item) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}
