package remediator

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/keyproof/keyproof/internal/glob"
	"github.com/keyproof/keyproof/model"
)

// Filter says which failures a plan is about. An empty member is about all.
type Filter struct {
	Actions   []string
	Rules     []model.RuleID
	Resources []string // names or ARNs; * is any characters
	Accounts  []string
	Regions   []string
	// Max is the most changes that are planned; 0 for no limit.
	Max int
}

func (f *Filter) wants(r *model.Result, action string) bool {
	in := func(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }
	named := len(f.Resources) == 0 || slices.ContainsFunc(f.Resources, func(p string) bool {
		return glob.Match(p, r.Name) || glob.Match(p, r.Resource.ID)
	})
	return named && in(f.Actions, action) && in(f.Accounts, r.Resource.Account) && in(f.Regions, r.Resource.Region) &&
		(len(f.Rules) == 0 || slices.Contains(f.Rules, r.Rule))
}

// Choice is what users set of an action, for some resources.
type Choice struct {
	Action string
	Where  model.Where
	Set    Settings
}

// Maker makes plans.
type Maker struct {
	Actions []Action
	Filter  Filter
	// Choices are in order: of two that set the same of a resource the later wins.
	Choices []Choice
	Env     *Env // nil: AWS is not asked
	Tool    string
	// Progress is told of each change before it is planned; nil for silence.
	Progress func(done, of int)
}

// Plan plans a change for each failure of a report that an action can mend. The
// snapshot is the one that the report judged.
func (m *Maker) Plan(ctx context.Context, snap *model.Snapshot, report *model.Report) (*Plan, error) {
	p := &Plan{
		Version: PlanVersion, MadeAt: report.TakenAt, Tool: m.Tool, Source: report.Source, TakenAt: report.TakenAt,
		Changes: []*model.Change{}, Skipped: []Skip{}, Offline: m.Env == nil,
	}
	if m.Env != nil {
		p.MadeAt = m.Env.Now().UTC()
	}
	targets, err := m.targets(report, p)
	if err != nil {
		return nil, err
	}
	if err := m.fill(snap, report, targets); err != nil {
		return nil, err
	}
	for i, t := range targets {
		if m.Filter.Max > 0 && len(p.Changes) >= m.Filter.Max {
			p.Left = len(targets) - i
			break
		}
		if m.Progress != nil {
			m.Progress(i, len(targets))
		}
		if t.Resource == nil {
			p.Skipped = append(p.Skipped, Skip{Action: t.action.Name(), Rules: t.Failed(), Resource: t.id, Name: t.name, Why: "the snapshot does not hold it"})
			continue
		}
		c, skip, err := Make(ctx, m.Env, t.action, &t.Target)
		switch {
		case err != nil:
			return nil, err
		case skip != nil:
			p.Skipped = append(p.Skipped, *skip)
		default:
			p.Changes = append(p.Changes, c)
		}
	}
	p.Hash = p.hash()
	return p, nil
}

// target is a Target before its resource is found.
type target struct {
	Target
	id     model.ResourceID
	name   string
	action Action
}

// targets groups the failures by resource and action, in the order of resources.
func (m *Maker) targets(report *model.Report, p *Plan) ([]*target, error) {
	rules := map[model.RuleID]*model.Rule{}
	for i := range report.Rules {
		rules[report.Rules[i].ID] = &report.Rules[i]
	}
	type key struct {
		id     model.ResourceID
		action string
	}
	var list []*target
	at := map[key]*target{}
	for r, err := range report.Results {
		if err != nil {
			return nil, err
		}
		rule := rules[r.Rule]
		if r.Status == model.StatusUnknown && !r.Gap && rule != nil && rule.Remediation.Action != "" && m.Filter.wants(r, rule.Remediation.Action) {
			p.Unknown++
		}
		if r.Status != model.StatusFail || rule == nil || r.Gap || !m.Filter.wants(r, rule.Remediation.Action) {
			continue
		}
		action := rule.Remediation.Action
		if action == "" {
			p.ByHand++
			continue
		}
		a := Find(m.Actions, action)
		if a == nil {
			p.Skipped = append(p.Skipped, Skip{Action: action, Rules: []model.RuleID{r.Rule}, Resource: r.Resource, Name: r.Name,
				Why: fmt.Sprintf("there is no action %s", action), Next: "keyproof rules show " + string(r.Rule)})
			continue
		}
		k := key{r.Resource, action}
		if at[k] == nil {
			at[k] = &target{id: r.Resource, name: r.Name, action: a}
			list = append(list, at[k])
		}
		at[k].Failures = append(at[k].Failures, Failure{Rule: effective(rule, r), Findings: r.Findings})
	}
	return list, nil
}

// effective is a rule with the parameters that judged a resource.
func effective(rule *model.Rule, r *model.Result) model.Rule {
	e := *rule
	for _, i := range r.Overrides {
		params := map[string]model.Param{}
		for name, p := range e.Params {
			if v, set := rule.Overrides[i].Set[name]; set {
				p.Value, p.Why = v, rule.Overrides[i].Why
			}
			params[name] = p
		}
		e.Params = params
	}
	return e
}

// fill finds the resources of targets in the snapshot, with what actions may look
// at beside them.
func (m *Maker) fill(snap *model.Snapshot, report *model.Report, targets []*target) error {
	wanted := map[model.ResourceID][]*target{}
	for _, t := range targets {
		wanted[t.id] = append(wanted[t.id], t)
	}
	ix := newIndex(snap.Header)
	for r, err := range snap.Resources {
		if err != nil {
			return err
		}
		ix.add(r)
		for _, t := range wanted[r.ID] {
			t.Target.Resource = r
		}
	}
	for _, t := range targets {
		t.Related, t.Rules = ix, report.Rules
		t.Settings = Settings{}
		for _, c := range m.Choices {
			if c.Action == t.action.Name() && (t.Resource == nil || chosen(&c.Where, t.Resource)) {
				for name, value := range c.Set {
					t.Settings[name] = value
				}
			}
		}
	}
	return nil
}

// chosen says whether a resource is one that is meant. Tags that are not known are
// not those that were asked for.
func chosen(w *model.Where, r *model.Resource) bool {
	in := func(pattern, s string) bool { return pattern == "" || glob.Match(pattern, s) }
	if !in(w.Account, r.ID.Account) || !in(w.Region, r.ID.Region) || !in(w.Name, r.Name) {
		return false
	}
	if len(w.Tags) == 0 {
		return true
	}
	for _, f := range model.Fields(r.ID.Kind) {
		if v, ok := f.Of(r.Body).(*model.Value[map[string]string]); ok && f.Name == "tags" {
			have, _ := v.Get()
			for key, pattern := range w.Tags {
				if value, there := have[key]; !there || !glob.Match(pattern, value) {
					return false
				}
			}
			return true
		}
	}
	return false
}

// Repairable are the resources of a report that Plan would plan for.
func (m *Maker) Repairable(report *model.Report) iter.Seq2[model.ResourceID, error] {
	return func(yield func(model.ResourceID, error) bool) {
		list, err := m.targets(report, &Plan{})
		if err != nil {
			yield(model.ResourceID{}, err)
			return
		}
		for _, t := range list {
			if !yield(t.id, nil) {
				return
			}
		}
	}
}
