package remediator

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/keyproof/keyproof/model"
)

// Apply configures rotation, and waits until the function has passed AWS's test or
// has rotated.
func (a Rotation) Apply(env *Env, c *model.Change, _ State) []Step {
	now := c.Settings["now"] == true
	id := token(env, c, "rotate")
	began := env.Now()
	return []Step{
		{
			Name: "rotate",
			Done: func(ctx context.Context) (bool, error) {
				s, err := a.described(ctx, env, c)
				if err != nil {
					return false, err
				}
				if _, made := s.VersionIdsToStages[id]; made {
					return true, nil
				}
				state, err := rotationState(s)
				return err == nil && !now && state.is(c.After), err
			},
			Do: func(ctx context.Context) error { return rotate(ctx, env, c, State(c.After), id, now) },
		},
		{Name: "watch", Wait: true, Do: func(ctx context.Context) error { return a.watch(ctx, env, c, id, now, began) }},
	}
}

func (Rotation) described(ctx context.Context, env *Env, c *model.Change) (*sm.DescribeSecretOutput, error) {
	client, err := secretsClient[rotationClient](env, c.Resource)
	if err != nil {
		return nil, err
	}
	return describe(ctx, client, c.Resource.ID)
}

// rotate sets the configuration of a state.
func rotate(ctx context.Context, env *Env, c *model.Change, to State, id string, now bool) error {
	client, err := secretsClient[rotationClient](env, c.Resource)
	if err != nil {
		return err
	}
	in := &sm.RotateSecretInput{
		SecretId: aws.String(c.Resource.ID), ClientRequestToken: aws.String(id), RotateImmediately: aws.Bool(now),
		RotationRules: &types.RotationRulesType{},
	}
	if f, _ := to[fieldFunction].(string); f != "" {
		in.RotationLambdaARN = aws.String(f)
	}
	if text, _ := to[fieldSchedule].(string); text != "" {
		in.RotationRules.ScheduleExpression = aws.String(text)
	} else {
		in.RotationRules.AutomaticallyAfterDays = aws.Int64(int64(whole(to[fieldDays])))
	}
	if hours := whole(to[fieldWindow]); hours > 0 {
		in.RotationRules.Duration = aws.String(fmt.Sprintf("%dh", hours))
	}
	_, err = client.RotateSecret(ctx, in)
	return err
}

// whole is a whole number of a state, which JSON may have made another type of.
func whole(v any) int {
	switch n := v.(type) {
	case int:
		return n
	case int64:
		return int(n)
	case float64:
		return int(n)
	default:
		return 0
	}
}

// watch waits for the end of the rotation or of its test. Both leave a pending
// version behind when they fail.
func (a Rotation) watch(ctx context.Context, env *Env, c *model.Change, id string, now bool, began time.Time) error {
	limit := time.Duration(whole(c.Settings["wait"])) * time.Minute
	var last *sm.DescribeSecretOutput
	err := poll(ctx, env, limit, func() (bool, string, error) {
		s, err := a.described(ctx, env, c)
		if err != nil {
			return false, "", err
		}
		last = s
		state, err := rotationState(s)
		switch {
		case err != nil:
			return false, "", err
		case !state.is(c.After):
			return false, "AWS does not show the new configuration yet", nil
		case now && !slices.Contains(s.VersionIdsToStages[id], "AWSCURRENT"):
			return false, "the new version is not AWSCURRENT", nil
		case pendingVersion(s) != "":
			return false, "the function is at work on version " + pendingVersion(s), nil
		}
		return true, "", nil
	})
	if err == nil || ctx.Err() != nil || last == nil {
		return err
	}
	return rotationCause(ctx, env, c, last, began, err)
}

// Undo puts the configuration back that there was, or switches rotation off.
func (a Rotation) Undo(env *Env, c *model.Change, before State) []Step {
	as := func(ctx context.Context) (bool, error) {
		state, err := a.Read(ctx, env, c)
		return err == nil && state.is(undone(before)), err
	}
	first := Step{Name: "cancel", Done: as, Do: func(ctx context.Context) error {
		client, err := secretsClient[rotationClient](env, c.Resource)
		if err != nil {
			return err
		}
		_, err = client.CancelRotateSecret(ctx, &sm.CancelRotateSecretInput{SecretId: aws.String(c.Resource.ID)})
		return err
	}}
	if before[fieldEnabled] == true {
		first = Step{Name: "rotate", Done: as, Do: func(ctx context.Context) error {
			return rotate(ctx, env, c, before, token(env, c, "undo"), false)
		}}
	}
	return []Step{first, {Name: "watch", Wait: true, Do: func(ctx context.Context) error {
		return poll(ctx, env, 5*time.Minute, func() (bool, string, error) {
			there, err := as(ctx)
			return there, "AWS does not show the old configuration yet", err
		})
	}}}
}

// undone are the fields that undoing puts back: of a rotation that is off, what
// AWS shows as last configured cannot be.
func undone(before State) map[string]any {
	fields := map[string]any{fieldEnabled: before[fieldEnabled]}
	if before[fieldEnabled] == true {
		for _, f := range []string{fieldFunction, fieldDays, fieldSchedule, fieldWindow} {
			fields[f] = before[f]
		}
	}
	return fields
}
