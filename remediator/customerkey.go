package remediator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// keySetting is how users choose a key.
func keySetting(more string) Setting {
	return Setting{
		Name: "key", Doc: "the customer key: an alias, an id, or ARNs of which each holds for its own region" + more, Example: "alias/secrets",
	}
}

// customerKey is the ARN of the key that the setting names for the target's
// region; empty when the setting is not given.
func (t *Target) customerKey() (string, error) {
	id := t.Resource.ID
	named := t.Settings.List("key")
	if len(named) == 0 {
		return "", nil
	}
	for _, name := range named {
		parsed, err := arn.Parse(name)
		if err == nil && parsed.Region != id.Region {
			continue
		}
		if err == nil && parsed.AccountID != id.Account {
			return name, nil // of another account: the preflight looks at it
		}
		return t.ownKey(name)
	}
	return "", notApplicable("add the ARN of a key of that region to the setting, after a comma", "the setting key names no key in %s", id.Region)
}

// ownKey finds a key of the target's account and region in the snapshot.
func (t *Target) ownKey(name string) (string, error) {
	id := t.Resource.ID
	for r := range t.Related.All(model.KindKey, id.Account, id.Region) {
		key, ok := r.Body.(*model.Key)
		if !ok || r.ID.ID != name && key.KeyID.Or("") != name && !slices.Contains(key.Aliases.Or(nil), name) && !slices.Contains(r.Aka, name) {
			continue
		}
		if manager, err := told("who manages the key "+name, key.Manager); err != nil || manager != "CUSTOMER" {
			if err != nil {
				return "", err
			}
			return "", notApplicable("name a key that you manage", "the key %s is managed by AWS", name)
		}
		if state, err := told("the state of the key "+name, key.State); err != nil || !model.KeyUsable(state) {
			if err != nil {
				return "", err
			}
			return "", notApplicable("name another key, or enable this one", "the key %s is %s", name, state)
		}
		if spec := key.Spec.Or(symmetric); spec != symmetric {
			return "", notApplicable("name a symmetric encryption key", "the key %s is of the spec %s", name, spec)
		}
		return r.ID.ID, nil
	}
	if gap := t.Related.Gap(model.KindKey, id.Account, id.Region); gap != nil {
		return "", notApplicable(gap.Settle(), "whether there is a key %s in %s is unknown: %s", name, id.Region, gap)
	}
	return "", notApplicable("make one: `aws kms create-key`, then create-alias", "there is no key %s in %s", name, id.Region)
}

const symmetric = "SYMMETRIC_DEFAULT"

// noKeySaid is for an action that cannot go on without the setting.
func (t *Target) noKeySaid() error {
	var some []string
	for r := range t.Related.All(model.KindKey, t.Resource.ID.Account, t.Resource.ID.Region) {
		key, ok := r.Body.(*model.Key)
		if ok && key.Manager.Or("") == "CUSTOMER" && model.KeyUsable(key.State.Or("")) && key.Spec.Or("") == symmetric && len(some) < 3 {
			some = append(some, r.Name)
		}
	}
	next := "make one in " + t.Resource.ID.Region + " and plan again with --set use-customer-key.key=alias/NAME"
	if len(some) > 0 {
		next = "choose one of " + strings.Join(some, ", ") + ", and plan again with --set use-customer-key.key=" + some[0]
	}
	return notApplicable(next, "nobody said which customer key to use")
}

// keyWorks asks KMS whether the caller can encrypt with a key, by a dry run: that
// is what a service does with it in the caller's name.
func keyWorks(ctx context.Context, env *Env, c *model.Change, key, service string) ([]Concern, error) {
	m, err := describedKey(ctx, env, c, key)
	if err != nil {
		return nil, fmt.Errorf("look at the key %s: %w", key, err)
	}
	if m.KeyManager == types.KeyManagerTypeAws {
		return []Concern{{Blocks: true, Text: fmt.Sprintf("the key %s is managed by AWS", key), Next: "name a key that you manage"}}, nil
	}
	cfg, err := config(env, c)
	if err != nil {
		return nil, err
	}
	_, err = kms.NewFromConfig(cfg).GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: &key, KeySpec: types.DataKeySpecAes256, DryRun: aws.Bool(true)})
	var well *types.DryRunOperationException
	switch {
	case err == nil, errors.As(err, &well):
		return nil, nil
	case awserr.Denied(err):
		return []Concern{{
			Text: fmt.Sprintf("KMS denies kms:GenerateDataKey with %s to the caller itself; %s makes the call in the caller's name, which a policy may allow all the same (kms:ViaService)", key, service),
			Next: "let the key's policy allow kms:GenerateDataKey and kms:Decrypt, to the readers too",
		}}, nil
	}
	return []Concern{{Blocks: true, Text: fmt.Sprintf("KMS cannot encrypt with %s: %s", key, awserr.Words(err)), Next: "name another key"}}, nil
}
