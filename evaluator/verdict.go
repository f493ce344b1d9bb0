package evaluator

import (
	"context"
	"fmt"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// result is what a rule says of a resource. The detail may be that of other
// results too: it is never changed.
type result struct {
	status model.Status
	detail *model.Detail
}

// judgeOne is the result of a rule on the resource that is seen.
func (w *worker) judgeOne(ctx context.Context, r *rule, seen *view) (result, error) {
	applies := nothing
	if r.applicable != nil {
		var err error
		if applies, err = w.answer(ctx, r, r.applicable, seen); err != nil {
			return result{}, err
		}
		if applies.says != nil {
			return result{model.StatusNotApplicable, applies.says}, nil
		}
	}
	fails, err := w.answer(ctx, r, r.violation, seen)
	if err != nil {
		return result{}, err
	}
	switch {
	case applies.failed != nil:
		return unknown(applies.failed), nil
	case fails.failed != nil:
		return unknown(fails.failed), nil
	case len(applies.unknown) > 0:
		// It may not apply at all, so not even a certain violation is a failure.
		return w.unknown(r, seen, applies.unknown, fails.unknown), nil
	case fails.says != nil:
		return result{model.StatusFail, fails.says}, nil
	case len(fails.unknown) > 0:
		return w.unknown(r, seen, fails.unknown), nil
	default:
		return result{status: model.StatusPass}, nil
	}
}

func unknown(why map[string]model.Unknown) result {
	return result{model.StatusUnknown, &model.Detail{Unknown: why}}
}

// unknown is the result of a rule that cannot read the paths at some places, with
// the reasons. Many resources share them: all of a plan wait for its apply.
func (w *worker) unknown(r *rule, seen *view, lists ...[]int) result {
	all := slices.Concat(lists...)
	w.key = append(w.key[:0], r.Kind...)
	for _, place := range all {
		why := seen.facts[place].reason()
		w.key = fmt.Appendf(w.key, " %d %q %q %q", place, why.Reason, why.Action, why.Detail)
	}
	detail := w.reasons[string(w.key)]
	if detail == nil {
		detail = &model.Detail{Unknown: make(map[string]model.Unknown, len(all))}
		for _, place := range all {
			detail.Unknown[w.judge.layouts[r.Kind].paths[place].String()] = seen.facts[place].reason()
		}
		w.reasons[string(w.key)] = detail
		w.size++
	}
	return result{model.StatusUnknown, detail}
}
