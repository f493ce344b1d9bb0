package remediator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// end verifies what was done.
func (e *Engine) end(ctx context.Context, out *Outcome) error {
	if out.Interrupted || e.Judge == nil {
		return nil
	}
	var done []*Record
	var changes []*model.Change
	for _, r := range out.Run.Records {
		if r.State == model.StepDone {
			done, changes = append(done, r), append(changes, r.Change)
		}
	}
	if len(done) == 0 {
		return nil
	}
	e.say("judging %s again", counted(len(done), "resource"))
	now, err := e.Judge(ctx, changes)
	if ctx.Err() != nil {
		out.Interrupted, out.Stopped = true, "interrupted"
		return nil
	}
	if err != nil {
		out.Stopped = "the changes are made, and could not be verified: " + explain(err, false)
		return nil
	}
	for _, r := range done {
		state, detail := judged(r.Change, now[r.Change.ID])
		if r.Before == nil {
			detail = strings.TrimSuffix(SoAlready+"; "+detail, "; ")
		}
		if err := e.mark(ctx, r, state, detail, nil); err != nil {
			var journal *JournalError
			if errors.As(err, &journal) {
				out.Stopped = err.Error()
				return nil
			}
			return err
		}
	}
	out.Run.Ended = out.Stopped == ""
	return nil
}

// judged says whether a change is proven: every rule that it was to settle passes
// now, or does not apply any more. What was not judged is not proven.
func judged(c *model.Change, now map[model.RuleID]Judgement) (model.StepState, string) {
	var open []string
	for _, id := range slices.Sorted(slices.Values(c.Rules)) {
		j, known := now[id]
		switch {
		case !known:
			open = append(open, fmt.Sprintf("%s was not judged", id))
		case j.Status != model.StatusPass && j.Status != model.StatusNotApplicable:
			open = append(open, strings.TrimSuffix(fmt.Sprintf("%s is %s: %s", id, j.Status, j.Why), ": "))
		}
	}
	if len(open) > 0 {
		return model.StepUnproven, strings.Join(open, "; ")
	}
	return model.StepVerified, ""
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
