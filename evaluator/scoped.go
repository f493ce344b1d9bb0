package evaluator

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// variants are the values of a rule's parameters that a worker has met: by rule
// and by which of its overrides apply.
type variants map[*rule]map[string]*variant

// variant is a rule's parameters for some resources. Its number is part of the
// key of what is remembered; 0 stands for the rule's own values.
type variant struct {
	number  uint32
	params  *ast.Term
	applied []int // places of the overrides that decided a parameter
}

// maxMaybe bounds how many overrides with unknown tags are tried in all
// combinations, two to the power of it. Beyond, the result is unknown.
const maxMaybe = 5

// judgeScoped judges with the parameters that hold for the resource. It costs
// nothing for rules without overrides.
func (w *worker) judgeScoped(ctx context.Context, r *rule, of *model.Resource, seen *view) (result, error) {
	if r.Off != nil {
		return r.switchedOff(), nil
	}
	if len(r.Overrides) == 0 {
		return w.judgeOne(ctx, r, seen)
	}
	return w.judgeVariants(ctx, r, of, seen)
}

// judgeVariants judges with the overrides that apply. Where unknown tags leave
// several sets of parameters possible, an answer must hold with each of them.
func (w *worker) judgeVariants(ctx context.Context, r *rule, of *model.Resource, seen *view) (all result, err error) {
	defer func() { seen.params, seen.variant = nil, 0 }()
	which, why := r.which(of)
	var open []int
	for i, c := range which {
		if c == mayApply {
			open = append(open, i)
		}
	}
	if len(open) > maxMaybe {
		return unknown(map[string]model.Unknown{path{"", r.tags.Name}.String(): why}), nil
	}
	for mask := range 1 << len(open) {
		for bit, i := range open {
			which[i] = appliesNot
			if mask&(1<<bit) != 0 {
				which[i] = applies
			}
		}
		v, err := w.variant(r, which)
		if err != nil {
			return result{}, err
		}
		seen.params, seen.variant = v.params, v.number
		one, err := w.judgeOne(ctx, r, seen)
		switch {
		case err != nil:
			return result{}, err
		case len(open) == 0 && len(v.applied) == 0:
			return one, nil
		case len(open) == 0:
			return one.with(func(d *model.Detail) { d.Overrides = v.applied }), nil
		case mask == 0:
			all = one
		default:
			all = agreed(all, one)
		}
	}
	if all.status == model.StatusUnknown {
		all = all.with(func(d *model.Detail) {
			d.Unknown = maps.Clone(d.Unknown)
			if d.Unknown == nil {
				d.Unknown = map[string]model.Unknown{}
			}
			d.Unknown[path{"", r.tags.Name}.String()] = why
		})
	}
	return all, nil
}

// with is the result with more to say.
func (r result) with(change func(*model.Detail)) result {
	d := model.Detail{}
	if r.detail != nil {
		d = *r.detail
	}
	change(&d)
	r.detail = &d
	return r
}

// agreed is the answer that both give, with the reasons of both; else neither
// is known.
func agreed(a, b result) result {
	same := a.status == b.status
	if !same {
		a.status = model.StatusUnknown
	}
	return a.with(func(d *model.Detail) {
		var o model.Detail
		if b.detail != nil {
			o = *b.detail
		}
		if len(o.Unknown) > 0 {
			d.Unknown = maps.Clone(d.Unknown)
			if d.Unknown == nil {
				d.Unknown = map[string]model.Unknown{}
			}
			maps.Copy(d.Unknown, o.Unknown)
		}
		if !same {
			d.Findings, d.NotApplicable = nil, nil
			return
		}
		d.Findings, d.NotApplicable = joined(d.Findings, o.Findings), joined(d.NotApplicable, o.NotApplicable)
	})
}

func joined[T comparable](a, b []T) []T {
	all := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	return all
}

// variant returns the parameters for the overrides that apply.
func (w *worker) variant(r *rule, which []byte) (*variant, error) {
	known := w.params[r]
	if known == nil {
		known = map[string]*variant{}
		w.params[r] = known
	}
	if v := known[string(which)]; v != nil {
		return v, nil
	}
	v := &variant{}
	decides := map[string]int{} // parameter: override
	for i := range r.Overrides {
		if which[i] == applies {
			for name := range r.Overrides[i].Set {
				decides[name] = i
			}
		}
	}
	if len(decides) > 0 {
		// Made anew, not from the rule's own terms, which other workers use.
		params := map[string]any{}
		for name, p := range r.Params {
			params[name] = p.Value
		}
		for name, i := range decides {
			params[name] = r.Overrides[i].Set[name]
			v.applied = append(v.applied, i)
		}
		value, err := ast.InterfaceToValue(params)
		if err != nil {
			return nil, fmt.Errorf("parameters of rule %s: %w", r.ID, err)
		}
		slices.Sort(v.applied)
		v.applied = slices.Compact(v.applied)
		v.number, v.params = uint32(len(known)+1), ast.NewTerm(value)
	}
	known[string(which)] = v
	return v, nil
}

func (r *rule) switchedOff() result {
	return result{model.StatusNotApplicable, &model.Detail{NotApplicable: []string{"switched off: " + r.Off.Reason}}}
}
