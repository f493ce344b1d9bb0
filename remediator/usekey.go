package remediator

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/keyproof/keyproof/model"
)

// useCustomerKey encrypts a secret or a SecureString with a customer key.
type useCustomerKey struct{ about }

func newUseCustomerKey() Action {
	return useCustomerKey{about{
		name: "use-customer-key", doc: "encrypts a secret or a SecureString with a customer managed key",
		settles:  []model.RuleID{"SM-007", "SSM-002"},
		settings: []Setting{keySetting("")},
		reads:    append([]string{"secretsmanager:DescribeSecret"}, readsParameter()...),
		// Secrets Manager and Parameter Store use the keys in the caller's name.
		writes: append([]string{"secretsmanager:UpdateSecret"}, writesParameter()...),
	}}
}

func (a useCustomerKey) Plan(_ context.Context, t *Target) (*model.Change, error) {
	switch b := t.Resource.Body.(type) {
	case *model.Secret:
		return a.planSecret(t, b)
	case *model.Parameter:
		return a.planParameter(t, b)
	}
	return nil, notApplicable("", "the key of a %s is not for this action", t.Resource.ID.Kind)
}

func (a useCustomerKey) planSecret(t *Target, s *model.Secret) (*model.Change, error) {
	if replica, err := told("whether the secret is a replica", s.IsReplica); err != nil || replica {
		if err != nil {
			return nil, err
		}
		return nil, notApplicable("remove the replica and add it again with its key: `aws secretsmanager remove-regions-from-replication`, then replicate-secret-to-regions",
			"Secrets Manager cannot change the key of a replica in place")
	}
	if owner := s.OwningService.Or(""); owner != "" {
		return nil, notApplicable("choose the key there", "the secret is managed by %s", owner)
	}
	before, err := told("the secret's key", s.KMSKey)
	if err != nil {
		return nil, err
	}
	c, err := a.plan(t, pointed(before))
	if err != nil {
		return nil, err
	}
	c.Undo = model.UndoExact
	c.Effects = append(c.Effects, "the versions AWSCURRENT, AWSPENDING and AWSPREVIOUS are encrypted again; their values stay")
	for _, r := range s.Replicas.Or(nil) {
		if r.DefaultKey {
			c.Effects = append(c.Effects, fmt.Sprintf("its replica in %s stays on the default key: Secrets Manager changes that only by removing the replica and adding it again, and readers there would fail meanwhile", r.Region))
		}
	}
	return c, nil
}

func (a useCustomerKey) planParameter(t *Target, p *model.Parameter) (*model.Change, error) {
	if kind, err := told("the parameter's type", p.Type); err != nil || kind != secureString {
		if err != nil {
			return nil, err
		}
		return nil, notApplicable("convert it first: the action convert-to-secure-string", "a %s is not encrypted with a key", kind)
	}
	before, err := told("the parameter's key", p.KMSKey)
	if err != nil {
		return nil, err
	}
	version, err := told("the parameter's version", p.Version)
	if err != nil {
		return nil, err
	}
	c, err := a.plan(t, before)
	if err != nil {
		return nil, err
	}
	c.Before["version"] = version
	c.Undo, c.UndoNote = model.UndoCompensating, "each write of a parameter is a new version: the number grows, and the version with the customer key stays in the history"
	c.Effects = append(c.Effects, "the value is read and written again in memory, as a new version; versions of before stay encrypted with their key")
	return c, nil
}

func (a useCustomerKey) plan(t *Target, before any) (*model.Change, error) {
	key, err := t.customerKey()
	if err == nil && key == "" {
		err = t.noKeySaid()
	}
	if err != nil {
		return nil, err
	}
	c := t.NewChange(a)
	c.Title = "encrypt with " + key
	c.Settings["key"] = key
	c.Before, c.After = map[string]any{"kms_key": before}, map[string]any{"kms_key": key}
	c.Effects = []string{"readers need kms:Decrypt for this key: by its policy, a grant, or IAM where the policy leaves it to IAM"}
	c.Cost = "US$0.03 for 10,000 calls of KMS; the key itself US$1 a month, if it is new"
	return c, nil
}

func (a useCustomerKey) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	key, service, action := fmt.Sprint(c.After["kms_key"]), "Secrets Manager", "secretsmanager:UpdateSecret"
	if c.Resource.Kind == model.KindParameter {
		service, action = "Parameter Store", "ssm:PutParameter"
	}
	concerns, err := keyWorks(ctx, env, c, key, service)
	if err != nil {
		return nil, err
	}
	return append(concerns, permitted(ctx, env, c, c.Resource.ID, []string{action})...), nil
}

func (a useCustomerKey) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	if c.Resource.Kind == model.KindParameter {
		return readParameter(ctx, env, c)
	}
	out, err := describedSecret(ctx, env, c)
	if err != nil {
		return nil, err
	}
	key := aws.ToString(out.KmsKeyId)
	if strings.HasSuffix(key, defaultSecretKey) {
		key = ""
	}
	return State{"kms_key": pointed(key)}, nil
}

const defaultSecretKey = "alias/aws/secretsmanager"

func (a useCustomerKey) Apply(env *Env, c *model.Change, _ State) []Step {
	return a.move(env, c, "use key", c.After["kms_key"])
}

func (a useCustomerKey) Undo(env *Env, c *model.Change, before State) []Step {
	return a.move(env, c, "use the key of before", before["kms_key"])
}

func (a useCustomerKey) move(env *Env, c *model.Change, name string, key any) []Step {
	id, _ := key.(string)
	if c.Resource.Kind == model.KindParameter {
		return writeParameter(env, a, c, name, secureString, id)
	}
	return oneStep(env, a, c, name, map[string]any{"kms_key": key}, func(ctx context.Context) error {
		cfg, err := config(env, c)
		if err != nil {
			return err
		}
		if id == "" {
			id = defaultSecretKey
		}
		_, err = secretsmanager.NewFromConfig(cfg).UpdateSecret(ctx, &secretsmanager.UpdateSecretInput{SecretId: &c.Resource.ID, KmsKeyId: &id})
		return err
	})
}
