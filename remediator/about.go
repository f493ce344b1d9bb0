package remediator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/keyproof/keyproof/model"
)

// about is what an action says of itself.
type about struct {
	name, doc string
	settles   []model.RuleID
	settings  []Setting
	reads     []string
	writes    []string
}

func (a about) Name() string            { return a.name }
func (a about) Doc() string             { return a.doc }
func (a about) Settles() []model.RuleID { return a.settles }
func (a about) Settings() []Setting     { return a.settings }

// Permissions adds what permitted needs.
func (a about) Permissions() Permissions {
	return Permissions{Reads: append(slices.Clone(a.reads), simulation()...), Writes: slices.Clone(a.writes)}
}

// config is for calls in the region of a change's resource.
func config(env *Env, c *model.Change) (aws.Config, error) {
	return env.Access.Config(c.Resource.Account, c.Resource.Region)
}

// told returns a value, its zero when it is absent, and *NotApplicable when it is
// unknown: an action goes by what is known alone.
func told[T any](what string, v model.Value[T]) (T, error) {
	t, _ := v.Get()
	if v.State() == model.StateUnknown {
		return t, notApplicable(v.Why().Settle(), "%s is unknown: %s", what, v.Why())
	}
	return t, nil
}

// body returns the attributes of the target as those of a kind.
func body[T model.Body](t *Target) (T, error) {
	b, ok := t.Resource.Body.(T)
	if !ok {
		return b, notApplicable("", "it is a %s, which the action does not know", t.Resource.ID.Kind)
	}
	return b, nil
}

// pointed is nil for the empty text, which is how JSON says that there is none.
func pointed(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// Waits look every few seconds: AWS promises no more than that reads become right
// in the end, which takes less than a minute as a rule (KMS Developer Guide, "AWS
// KMS eventual consistency": "up to five minutes").
const (
	lookEvery = 2 * time.Second
	looks     = 150
)

// seen is a step that waits until reading shows the fields.
func seen(env *Env, a Action, c *model.Change, name string, fields map[string]any) Step {
	return Step{Name: name, Wait: true, Do: func(ctx context.Context) error {
		var last State
		for i := range looks {
			if i > 0 {
				if err := env.Sleep(ctx, lookEvery); err != nil {
					return err
				}
			}
			state, err := a.Read(ctx, env, c)
			if err != nil {
				return err
			}
			if last = state; last.is(fields) {
				return nil
			}
		}
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			if got := written(last[field]); got != written(fields[field]) {
				return fmt.Errorf("AWS took the call, and after %s %s is %s still", looks*lookEvery, field, got)
			}
		}
		return nil
	}}
}

// oneStep is a call and the wait until reading shows what it makes.
func oneStep(env *Env, a Action, c *model.Change, name string, want map[string]any, do func(context.Context) error) []Step {
	done := func(ctx context.Context) (bool, error) {
		state, err := a.Read(ctx, env, c)
		return err == nil && state.is(want), err
	}
	return []Step{{Name: name, Done: done, Do: do}, seen(env, a, c, "see "+name, want)}
}
