package remediator

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/model"
)

// recordKeyEvents takes KMS out of the event sources that a trail leaves out.
type recordKeyEvents struct{ about }

func newRecordKeyEvents() Action {
	return recordKeyEvents{about{
		name: "record-key-events", doc: "makes a trail record the events of KMS", settles: []model.RuleID{"CT-005"},
		reads: []string{"cloudtrail:GetEventSelectors"}, writes: []string{"cloudtrail:PutEventSelectors"},
	}}
}

func (a recordKeyEvents) Plan(_ context.Context, t *Target) (*model.Change, error) {
	trail, err := body[*model.Trail](t)
	if err != nil {
		return nil, err
	}
	excluded, err := told("whether the trail leaves out KMS", trail.KMSEventsExcluded)
	if err != nil {
		return nil, err
	}
	if !excluded {
		return nil, notApplicable("", "it records them already")
	}
	c := t.NewChange(a)
	c.Title = "record the events of KMS"
	c.Before, c.After = map[string]any{"kms_events_excluded": true}, map[string]any{"kms_events_excluded": false}
	c.Undo = model.UndoExact
	c.Effects = []string{"each Encrypt, Decrypt and GenerateDataKey is an event: often the most of a trail. All other selectors stay as they are"}
	c.Cost = costOfTrail
	return c, nil
}

func (a recordKeyEvents) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	return permitted(ctx, env, c, c.Resource.ID, a.writes), nil
}

// selectors are those of a trail, of either sort, as they are journaled.
type selectors struct {
	Basic    []types.EventSelector         `json:"basic,omitempty"`
	Advanced []types.AdvancedEventSelector `json:"advanced,omitempty"`
}

func (a recordKeyEvents) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	client, err := trailClient(env, c)
	if err != nil {
		return nil, err
	}
	out, err := client.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: &c.Resource.ID})
	if err != nil {
		return nil, err
	}
	now := selectors{out.EventSelectors, out.AdvancedEventSelectors}
	mended, changed := now.withKMS()
	if !changed && mended.narrow() {
		return nil, notApplicable("change its selectors by hand: `aws cloudtrail get-event-selectors`, then put-event-selectors",
			"its selectors do not exclude KMS but choose event sources one by one")
	}
	return State{"kms_events_excluded": changed, "selectors": now}, nil
}

func (a recordKeyEvents) Apply(env *Env, c *model.Change, before State) []Step {
	return a.put(env, c, "record KMS", false, before, func(s selectors) selectors { mended, _ := s.withKMS(); return mended })
}

func (a recordKeyEvents) Undo(env *Env, c *model.Change, before State) []Step {
	return a.put(env, c, "restore selectors", true, before, func(s selectors) selectors { return s })
}

func (a recordKeyEvents) put(env *Env, c *model.Change, name string, excluded bool, before State, make func(selectors) selectors) []Step {
	return oneStep(env, a, c, name, map[string]any{"kms_events_excluded": excluded}, func(ctx context.Context) error {
		// The journal has them as JSON.
		var was selectors
		if err := json.Unmarshal([]byte(written(before["selectors"])), &was); err != nil {
			return fmt.Errorf("read the selectors of before: %w", err)
		}
		to := make(was)
		client, err := trailClient(env, c)
		if err == nil {
			_, err = client.PutEventSelectors(ctx, &cloudtrail.PutEventSelectorsInput{
				TrailName: &c.Resource.ID, EventSelectors: to.Basic, AdvancedEventSelectors: to.Advanced,
			})
		}
		return err
	})
}

const kmsSource = "kms.amazonaws.com"

// withKMS is the selectors without the exclusion of KMS, and whether there was one.
func (s selectors) withKMS() (mended selectors, changed bool) {
	isKMS := func(v string) bool { return strings.EqualFold(v, kmsSource) }
	for _, b := range s.Basic {
		if slices.ContainsFunc(b.ExcludeManagementEventSources, isKMS) {
			b.ExcludeManagementEventSources = slices.DeleteFunc(slices.Clone(b.ExcludeManagementEventSources), isKMS)
			changed = true
		}
		mended.Basic = append(mended.Basic, b)
	}
	for _, adv := range s.Advanced {
		var fields []types.AdvancedFieldSelector
		for _, f := range adv.FieldSelectors {
			if strings.EqualFold(aws.ToString(f.Field), "eventSource") && slices.ContainsFunc(f.NotEquals, isKMS) {
				f.NotEquals = slices.DeleteFunc(slices.Clone(f.NotEquals), isKMS)
				changed = true
				if len(f.NotEquals) == 0 {
					f.NotEquals = nil
				}
				if len(f.Equals)+len(f.StartsWith)+len(f.EndsWith)+len(f.NotEquals)+len(f.NotStartsWith)+len(f.NotEndsWith) == 0 {
					continue // a field without a condition is refused
				}
			}
			fields = append(fields, f)
		}
		adv.FieldSelectors = fields
		mended.Advanced = append(mended.Advanced, adv)
	}
	return mended, changed
}

// narrow says whether a selector chooses event sources in another way than by
// leaving some out.
func (s selectors) narrow() bool {
	return slices.ContainsFunc(s.Advanced, func(a types.AdvancedEventSelector) bool {
		return slices.ContainsFunc(a.FieldSelectors, func(f types.AdvancedFieldSelector) bool {
			return strings.EqualFold(aws.ToString(f.Field), "eventSource") &&
				len(f.Equals)+len(f.StartsWith)+len(f.EndsWith)+len(f.NotStartsWith)+len(f.NotEndsWith) > 0
		})
	})
}
