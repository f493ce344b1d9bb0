package remediator

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/keyproof/keyproof/model"
)

// promoteReplica makes a replica a secret of its own: for the day on which its
// primary is lost.
type promoteReplica struct{ about }

func newPromoteReplica() Action {
	return promoteReplica{about{
		name: "promote-replica", doc: "makes a replica a secret of its own: cannot be undone, and must be named in words",
		settles: []model.RuleID{"SM-020"},
		settings: []Setting{{
			Name: "promote", Doc: "the replicas that may be promoted, each as NAME@REGION; no other is", Example: "payments/db@eu-west-1",
		}},
		reads:  []string{"secretsmanager:DescribeSecret"},
		writes: []string{"secretsmanager:StopReplicationToReplica"},
	}}
}

func (a promoteReplica) Plan(_ context.Context, t *Target) (*model.Change, error) {
	secret, err := body[*model.Secret](t)
	if err != nil {
		return nil, err
	}
	replica, err := told("whether the secret is a replica", secret.IsReplica)
	if err != nil {
		return nil, err
	}
	if !replica {
		return nil, notApplicable("", "it is no replica")
	}
	primary, err := told("the region of its primary", secret.PrimaryRegion)
	if err != nil {
		return nil, err
	}
	named := t.Resource.Name + "@" + t.Resource.ID.Region
	if !t.Settings.has("promote", named) {
		return nil, notApplicable("if that is meant, plan again with --set promote-replica.promote="+named, "a promotion cannot be undone, and %s was not named", named)
	}
	c := t.NewChange(a)
	c.Title = fmt.Sprintf("make the replica a secret of its own in %s", t.Resource.ID.Region)
	c.Settings["promote"] = named
	c.Before, c.After = map[string]any{"primary_region": primary}, map[string]any{"primary_region": nil}
	c.Undo = model.UndoNone
	c.UndoNote = "a secret that was promoted cannot become the replica again: it would have to be deleted and replicated anew"
	c.Effects = []string{
		fmt.Sprintf("changes of the primary in %s, its rotations too, do not reach it any more", primary),
		"it does not rotate until rotation is set up for it; its ARN stays",
	}
	c.Cost = "none: a replica costs as much as a secret"
	return c, nil
}

// has says whether a setting lists an item.
func (s Settings) has(name, item string) bool {
	for _, one := range s.List(name) {
		if one == item {
			return true
		}
	}
	return false
}

func (a promoteReplica) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	return permitted(ctx, env, c, c.Resource.ID, a.writes), nil
}

func (a promoteReplica) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	out, err := describedSecret(ctx, env, c)
	if err != nil {
		return nil, err
	}
	// A primary shows its own region.
	home := aws.ToString(out.PrimaryRegion)
	if home == c.Resource.Region {
		home = ""
	}
	return State{"primary_region": pointed(home)}, nil
}

func (a promoteReplica) Apply(env *Env, c *model.Change, _ State) []Step {
	return oneStep(env, a, c, "stop replication", c.After, func(ctx context.Context) error {
		cfg, err := config(env, c)
		if err == nil {
			_, err = secretsmanager.NewFromConfig(cfg).StopReplicationToReplica(ctx, &secretsmanager.StopReplicationToReplicaInput{SecretId: &c.Resource.ID})
		}
		return err
	})
}

// Undo is never asked for: the class of the change is none.
func (a promoteReplica) Undo(*Env, *model.Change, State) []Step { return nil }
