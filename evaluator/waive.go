package evaluator

import (
	"time"

	"github.com/keyproof/keyproof/model"
)

// waiving applies waivers to the results of one evaluation, and keeps count of
// what each of them was good for.
type waiving struct {
	judge  *Judge
	panel  *panel
	header *model.Header
	byRule map[model.RuleID][]int
	uses   []use // by waiver
}

// use is what became of a waiver.
type use struct {
	begun, expired bool
	failure        bool // it covers a failure
	unknown        bool // it covers something that could not be judged
}

func newWaiving(j *Judge, p *panel, h *model.Header) *waiving {
	w := &waiving{judge: j, panel: p, header: h, byRule: map[model.RuleID][]int{}, uses: make([]use, len(j.waivers))}
	for i := range j.waivers {
		of := &j.waivers[i]
		w.byRule[of.Rule] = append(w.byRule[of.Rule], i)
		// A waiver counts at the time of the snapshot, so that old evidence
		// judges to the same result. Dates have no time zone: where it is
		// tomorrow already, a waiver of today is not one of the future.
		w.uses[i].begun = of.Created.IsZero() || !h.TakenAt.Add(24*time.Hour).Before(of.Created.Starts())
		w.uses[i].expired = !of.Expires.IsZero() && !h.TakenAt.Before(of.Expires.Ends())
	}
	return w
}

// apply waives failures, the first waiver in force that covers one. What is
// unknown stays unknown: nobody can accept what nobody knows.
func (w *waiving) apply(judged *model.Judged) {
	if len(w.byRule) == 0 {
		return
	}
	for i, status := range judged.Statuses {
		if status != model.StatusFail && status != model.StatusUnknown {
			continue
		}
		for _, at := range w.byRule[judged.Rules[i]] {
			of, u := &w.judge.waivers[at], &w.uses[at]
			where := of.Where
			if judged.Gap {
				where.Resource, where.Name = "", "" // it might be in the list
			}
			switch {
			case where.File != "" && where.File != judged.Origin.File:
			case !covers(&where, judged.Resource, judged.Name):
			case status == model.StatusUnknown:
				u.unknown = true
			default:
				u.failure = true
				if u.begun && !u.expired && judged.Statuses[i] == model.StatusFail {
					waived := result{detail: judged.Details[i]}.with(func(d *model.Detail) { d.Waiver = of })
					judged.Statuses[i], judged.Details[i] = model.StatusWaived, waived.detail
				}
			}
		}
	}
}
