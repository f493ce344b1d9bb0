package remediator

import (
	"context"
	"fmt"
	"strconv"

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

// canRotate says why a key cannot rotate automatically ("Rotate AWS KMS keys").
func canRotate(key *model.Key) error {
	supported, err := told("whether the key can rotate", key.RotationSupported)
	if err != nil {
		return err
	}
	if !supported {
		return notApplicable("make a new key, move the alias to it, and encrypt again what matters",
			"KMS rotates only symmetric encryption keys whose material it made (spec %s, origin %s)", key.Spec.Or("unknown"), key.Origin.Or("unknown"))
	}
	if replica, err := told("whether the key is a replica", key.Replica); err != nil || replica {
		if err != nil {
			return err
		}
		return notApplicable("plan for its primary key", "it is a multi-Region replica key: its primary key decides about rotation")
	}
	state, err := told("the key's state", key.State)
	if err == nil && state != "Enabled" {
		err = notApplicable("enable it first: `aws kms enable-key`, or the action cancel-key-deletion", "the key is %s, and KMS changes the rotation of enabled keys only", state)
	}
	return err
}

// period is the setting, else what the rule allows, else KMS's own default.
func (t *Target) period() (int, error) {
	days := usualPeriod
	if text, given := t.Settings["period"]; given {
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0, notApplicable("", "the setting period is %q and not a number of days", text)
		}
		days = n
	} else if n, ok := number(t.paramOf("KMS-007", "max_days")); ok {
		days = min(max(n, shortestPeriod), longestPeriod)
	}
	if days < shortestPeriod || days > longestPeriod {
		return 0, notApplicable("", "the setting period is %d: KMS takes %d to %d days", days, shortestPeriod, longestPeriod)
	}
	return days, nil
}

// paramOf is a parameter of a rule, failed or not: mending one rule must not fail
// another.
func (t *Target) paramOf(id model.RuleID, name string) any {
	for _, f := range t.Failures {
		if f.Rule.ID == id {
			return f.Rule.Params[name].Value
		}
	}
	for _, r := range t.Rules {
		if r.ID == id {
			return r.Params[name].Value
		}
	}
	return t.Param(name)
}

// number reads a whole number as parameters and JSON have it.
func number(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case float64:
		return int(n), n == float64(int(n))
	case interface{ Int64() (int64, error) }: // json.Number
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
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
