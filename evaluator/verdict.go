package evaluator

import (
	"context"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// judgeOne fills in the status of a rule on the resource that is seen.
func (w *worker) judgeOne(ctx context.Context, r *rule, seen *view, result *model.Result) error {
	applies := &answer{}
	if r.applicable != nil {
		var err error
		if applies, err = w.answer(ctx, r, r.applicable, seen); err != nil {
			return err
		}
		if len(applies.reasons) > 0 {
			result.Status, result.NotApplicable = model.StatusNotApplicable, applies.reasons
			return nil
		}
	}
	fails, err := w.answer(ctx, r, r.violation, seen)
	if err != nil {
		return err
	}
	result.Status = model.StatusUnknown
	switch {
	case applies.failed != nil:
		result.Unknown = wrong(applies.failed)
	case fails.failed != nil:
		result.Unknown = wrong(fails.failed)
	case len(applies.unknown) > 0:
		// It may not apply at all, so not even a certain violation is a failure.
		result.Unknown = w.reasons(r, seen, applies.unknown, fails.unknown)
	case len(fails.findings) > 0:
		result.Status, result.Findings = model.StatusFail, fails.findings
	case len(fails.unknown) > 0:
		result.Unknown = w.reasons(r, seen, fails.unknown)
	default:
		result.Status = model.StatusPass
	}
	return nil
}

// reasons says why the paths at some places are unknown.
func (w *worker) reasons(r *rule, seen *view, unknown ...[]int) map[string]model.Unknown {
	all := slices.Concat(unknown...)
	reasons := make(map[string]model.Unknown, len(all))
	for _, place := range all {
		why := seen.why[place]
		if why.Reason == "" {
			why.Reason = model.ReasonNotCollected
		}
		reasons[w.judge.layouts[r.Kind].paths[place].String()] = why
	}
	return reasons
}

// wrong is the reason where the rule itself went wrong, on known attributes.
func wrong(failed *model.Unknown) map[string]model.Unknown {
	return map[string]model.Unknown{"rule": {Reason: model.ReasonRule, Detail: failed.Detail}}
}
