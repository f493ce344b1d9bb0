package remediator

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/model"
)

// trailSwitch turns one thing of a trail on. What it turns on are true or false
// in the snapshot, in the account and in the request.
type trailSwitch struct {
	about
	title   string
	effects []string
	cost    string
	undone  string // what the undo leaves behind; empty for nothing
	// fields are the attributes that must be true, by their names in the change.
	fields map[string]func(*model.Trail) model.Value[bool]
	set    func(ctx context.Context, client *cloudtrail.Client, name string, to map[string]any) error
	call   string // the IAM action of set
}

func newStartTrailLogging() Action {
	return trailSwitch{
		about: about{
			name: "start-trail-logging", doc: "starts the logging of a trail that was stopped", settles: []model.RuleID{"CT-001"},
			reads: readsTrail(), writes: []string{"cloudtrail:StartLogging", "cloudtrail:StopLogging"},
		},
		title:   "start logging",
		effects: []string{"events from now on are recorded; those of the time without are not made up for"},
		cost:    costOfTrail, undone: "what was recorded meanwhile stays in the bucket, and CloudTrail keeps the times of the last start, stop and delivery",
		fields: map[string]func(*model.Trail) model.Value[bool]{"logging": func(t *model.Trail) model.Value[bool] { return t.Logging }},
		call:   "cloudtrail:StartLogging",
		set: func(ctx context.Context, client *cloudtrail.Client, name string, to map[string]any) (err error) {
			if to["logging"] == true {
				_, err = client.StartLogging(ctx, &cloudtrail.StartLoggingInput{Name: &name})
			} else {
				_, err = client.StopLogging(ctx, &cloudtrail.StopLoggingInput{Name: &name})
			}
			return err
		},
	}
}

func newValidateTrail() Action {
	return trailSwitch{
		about: about{
			name: "validate-trail", doc: "turns on the digest files by which a trail's log files can be verified", settles: []model.RuleID{"CT-003"},
			reads: readsTrail(), writes: []string{"cloudtrail:UpdateTrail"},
		},
		title:   "sign the log files (log file validation)",
		effects: []string{"a digest file an hour is added to the bucket; log files of before stay unsigned"},
		fields:  map[string]func(*model.Trail) model.Value[bool]{"validation": func(t *model.Trail) model.Value[bool] { return t.Validation }},
		call:    "cloudtrail:UpdateTrail", set: updateTrail,
	}
}

// newExtendTrail turns global events on too: CloudTrail refuses a trail of all
// regions without them.
func newExtendTrail() Action {
	return trailSwitch{
		about: about{
			name: "extend-trail", doc: "makes a trail record all regions", settles: []model.RuleID{"CT-002"},
			reads: readsTrail(), writes: []string{"cloudtrail:UpdateTrail"},
		},
		title: "record all regions",
		effects: []string{
			"the trail shows in every region of the account, in those that will be enabled too, and can be changed only in its home region",
			"the bucket's policy must let CloudTrail write for every region; a usual one does",
		},
		cost: costOfTrail,
		fields: map[string]func(*model.Trail) model.Value[bool]{
			"multi_region":  func(t *model.Trail) model.Value[bool] { return t.MultiRegion },
			"global_events": func(t *model.Trail) model.Value[bool] { return t.GlobalEvents },
		},
		call: "cloudtrail:UpdateTrail", set: updateTrail,
	}
}

const costOfTrail = "the first copy of management events in a region is free, each further one costs US$2 for 100,000 events; and what S3 stores"

func updateTrail(ctx context.Context, client *cloudtrail.Client, name string, to map[string]any) error {
	in := &cloudtrail.UpdateTrailInput{Name: &name}
	for field, into := range map[string]**bool{
		"validation": &in.EnableLogFileValidation, "multi_region": &in.IsMultiRegionTrail, "global_events": &in.IncludeGlobalServiceEvents,
	} {
		if on, ok := to[field].(bool); ok {
			*into = &on
		}
	}
	_, err := client.UpdateTrail(ctx, in)
	return err
}

func (a trailSwitch) Plan(_ context.Context, t *Target) (*model.Change, error) {
	trail, err := body[*model.Trail](t)
	if err != nil {
		return nil, err
	}
	c := t.NewChange(a)
	for field, get := range a.fields {
		on, err := told(field+" of the trail", get(trail))
		if err != nil {
			return nil, err
		}
		c.Before[field], c.After[field] = on, true
	}
	if State(c.Before).is(c.After) {
		return nil, notApplicable("", "it is so already")
	}
	c.Title, c.Cost, c.Undo = a.title, a.cost, model.UndoExact
	if a.undone != "" {
		c.Undo, c.UndoNote = model.UndoCompensating, a.undone
	}
	c.Effects = slices.Clone(a.effects)
	if is, _ := trail.Organization.Get(); is {
		c.Effects = append(c.Effects, "it is an organization's trail: the change holds for every member account")
	}
	return c, nil
}

func (a trailSwitch) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	return permitted(ctx, env, c, c.Resource.ID, []string{a.call}), nil
}

func (a trailSwitch) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	return readTrail(ctx, env, c)
}

func (a trailSwitch) Apply(env *Env, c *model.Change, _ State) []Step {
	return a.turn(env, c, a.title, c.After)
}

func (a trailSwitch) Undo(env *Env, c *model.Change, before State) []Step {
	to := maps.Clone(c.After)
	for field := range to {
		to[field] = before[field]
	}
	return a.turn(env, c, "turn back", to)
}

func (a trailSwitch) turn(env *Env, c *model.Change, name string, to map[string]any) []Step {
	return oneStep(env, a, c, name, to, func(ctx context.Context) error {
		client, err := trailClient(env, c)
		if err != nil {
			return err
		}
		return a.set(ctx, client, c.Name, to) // at home the name will do
	})
}

func readsTrail() []string { return []string{"cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus"} }

// trailClient is for the home region of the trail, which is in its ARN: CloudTrail
// refuses changes from any other.
func trailClient(env *Env, c *model.Change) (*cloudtrail.Client, error) {
	parsed, err := arn.Parse(c.Resource.ID)
	if err != nil {
		return nil, fmt.Errorf("read the trail's ARN %q: %w", c.Resource.ID, err)
	}
	cfg, err := env.Access.Config(c.Resource.Account, parsed.Region)
	if err != nil {
		return nil, err
	}
	return cloudtrail.NewFromConfig(cfg), nil
}

func readTrail(ctx context.Context, env *Env, c *model.Change) (State, error) {
	client, err := trailClient(env, c)
	if err != nil {
		return nil, err
	}
	out, err := client.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{TrailNameList: []string{c.Resource.ID}})
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(out.TrailList, func(t types.Trail) bool { return aws.ToString(t.TrailARN) == c.Resource.ID })
	if at < 0 {
		return nil, notApplicable("scan again", "there is no trail %s any more", c.Resource.ID)
	}
	status, err := client.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: &c.Resource.ID})
	if err != nil {
		return nil, err
	}
	t := out.TrailList[at]
	return State{
		"logging": aws.ToBool(status.IsLogging), "validation": aws.ToBool(t.LogFileValidationEnabled),
		"multi_region": aws.ToBool(t.IsMultiRegionTrail), "global_events": aws.ToBool(t.IncludeGlobalServiceEvents),
	}, nil
}
