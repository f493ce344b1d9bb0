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
	// Own is what the file itself says of before where Before is a scan, which does
	// not tell what the change deletes, nor what stands in the code. Nil when the
	// file says nothing.
	Own *Change
}

func (c *Change) was(r *model.Resource) []model.ResourceID {
	if c.Was == nil {
		return []model.ResourceID{r.ID}
	}
	return c.Was(r)
}

// Open is how many failures Before has in all, and how many of them the changes
// settle.
type Open struct{ Failures, Fixed int }

// EvaluateChanges judges proposed changes. Each result of what will be there
// says what the change makes of it; failures of what is deleted are there too,
// as fixed. The report is valid until the spool is closed.
func (j *Judge) EvaluateChanges(ctx context.Context, header model.Header, changes []Change, spool *model.ResultSpool) (*model.Report, Open, error) {
	e := newEvaluation(j, &j.quiet, &header, spool) // a change has no past
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
		if i == 0 || changes[i].Before != changes[i-1].Before { // files are compared with one scan
			open.Failures += len(d.failures)
		}
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

	own  *delta          // what the file itself says; nil for none
	gone map[target]bool // resources of a scan that the file deletes
}

type failure struct {
	of   target
	rule model.RuleID
}

func targetOf(id model.ResourceID) target { return target{id.Kind, id.ID} }

func newDelta(ctx context.Context, j *Judge, c *Change) (*delta, error) {
	d := &delta{
		change: c, failures: map[failure][]model.Finding{}, names: map[target]*model.Judged{},
		was: map[target]target{}, kept: map[target]bool{}, rules: j.quiet.ids,
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
		for _, id := range c.was(r) {
			if at := targetOf(id); there[at] {
				d.was[targetOf(r.ID)], d.kept[at] = at, true
				break
			}
		}
	}
	if err := d.judge(ctx, j); err != nil || c.Own == nil {
		return d, err
	}
	return d, d.readOwn(ctx, j)
}

// judge finds what fails before the change. Waivers do not matter here: what is
// waived is no failure after the change either.
func (d *delta) judge(ctx context.Context, j *Judge) error {
	ix, _, err := newIndex(d.change.Before, j.referred())
	if err != nil {
		return err
	}
	for judged, err := range j.stream(ctx, d.change.Before, ix, &j.quiet) {
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
	for place, status := range judged.Statuses {
		_, failed := d.before(judged, place)
		switch {
		case status == model.StatusFail && (d.had(judged, place) || d.own.had(judged, place)):
			judged.Details[place] = marked(judged.Details[place], model.DeltaExisting)
		case status == model.StatusFail:
			judged.Details[place] = marked(judged.Details[place], model.DeltaIntroduced)
		case failed && (status == model.StatusPass || status == model.StatusNotApplicable):
			judged.Details[place] = marked(judged.Details[place], model.DeltaFixed)
			d.fixed++
		}
	}
}

// before are the findings of a rule before the change, and whether it failed.
func (d *delta) before(judged *model.Judged, place int) ([]model.Finding, bool) {
	was, known := d.was[targetOf(judged.Resource)]
	if !known {
		return nil, false
	}
	findings, failed := d.failures[failure{was, judged.Rules[place]}]
	return findings, failed
}

// had says whether all that a rule finds was there before.
func (d *delta) had(judged *model.Judged, place int) bool {
	if d == nil {
		return false
	}
	before, failed := d.before(judged, place)
	return failed && d.within(judged.Details[place].Findings, before)
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
	f.Seen = nil
	if d.change.Live {
		f.Message = ""
	}
	return f
}

func marked(d *model.Detail, as model.Delta) *model.Detail {
	return result{detail: d}.with(func(d *model.Detail) { d.Delta = as }).detail
}
