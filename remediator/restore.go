package remediator

import (
	"context"
	"fmt"
	"math"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/keyproof/keyproof/model"
)

// restoreSecret takes back the deletion of a secret while its window lasts.
type restoreSecret struct{ about }

func newRestoreSecret() Action {
	return restoreSecret{about{
		name: "restore-secret", doc: "restores a secret that is marked for deletion", settles: []model.RuleID{"SM-021"},
		reads:  []string{"secretsmanager:DescribeSecret"},
		writes: []string{"secretsmanager:RestoreSecret", "secretsmanager:DeleteSecret"},
	}}
}

func (a restoreSecret) Plan(_ context.Context, t *Target) (*model.Change, error) {
	secret, err := body[*model.Secret](t)
	if err != nil {
		return nil, err
	}
	marked, err := told("whether the secret is to be deleted", secret.DeletionScheduled)
	if err != nil {
		return nil, err
	}
	if !marked {
		return nil, notApplicable("", "it is not marked for deletion")
	}
	if replica, err := told("whether the secret is a replica", secret.IsReplica); err != nil || replica {
		if err != nil {
			return nil, err
		}
		return nil, notApplicable("restore its primary", "it is a replica")
	}
	c := t.NewChange(a)
	c.Title = "restore the secret"
	c.Before, c.After = map[string]any{"deletion_scheduled": true}, map[string]any{"deletion_scheduled": false}
	c.Undo, c.UndoNote = model.UndoCompensating, "the secret is marked anew: Secrets Manager counts 7 to 30 days from then"
	c.Effects = []string{"whoever may read the secret can read it again, and its rotation goes on"}
	c.Cost = "US$0.40 a month for the secret"
	return c, nil
}

func (a restoreSecret) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	return permitted(ctx, env, c, c.Resource.ID, []string{"secretsmanager:RestoreSecret"}), nil
}

func (a restoreSecret) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	out, err := describedSecret(ctx, env, c)
	if err != nil {
		return nil, err
	}
	state := State{"deletion_scheduled": out.DeletedDate != nil, "deletion_days": nil}
	if out.DeletedDate != nil { // of DescribeSecret: the day on which it takes effect
		state["deletion_days"] = int(math.Ceil(out.DeletedDate.Sub(env.Now()).Hours() / 24))
	}
	return state, nil
}

func describedSecret(ctx context.Context, env *Env, c *model.Change) (*secretsmanager.DescribeSecretOutput, error) {
	cfg, err := config(env, c)
	if err != nil {
		return nil, err
	}
	return secretsmanager.NewFromConfig(cfg).DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &c.Resource.ID})
}

func (a restoreSecret) Apply(env *Env, c *model.Change, _ State) []Step {
	return a.mark(env, c, "restore", false, func(ctx context.Context, client *secretsmanager.Client) error {
		_, err := client.RestoreSecret(ctx, &secretsmanager.RestoreSecretInput{SecretId: &c.Resource.ID})
		return err
	})
}

func (a restoreSecret) Undo(env *Env, c *model.Change, before State) []Step {
	days, known := number(before["deletion_days"])
	if !known {
		days = longestWait
	}
	days = min(max(days, shortestWait), longestWait)
	return a.mark(env, c, fmt.Sprintf("delete in %d days", days), true, func(ctx context.Context, client *secretsmanager.Client) error {
		_, err := client.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{SecretId: &c.Resource.ID, RecoveryWindowInDays: aws.Int64(int64(days))})
		return err
	})
}

func (a restoreSecret) mark(env *Env, c *model.Change, name string, marked bool, do func(context.Context, *secretsmanager.Client) error) []Step {
	return oneStep(env, a, c, name, map[string]any{"deletion_scheduled": marked}, func(ctx context.Context) error {
		cfg, err := config(env, c)
		if err != nil {
			return err
		}
		return do(ctx, secretsmanager.NewFromConfig(cfg))
	})
}
