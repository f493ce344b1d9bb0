package evaluator

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/keyproof/keyproof/model"
)

// worker judges resources one after another. It remembers verdicts by what
// rules can see: two resources that agree on everything that a rule can read
// get the same verdict from it.
type worker struct {
	judge    *Judge
	ix       *index
	values   *values
	related  map[relation]*view // of a related resource, in the layout of the kind that refers to it
	verdicts map[*rule]map[string]*verdict
	size     int
	key      []byte
}

type relation struct {
	resource *model.Resource
	kind     model.Kind
	role     string
}

func newWorker(j *Judge, ix *index) *worker {
	w := &worker{judge: j, ix: ix}
	w.forget()
	return w
}

func (w *worker) forget() {
	w.values, w.related, w.verdicts, w.size = newValues(), map[relation]*view{}, map[*rule]map[string]*verdict{}, 0
	for _, r := range w.judge.rules {
		w.verdicts[r] = map[string]*verdict{}
	}
}

// all returns the results of the rules on each resource.
func (w *worker) all(ctx context.Context, resources []*model.Resource) ([]*model.Judged, error) {
	list := make([]*model.Judged, 0, len(resources))
	for _, r := range resources {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		judged, err := w.one(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("judge %s: %w", r.ID, err)
		}
		list = append(list, judged)
	}
	return list, nil
}

func (w *worker) one(ctx context.Context, r *model.Resource) (*model.Judged, error) {
	judged := &model.Judged{Resource: r.ID, Name: r.Name, Origin: r.Origin}
	rules := w.judge.byKind[r.ID.Kind]
	if len(rules) == 0 {
		return judged, nil
	}
	if w.size+len(w.values.list) > w.judge.limits.remembered {
		w.forget()
	}
	seen, err := w.view(r)
	if err != nil {
		return nil, err
	}
	judged.Results = make([]model.Result, len(rules))
	for i, rule := range rules {
		v, err := w.verdict(ctx, rule, seen)
		if err != nil {
			return nil, err
		}
		judged.Results[i] = model.Result{
			Rule: rule.ID, Status: v.status, Findings: v.findings, NotApplicable: v.notApplicable,
			Unknown: v.reasons(w.judge.layouts[r.ID.Kind], seen),
		}
	}
	return judged, nil
}

func (w *worker) verdict(ctx context.Context, r *rule, seen *view) (*verdict, error) {
	w.key = w.key[:0]
	for _, place := range r.places {
		w.key = binary.LittleEndian.AppendUint32(w.key, uint32(seen.numbers[place]))
	}
	if v, ok := w.verdicts[r][string(w.key)]; ok {
		return v, nil
	}
	v, err := w.evaluate(ctx, r, seen)
	if err != nil {
		return nil, err
	}
	w.verdicts[r][string(w.key)] = v
	w.size++
	return v, nil
}

// view numbers what the rules can see of a resource.
func (w *worker) view(r *model.Resource) (*view, error) {
	l := w.judge.layouts[r.ID.Kind]
	v := &view{numbers: make([]number, len(l.paths))}
	if err := v.fill(w.values, r, l.own); err != nil {
		return nil, err
	}
	if err := v.identity(w.values, r.ID, l.own); err != nil {
		return nil, err
	}
	for role, places := range l.roles {
		var err error
		if role == usedBy {
			err = w.used(v, r, places)
		} else {
			err = w.relate(v, r, role, places)
		}
		if err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (w *worker) used(v *view, r *model.Resource, places map[string]int) error {
	for kind, place := range places {
		used := w.ix.usedBy(r, model.Kind(kind))
		b, ok := used.Get()
		if !ok {
			v.unknown(place, used.Why())
			continue
		}
		var err error
		if v.numbers[place], err = w.values.of(b); err != nil {
			return err
		}
	}
	return nil
}

// relate fills the paths of a role from the resource that r refers to.
func (w *worker) relate(v *view, r *model.Resource, role string, places map[string]int) error {
	found, why, gone := w.ix.related(r, role)
	if found == nil {
		for name, place := range places {
			switch {
			case why != nil:
				v.unknown(place, *why)
			case gone && name == "exists":
				var err error
				if v.numbers[place], err = w.values.of(false); err != nil {
					return err
				}
			default:
				v.numbers[place] = numberAbsent
			}
		}
		return nil
	}
	theirs, err := w.relatedView(relation{found, r.ID.Kind, role}, places)
	if err != nil {
		return err
	}
	for _, place := range places {
		v.numbers[place] = theirs.numbers[place]
		if why, ok := theirs.why[place]; ok {
			v.unknown(place, why)
		}
	}
	return nil
}

func (w *worker) relatedView(of relation, places map[string]int) (*view, error) {
	if v, ok := w.related[of]; ok {
		return v, nil
	}
	v := &view{numbers: make([]number, len(w.judge.layouts[of.kind].paths))}
	if err := v.fill(w.values, of.resource, places); err != nil {
		return nil, err
	}
	if place, ok := places["exists"]; ok {
		var err error
		if v.numbers[place], err = w.values.of(true); err != nil {
			return nil, err
		}
	}
	w.related[of] = v
	return v, nil
}
