package evaluator

import (
	"context"

	"github.com/keyproof/keyproof/model"
)

// Change is a proposed change: what will be there, and what is there now.
type Change struct {
	After *model.Snapshot
	// Before is nil when nothing is known of it: then every failure is
	// introduced.
	Before *model.Snapshot
	// Live says that Before is the scan of whole accounts: what is there and not in
	// After is not touched by the change. Otherwise it is deleted.
	Live bool
	// Was returns the IDs that a resource of After may have in Before, most certain
	// first. Nil where it has the same one.
	Was func(after *model.Resource) []model.ResourceID
}

// Open is how many failures Before has in all, and how many of them the changes
// settle.
type Open struct{ Failures, Fixed int }

// EvaluateChanges judges proposed changes. Each result of what will be there
// says what the change makes of it; failures of what is deleted are there too,
// as fixed. The report is valid until the spool is closed.
func (j *Judge) EvaluateChanges(ctx context.Context, header model.Header, changes []Change, spool *model.ResultSpool) (*model.Report, Open, error) {
	e := newEvaluation(j, &header, spool)
	var open Open
	for i := range changes {
		d, err := newDelta(ctx, j, &changes[i])
		if err != nil {
			return nil, open, err
		}
		if err := e.add(ctx, changes[i].After, d.mark); err != nil {
			return nil, open, err
		}
		if err := d.deleted(e.keep); err != nil {
			return nil, open, err
		}
		open.Failures += len(d.failures)
		open.Fixed += d.fixed
	}
	report, err := e.report(func(judged *model.Judged) {
		// That a waiver is out of date is not of the change.
		for place, status := range judged.Statuses {
			if status == model.StatusFail {
				judged.Details[place] = marked(judged.Details[place], model.DeltaExisting)
			}
		}
	})
	return report, open, err
}

// delta compares results with those of before the change.
type delta struct {
	change   *Change
	failures map[failure][]model.Finding // of before
	names    map[target]*model.Judged    // resources of before that fail, without results
	order    []target                    // of names
	was      map[target]target           // by resource of after
	kept     map[target]bool             // resources of before that are there after
	rules    map[model.Kind][]model.RuleID
	fixed    int
}

type failure struct {
	of   target
	rule model.RuleID
}

func targetOf(id model.ResourceID) target { return target{id.Kind, id.ID} }

func newDelta(ctx context.Context, j *Judge, c *Change) (*delta, error) {
	d := &delta{
		change: c, failures: map[failure][]model.Finding{}, names: map[target]*model.Judged{},
		was: map[target]target{}, kept: map[target]bool{}, rules: j.ids,
	}
	if c.Before == nil {
		return d, nil
	}
	there := map[target]bool{}
	for r, err := range c.Before.Outline(func(model.ResourceID) bool { return false }) {
		if err != nil {
			return nil, err
		}
		there[targetOf(r.ID)] = true
	}
	for r, err := range c.After.Resources {
		if err != nil {
			return nil, err
		}
		ids := []model.ResourceID{r.ID}
		if c.Was != nil {
			ids = c.Was(r)
		}
		for _, id := range ids {
			if at := targetOf(id); there[at] {
				d.was[targetOf(r.ID)], d.kept[at] = at, true
				break
			}
		}
	}
	return d, d.judge(ctx, j)
}

// judge finds what fails before the change. Waivers do not matter here: what is
// waived is no failure after the change either.
func (d *delta) judge(ctx context.Context, j *Judge) error {
	ix, _, err := newIndex(d.change.Before, j.referred())
	if err != nil {
		return err
	}
	for judged, err := range j.stream(ctx, d.change.Before, ix) {
		if err != nil {
			return err
		}
		for place, status := range judged.Statuses {
			if status != model.StatusFail {
				continue
			}
			at := targetOf(judged.Resource)
			d.failures[failure{at, judged.Rules[place]}] = judged.Details[place].Findings
			if d.names[at] == nil {
				d.names[at] = &model.Judged{Resource: judged.Resource, Name: judged.Name, Origin: judged.Origin}
				d.order = append(d.order, at)
			}
		}
		j.used.put(judged)
	}
	return nil
}

// mark says of each result what the change makes of it.
func (d *delta) mark(judged *model.Judged) {
	was, known := d.was[targetOf(judged.Resource)]
	for place, status := range judged.Statuses {
		var before []model.Finding
		failed := false
		if known {
			before, failed = d.failures[failure{was, judged.Rules[place]}]
		}
		switch {
		case status == model.StatusFail && failed && d.within(judged.Details[place].Findings, before):
			judged.Details[place] = marked(judged.Details[place], model.DeltaExisting)
		case status == model.StatusFail:
			judged.Details[place] = marked(judged.Details[place], model.DeltaIntroduced)
		case failed && (status == model.StatusPass || status == model.StatusNotApplicable):
			judged.Details[place] = marked(judged.Details[place], model.DeltaFixed)
			d.fixed++
		}
	}
}

// within says whether each finding was there before: one more reason to fail is
// introduced even where there were others. A live account gives other details in
// the same finding (an ARN for an address), so only what it is about counts.
func (d *delta) within(findings, before []model.Finding) bool {
	have := map[model.Finding]bool{}
	for _, f := range before {
		have[d.gist(f)] = true
	}
	for _, f := range findings {
		if !have[d.gist(f)] {
			return false
		}
	}
	return true
}

func (d *delta) gist(f model.Finding) model.Finding {
	if d.change.Live {
		f.Message = ""
	}
	return f
}

func marked(d *model.Detail, as model.Delta) *model.Detail {
	return result{detail: d}.with(func(d *model.Detail) { d.Delta = as }).detail
}

// deleted gives the failures of what is not there after the change.
func (d *delta) deleted(keep func(*model.Judged) error) error {
	if d.change.Live {
		return nil
	}
	for _, at := range d.order {
		if d.kept[at] {
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
