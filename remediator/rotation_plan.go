package remediator

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/keyproof/keyproof/internal/schedule"
	"github.com/keyproof/keyproof/model"
)

// Plan chooses function and schedule.
func (a Rotation) Plan(_ context.Context, t *Target) (*model.Change, error) {
	s, ok := t.Resource.Body.(*model.Secret)
	if !ok {
		return nil, notApplicable("", "only secrets rotate")
	}
	if err := changeableSecret(t.Resource, s); err != nil {
		return nil, err
	}
	on, known := s.RotationEnabled.Get()
	if !known {
		return nil, notApplicable(s.RotationEnabled.Why().Settle(), "nobody knows whether rotation is on: %s", s.RotationEnabled.Why())
	}
	c := t.NewChange(a)
	if err := rotationFunction(t, s, c); err != nil {
		return nil, err
	}
	if err := rotationSchedule(t, s, on, c); err != nil {
		return nil, err
	}
	now := t.Settings["now"] == "true"
	minutes, err := wholeSetting(t.Settings, "wait", 15, 1, 24*60)
	if err != nil {
		return nil, err
	}
	c.Settings["now"], c.Settings["wait"] = now, minutes
	c.Before[fieldEnabled], c.After[fieldEnabled] = on, true
	if on {
		c.Before[fieldFunction], _ = functionInUse(s)
		c.Before[fieldDays], c.Before[fieldSchedule] = orNil(s.RotationDays.Or(0)), s.RotationSchedule.Or("")
		c.Before[fieldWindow] = orNil(s.RotationWindowHours.Or(0))
	}
	describeRotation(c, s, on, now)
	return c, nil
}

// rotationFunction sets the function of the planned state.
func rotationFunction(t *Target, s *model.Secret, c *model.Change) error {
	if owner, owned := s.OwningService.Get(); owned {
		// "Managed rotation" (User Guide): of these the owner rotates without a function.
		if owner != "rds" && owner != "redshift" {
			return notApplicable("turn rotation on in that service", "the secret belongs to %s", owner)
		}
		c.After[fieldFunction] = ""
		return nil
	}
	if kind, external := s.ExternalType.Get(); external {
		return notApplicable("set up its rotation in the console, with the role that the partner needs", "the secret is a partner's (%s)", kind)
	}
	chosen := t.Settings["function"]
	if chosen == "" {
		kept, has := functionInUse(s)
		if !has || failsRule(t, "SM-005") {
			return noFunction(t)
		}
		chosen = kept
	}
	full, err := functionARN(t.Resource.ID, chosen)
	if err != nil {
		return err
	}
	c.After[fieldFunction] = full
	return nil
}

func failsRule(t *Target, id model.RuleID) bool {
	for _, f := range t.Failures {
		if f.Rule.ID == id {
			return true
		}
	}
	return false
}

// functionARN is the whole ARN of a function that was named. A function must be in
// the secret's region (User Guide, "Rotation by Lambda function").
func functionARN(secret model.ResourceID, name string) (string, error) {
	of, err := arn.Parse(secret.ID)
	if err != nil {
		return "", notApplicable("", "%s is no ARN", secret.ID)
	}
	if !strings.HasPrefix(name, "arn:") {
		return arn.ARN{Partition: of.Partition, Service: "lambda", Region: of.Region, AccountID: of.AccountID, Resource: "function:" + name}.String(), nil
	}
	f, err := arn.Parse(name)
	if err != nil || f.Service != "lambda" || f.Region != of.Region {
		return "", notApplicable("name a function of "+of.Region, "%s cannot rotate a secret in %s", name, of.Region)
	}
	return name, nil
}

// functionInUse is the ARN of the function that rotates the secret, by the version or
// alias that it names.
func functionInUse(s *model.Secret) (string, bool) {
	function, has := s.RotationFunction.Get()
	if version := s.RotationQualifier.Or(""); version != "" {
		function += ":" + version
	}
	return function, has
}

