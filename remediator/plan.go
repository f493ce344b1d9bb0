package remediator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/keyproof/keyproof/model"
)

// Plan is what would be changed, and what cannot be.
type Plan struct {
	Version int             `json:"version"`
	MadeAt  time.Time       `json:"made_at"`
	Tool    string          `json:"tool"`
	Source  string          `json:"source"`   // what was judged
	TakenAt time.Time       `json:"taken_at"` // when that was collected
	Changes []*model.Change `json:"changes"`
	Skipped []Skip          `json:"skipped"`
	Unknown int             `json:"unknown"`        // results that nobody knows, which no plan can mend
	ByHand  int             `json:"by_hand"`        // failures of rules that name no action
	Left    int             `json:"left,omitempty"` // resources that were not planned for: the limit of changes was reached
	// Offline says that AWS was not asked whether the changes would work.
	Offline bool `json:"offline,omitempty"`
	// Hash is of everything else: an edited plan is refused.
	Hash string `json:"sha256"`
}

// Skip is a failure that no change of the plan mends.
type Skip struct {
	Action   string           `json:"action,omitempty"` // empty when the rule names none
	Rules    []model.RuleID   `json:"rules"`
	Resource model.ResourceID `json:"resource"`
	Name     string           `json:"name"`
	Why      string           `json:"why"`
	Next     string           `json:"next,omitempty"`
}

// Make plans a change for each target and action. With env it reads the accounts
// and asks AWS whether each change would work; without, that is left to Apply.
func Make(ctx context.Context, env *Env, a Action, t *Target) (*model.Change, *Skip, error) {
	c, err := a.Plan(ctx, t)
	if err == nil && c == nil {
		err = &NotApplicable{Why: "nothing would change"}
	}
	if err == nil {
		c.ID = changeID(c)
		if env != nil {
			err = look(ctx, env, a, c)
		}
	}
	if err == nil {
		return c, nil, nil
	}
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	skip := &Skip{Action: a.Name(), Rules: t.Failed(), Resource: t.Resource.ID, Name: t.Resource.Name}
	var not *NotApplicable
	var blocked *Blocked
	switch {
	case errors.As(err, &not):
		skip.Why, skip.Next = not.Why, not.Next
	case errors.As(err, &blocked):
		at := slices.IndexFunc(blocked.Concerns, func(c Concern) bool { return c.Blocks })
		skip.Why, skip.Next = blocked.Concerns[at].Text, blocked.Concerns[at].Next
	default:
		skip.Why = explain(err, false)
	}
	return nil, skip, nil
}

// look compares a change with the account and keeps what the preflight says.
func look(ctx context.Context, env *Env, a Action, c *model.Change) error {
	state, err := a.Read(ctx, env, c)
	if err != nil {
		return err
	}
	if err := asPlanned(c, state); err != nil {
		return err
	}
	concerns, err := a.Preflight(ctx, env, c)
	if err != nil {
		return err
	}
	for _, concern := range concerns {
		if concern.Blocks {
			return &Blocked{concerns}
		}
		c.Concerns = append(c.Concerns, (&NotApplicable{Why: concern.Text, Next: concern.Next}).Error())
	}
	return nil
}

// changeID is the same for the same action with the same outcome on the same
// resource with the same settings.
func changeID(c *model.Change) model.ChangeID {
	settings := c.Settings
	if len(settings) == 0 {
		settings = nil // a file leaves out what is empty
	}
	sum := sha256.Sum256([]byte(written([]any{c.Action, c.Resource, settings, c.After})))
	return model.ChangeID("chg-" + hex.EncodeToString(sum[:6]))
}

// token is by which AWS knows a call of a step that is made again: the same for
// the same step of the same change in the same run (32 to 64 characters).
func token(env *Env, c *model.Change, step string) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\x00%s\x00%s", env.Run, c.ID, step)))
	return hex.EncodeToString(sum[:16])
}
