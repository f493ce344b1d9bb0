package remediator

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/keyproof/keyproof/model"
)

// enableKeyRotation makes KMS rotate a key's material, or rotate it more often.
type enableKeyRotation struct{ about }

func newEnableKeyRotation() Action {
	return enableKeyRotation{about{
		name:    "enable-key-rotation",
		doc:     "turns on the automatic rotation of a KMS key's material, or shortens its period",
		settles: []model.RuleID{"KMS-001", "KMS-007"},
		settings: []Setting{{
			Name: "period", Doc: "days between two rotations, 90 to 2560; not given: what the rule allows, or 365", Example: "365",
		}},
		reads:  []string{"kms:DescribeKey", "kms:GetKeyRotationStatus"},
		writes: []string{"kms:EnableKeyRotation", "kms:DisableKeyRotation"},
	}}
}

// What EnableKeyRotation takes, and what it uses when it is told nothing.
const shortestPeriod, longestPeriod, usualPeriod = 90, 2560, 365

func (a enableKeyRotation) Plan(_ context.Context, t *Target) (*model.Change, error) {
	key, err := body[*model.Key](t)
	if err != nil {
		return nil, err
	}
	if err := canRotate(key); err != nil {
		return nil, err
	}
	period, err := t.period()
	if err != nil {
		return nil, err
	}
	on, err := told("whether the key rotates", key.RotationEnabled)
	if err != nil {
		return nil, err
	}
	days, err := told("the rotation period", key.RotationPeriodDays)
	if err != nil {
		return nil, err
	}
	if on && days <= period {
		return nil, notApplicable("", "it rotates every %d days already", days)
	}
	c := t.NewChange(a)
	c.Title = fmt.Sprintf("rotate the key's material every %d days", period)
	c.Settings["period"] = period
	c.Before = map[string]any{"rotation_enabled": on, "rotation_period_days": nil}
	c.Undo = model.UndoExact
	if on {
		c.Before["rotation_period_days"] = days
		c.Undo, c.UndoNote = model.UndoCompensating, "KMS counts the period anew: the date of the next rotation is another one"
	}
	c.After = map[string]any{"rotation_enabled": true, "rotation_period_days": period}
	c.Effects = []string{
		"KMS adds new material at each rotation; id, ARN, policy and everything that was encrypted stay as they are",
		fmt.Sprintf("the first rotation is %d days from now: rotation does not begin at once", period),
	}
	if is, _ := key.MultiRegion.Get(); is {
		c.Effects = append(c.Effects, "its replica keys in other regions share the setting")
	}
	c.Cost = "US$1 a month more for the key after each of its first two rotations"
	return c, nil
}

// Preflight looks whether the key is still enabled: KMS has no dry run for these
// calls.
func (a enableKeyRotation) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	m, err := describedKey(ctx, env, c, c.Resource.ID)
	if err != nil {
		return nil, err
	}
	if m.KeyState != types.KeyStateEnabled {
		return []Concern{{Blocks: true, Text: fmt.Sprintf("the key is %s now", m.KeyState), Next: "enable it, then scan and plan again"}}, nil
	}
	return permitted(ctx, env, c, c.Resource.ID, []string{"kms:EnableKeyRotation"}), nil
}

func describedKey(ctx context.Context, env *Env, c *model.Change, id string) (*types.KeyMetadata, error) {
	cfg, err := config(env, c)
	if err != nil {
		return nil, err
	}
	out, err := kms.NewFromConfig(cfg).DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &id})
	if err != nil {
		return nil, err
	}
	return out.KeyMetadata, nil
}

func (a enableKeyRotation) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	cfg, err := config(env, c)
	if err != nil {
		return nil, err
	}
	out, err := kms.NewFromConfig(cfg).GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: keyID(c)})
	if err != nil {
		return nil, err
	}
	state := State{"rotation_enabled": out.KeyRotationEnabled, "rotation_period_days": nil}
	if out.KeyRotationEnabled {
		state["rotation_period_days"] = usualPeriod // "The default value is 365 days."
		if out.RotationPeriodInDays != nil {
			state["rotation_period_days"] = int(*out.RotationPeriodInDays)
		}
	}
	return state, nil
}

func (a enableKeyRotation) Apply(env *Env, c *model.Change, _ State) []Step {
	period, _ := number(c.After["rotation_period_days"])
	return oneStep(env, a, c, "enable rotation", c.After, func(ctx context.Context) error { return turnKey(ctx, env, c, period) })
}

func (a enableKeyRotation) Undo(env *Env, c *model.Change, before State) []Step {
	period, on := number(before["rotation_period_days"])
	want := map[string]any{"rotation_enabled": before["rotation_enabled"], "rotation_period_days": before["rotation_period_days"]}
	if on {
		return oneStep(env, a, c, "restore the period", want, func(ctx context.Context) error { return turnKey(ctx, env, c, period) })
	}
	return oneStep(env, a, c, "disable rotation", want, func(ctx context.Context) error {
		cfg, err := config(env, c)
		if err == nil {
			_, err = kms.NewFromConfig(cfg).DisableKeyRotation(ctx, &kms.DisableKeyRotationInput{KeyId: keyID(c)})
		}
		return err
	})
}

func turnKey(ctx context.Context, env *Env, c *model.Change, days int) error {
	cfg, err := config(env, c)
	if err == nil {
		_, err = kms.NewFromConfig(cfg).EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{
			KeyId: keyID(c), RotationPeriodInDays: aws.Int32(int32(days)),
		})
	}
	return err
}
