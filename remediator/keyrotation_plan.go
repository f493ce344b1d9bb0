package remediator

import (
	"strconv"

	"github.com/keyproof/keyproof/model"
)

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
