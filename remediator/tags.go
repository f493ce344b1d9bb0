package remediator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	smtypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/keyproof/keyproof/model"
)

// addTags adds the tags that a rule requires. A tag that is there keeps its value.
type addTags struct{ about }

func newAddTags() Action {
	return addTags{about{
		name: "add-tags", doc: "adds the tags that a secret or parameter lacks", settles: []model.RuleID{"SM-014", "SSM-003"},
		settings: []Setting{{Name: "tags", Doc: "values for the tags that rules require, by name", Example: "owner=payments,env=prod"}},
		reads:    []string{"secretsmanager:DescribeSecret", "ssm:ListTagsForResource"},
		writes: []string{
			"secretsmanager:TagResource", "secretsmanager:UntagResource", "ssm:AddTagsToResource", "ssm:RemoveTagsFromResource",
		},
	}}
}

// tagField is a tag's field in a change: one a tag, so that others may change
// meanwhile.
const tagField = "tag:"

func (a addTags) Plan(_ context.Context, t *Target) (*model.Change, error) {
	var has model.Value[map[string]string]
	switch b := t.Resource.Body.(type) {
	case *model.Secret:
		has = b.Tags
	case *model.Parameter:
		has = b.Tags
	default:
		return nil, notApplicable("", "tags of a %s are not for this action", t.Resource.ID.Kind)
	}
	there, err := told("which tags there are", has)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, pair := range t.Settings.List("tags") {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, notApplicable("write it as --set add-tags.tags=owner=payments,env=prod", "the setting tags has %q", pair)
		}
		values[name] = value
	}
	c := t.NewChange(a)
	var untold, added []string
	for _, name := range words(t.Param("tags")) {
		// The rules take a tag whose value is empty for one that is missing.
		if was := there[name]; was == "" {
			value, known := values[name]
			if !known {
				untold = append(untold, name)
				continue
			}
			c.Before[tagField+name], c.After[tagField+name] = nil, value
			if _, empty := there[name]; empty {
				c.Before[tagField+name] = ""
			}
			added = append(added, name+"="+value)
		}
	}
	if len(added) == 0 {
		if len(untold) == 0 {
			return nil, notApplicable("", "no required tag is missing")
		}
		return nil, notApplicable("plan again with --set add-tags.tags="+strings.Join(untold, "=VALUE,")+"=VALUE", "nobody said what the tags %s are to be", strings.Join(untold, ", "))
	}
	slices.Sort(added)
	c.Settings["tags"] = strings.Join(added, ",")
	c.Title = "add the tags " + strings.Join(added, ", ")
	c.Undo = model.UndoExact
	c.Effects = []string{"policies with conditions on these tags (aws:ResourceTag) may allow or deny more than before"}
	if len(untold) > 0 {
		c.Concerns = append(c.Concerns, "no value was given for "+strings.Join(untold, ", ")+": the rule will fail still")
	}
	return c, nil
}

// words is a list of strings as parameters and JSON have it.
func words(v any) []string {
	switch list := v.(type) {
	case []string:
		return list
	case []any:
		var out []string
		for _, item := range list {
			if s, ok := item.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func (a addTags) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	action := "secretsmanager:TagResource"
	if c.Resource.Kind == model.KindParameter {
		action = "ssm:AddTagsToResource"
	}
	return permitted(ctx, env, c, c.Resource.ID, []string{action}), nil
}

func (a addTags) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	cfg, err := config(env, c)
	if err != nil {
		return nil, err
	}
	there := map[string]string{}
	if c.Resource.Kind == model.KindParameter {
		out, err := ssm.NewFromConfig(cfg).ListTagsForResource(ctx, &ssm.ListTagsForResourceInput{ResourceType: parameterType, ResourceId: &c.Name})
		if err != nil {
			return nil, err
		}
		for _, tag := range out.TagList {
			there[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
	} else {
		out, err := secretsmanager.NewFromConfig(cfg).DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &c.Resource.ID})
		if err != nil {
			return nil, err
		}
		for _, tag := range out.Tags {
			there[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
	}
	state := State{}
	for field := range c.Before {
		state[field] = nil
		if value, ok := there[strings.TrimPrefix(field, tagField)]; ok {
			state[field] = value
		}
	}
	return state, nil
}

const parameterType = ssmtypes.ResourceTypeForTaggingParameter

func (a addTags) Apply(env *Env, c *model.Change, _ State) []Step {
	return oneStep(env, a, c, "add tags", c.After, func(ctx context.Context) error { return a.tag(ctx, env, c, c.After) })
}

// Undo removes what was not there, and empties what was empty.
func (a addTags) Undo(env *Env, c *model.Change, before State) []Step {
	want, empty, gone := map[string]any{}, map[string]any{}, []string{}
	for _, field := range slices.Sorted(maps.Keys(c.After)) {
		if want[field] = before[field]; before[field] == nil {
			gone = append(gone, strings.TrimPrefix(field, tagField))
		} else {
			empty[field] = before[field]
		}
	}
	return oneStep(env, a, c, "remove tags", want, func(ctx context.Context) error {
		if len(empty) > 0 {
			if err := a.tag(ctx, env, c, empty); err != nil {
				return err
			}
		}
		return a.untag(ctx, env, c, gone)
	})
}

func (a addTags) tag(ctx context.Context, env *Env, c *model.Change, fields map[string]any) error {
	cfg, err := config(env, c)
	if err != nil {
		return err
	}
	var secret []smtypes.Tag
	var parameter []ssmtypes.Tag
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		name, value := aws.String(strings.TrimPrefix(field, tagField)), aws.String(fmt.Sprint(fields[field]))
		secret, parameter = append(secret, smtypes.Tag{Key: name, Value: value}), append(parameter, ssmtypes.Tag{Key: name, Value: value})
	}
	if c.Resource.Kind == model.KindParameter {
		_, err = ssm.NewFromConfig(cfg).AddTagsToResource(ctx, &ssm.AddTagsToResourceInput{ResourceType: parameterType, ResourceId: &c.Name, Tags: parameter})
		return err
	}
	_, err = secretsmanager.NewFromConfig(cfg).TagResource(ctx, &secretsmanager.TagResourceInput{SecretId: &c.Resource.ID, Tags: secret})
	return err
}

func (a addTags) untag(ctx context.Context, env *Env, c *model.Change, names []string) error {
	cfg, err := config(env, c)
	if err != nil || len(names) == 0 {
		return err
	}
	if c.Resource.Kind == model.KindParameter {
		_, err = ssm.NewFromConfig(cfg).RemoveTagsFromResource(ctx, &ssm.RemoveTagsFromResourceInput{ResourceType: parameterType, ResourceId: &c.Name, TagKeys: names})
		return err
	}
	_, err = secretsmanager.NewFromConfig(cfg).UntagResource(ctx, &secretsmanager.UntagResourceInput{SecretId: &c.Resource.ID, TagKeys: names})
	return err
}
