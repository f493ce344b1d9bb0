package drift

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
)

// comparison is the work on two runs.
type comparison struct {
	*Drift
	from, to *Side
	failing  map[ledger.Failure]*Item // of the later run, until the earlier one has it too
	unknown  map[ledger.Failure]bool  // of the later run
	over     map[ledger.Failure]*Item // of the earlier run, that the later one has not
}

// readLater gathers what fails and what is unknown in the later run.
func (c *comparison) readLater() error {
	c.failing, c.unknown, c.over = map[ledger.Failure]*Item{}, map[ledger.Failure]bool{}, map[ledger.Failure]*Item{}
	for r, err := range c.to.Report.Results {
		switch {
		case err != nil:
			return err
		case r.Status == model.StatusFail:
			c.failing[keyOf(r)] = c.to.item(r)
		case r.Status == model.StatusUnknown:
			c.unknown[keyOf(r)] = true
		}
	}
	return nil
}

func keyOf(r *model.Result) ledger.Failure {
	return ledger.Failure{Rule: r.Rule, Resource: r.Resource}
}

func (s *Side) item(r *model.Result) *Item {
	i := &Item{Rule: r.Rule, Resource: r.Resource, Name: r.Name, Findings: r.Findings, waiver: r.Waiver, Because: []Difference{}}
	if rule := s.Report.Rule(r.Rule); rule != nil {
		i.Title, i.Severity = rule.Title, rule.Severity
	}
	return i
}

// readEarlier finds what the earlier run says of each failure, and what failed
// there and does not now.
func (c *comparison) readEarlier() error {
	for r, err := range c.from.Report.Results {
		if err != nil {
			return err
		}
		key := keyOf(r)
		now := c.failing[key]
		switch {
		case r.Status == model.StatusFail && now != nil:
			c.StillFailing++
			delete(c.failing, key)
		case r.Status == model.StatusFail:
			item := c.from.item(r)
			item.Was = r.Status
			c.over[key] = item
		case now != nil:
			now.Was, now.waiver = r.Status, r.Waiver
		case r.Status == model.StatusPass && c.unknown[key]:
			c.Obscured++
		}
	}
	for _, item := range c.failing {
		item.Is = model.StatusFail
	}
	return nil
}

// readAgain finds what the later run says of what failed before.
func (c *comparison) readAgain() error {
	if len(c.over) > 0 {
		for r, err := range c.to.Report.Results {
			if err != nil {
				return err
			}
			if item := c.over[keyOf(r)]; item != nil {
				item.Is, item.waiver = r.Status, r.Waiver
			}
		}
	}
	for _, item := range c.over {
		switch {
		case item.Is == model.StatusPass, item.Is == model.StatusNotApplicable, item.Is == "" && c.gone(item):
			c.Fixed = append(c.Fixed, *item)
		case item.Is == model.StatusWaived:
			c.Waived = append(c.Waived, *item)
		default:
			c.Unproven = append(c.Unproven, *item)
		}
	}
	return nil
}

// gone says whether the later run knows that the resource of an item is not
// there: the rule still judges, and the list that it would be in is whole.
func (c *comparison) gone(item *Item) bool {
	rule := c.to.Report.Rule(item.Rule)
	return rule != nil && rule.Off == nil && c.to.listed(item.Resource)
}

// listed says whether a run knows all resources of a kind in a place.
func (s *Side) listed(id model.ResourceID) bool {
	if id.Kind == model.KindWaiver {
		return true // they are all in the configuration
	}
	return slices.ContainsFunc(s.Report.Scopes, func(scope model.Scope) bool {
		return scope.Gap == nil && scope.Kind == id.Kind && scope.Account == id.Account && scope.Region == id.Region
	})
}

// reopened tells failures that are new from those that came back.
func (c *comparison) reopened(ctx context.Context, earlier Earlier) error {
	list := slices.Collect(maps.Keys(c.failing))
	before, err := earlier(ctx, &c.from.Run, list)
	if err != nil {
		return fmt.Errorf("look for earlier failures: %w", err)
	}
	for key, item := range c.failing {
		if item.Failed = before[key]; item.Failed != "" {
			c.Reopened = append(c.Reopened, *item)
		} else {
			c.New = append(c.New, *item)
		}
	}
	return nil
}
