package evaluator

import (
	"context"

	"github.com/keyproof/keyproof/model"
)

// readOwn reads what the file itself says of before, and finds in the scan what
// it deletes.
func (d *delta) readOwn(ctx context.Context, j *Judge) error {
	var err error
	if d.own, err = newDelta(ctx, j, d.change.Own); err != nil || d.change.Own.Before == nil {
		return err
	}
	d.gone = map[target]bool{}
	for r, err := range d.change.Own.Before.Outline(func(model.ResourceID) bool { return false }) {
		if err != nil {
			return err
		}
		if d.own.kept[targetOf(r.ID)] {
			continue
		}
		for _, id := range d.change.was(r) {
			d.gone[targetOf(id)] = true
		}
	}
	return nil
}

// deleted gives the failures of what is not there after the change.
func (d *delta) deleted(keep func(*model.Judged) error) error {
	for _, at := range d.order {
		if d.kept[at] || d.change.Live && !d.gone[at] {
			continue
		}
		gone := d.names[at]
		var rules []model.RuleID
		for _, id := range d.rules[at.kind] {
			if _, failed := d.failures[failure{at, id}]; failed {
				rules = append(rules, id)
			}
		}
		origin := gone.Origin
		gone.Reset(gone.Resource, gone.Name, rules)
		gone.Origin = origin
		for place := range rules {
			gone.Statuses[place] = model.StatusNotApplicable
			gone.Details[place] = &model.Detail{NotApplicable: []string{"the change deletes it"}, Delta: model.DeltaFixed}
			d.fixed++
		}
		if err := keep(gone); err != nil {
			return err
		}
	}
	return nil
}