// rotationSchedule sets the schedule of the planned state. A schedule that rotates
// often enough stays; another becomes as long as allowed, or as the user says.
func rotationSchedule(t *Target, s *model.Secret, on bool, c *model.Change) error {
	most := t.mostDays()
	have, known := s.RotationIntervalDays.Get()
	asked := t.Settings["schedule"]
	days, err := wholeSetting(t.Settings, "days", 0, 1, 1000)
	if err != nil {
		return err
	}
	window, err := wholeSetting(t.Settings, "window", s.RotationWindowHours.Or(0), 1, 24)
	if err != nil {
		return err
	}
	interval := days
	if asked != "" {
		if interval, err = schedule.IntervalDays(asked); err != nil {
			return notApplicable("", "the setting schedule is %q: %v", asked, err)
		}
	}
	if interval > most {
		return notApplicable(fmt.Sprintf("choose at most %d", most), "rotating every %d days is more seldom than SM-002 allows", interval)
	}
	c.After[fieldDays], c.After[fieldSchedule], c.After[fieldWindow] = nil, asked, orNil(window)
	switch {
	case on && known && have <= most && (interval == 0 || have <= interval):
		// Never lengthen a schedule that is short enough.
		c.After[fieldDays], c.After[fieldSchedule] = orNil(s.RotationDays.Or(0)), s.RotationSchedule.Or("")
	case asked == "":
		c.After[fieldDays] = cmp.Or(days, most)
	}
	return nil
}

// mostDays is the longest interval that the rule on it allows.
func (t *Target) mostDays() int {
	for _, r := range t.Rules {
		if r.ID != "SM-002" {
			continue
		}
		switch n := r.Params["max_days"].Value.(type) {
		case int:
			return n
		case int64:
			return int(n)
		case float64:
			return int(n)
		}
	}
	return 90 // SM-002's own, where it did not judge
}

func describeRotation(c *model.Change, s *model.Secret, on, now bool) {
	every := fmt.Sprintf("every %v days", c.After[fieldDays])
	if text := c.After[fieldSchedule].(string); text != "" {
		every = "by " + text
	}
	by := "by the service that owns the secret"
	if f := c.After[fieldFunction].(string); f != "" {
		_, by, _ = strings.Cut(f, ":function:")
		by = "with " + by
	}
	verb := "turn on rotation"
	if on {
		verb = "change rotation"
	}
	c.Title = fmt.Sprintf("%s %s, %s", verb, every, by)
	c.Effects = []string{"From now on the credential changes " + every + ": whoever keeps a copy of it and does not read the secret again loses access."}
	if now {
		c.Effects = append(c.Effects, "The credential changes once at once.")
	} else if c.After[fieldFunction] != "" {
		c.Effects = append(c.Effects,
			"The credential does not change now: RotateImmediately is false, and AWS tests the function by its step testSecret, with a pending version that it removes.")
	}
	c.Undo = model.UndoExact
	switch old, _ := c.Before[fieldFunction].(string); {
	case now:
		c.Undo, c.UndoNote = model.UndoCompensating, "the credential that was rotated stays the new one; the one before keeps the label AWSPREVIOUS"
	case on && old != c.After[fieldFunction]:
		c.Undo, c.UndoNote = model.UndoNone, "AWS takes no function that does not exist, so the old one cannot be put back"
	case on:
		c.UndoNote = "AWS works out the date of the next rotation anew"
	default:
		c.UndoNote = "rotation is off again; AWS goes on showing function and schedule as the last that were configured"
	}
	if old := s.RotationSchedule.Or(""); on && old != "" && c.After[fieldSchedule] != old {
		c.Effects = append(c.Effects, "The schedule "+old+" goes; with days, AWS chooses the hour. Name one with the setting schedule to keep it.")
	}
	c.Cost = "calls and run time of the function, each rotation"
}
