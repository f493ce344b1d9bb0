// Package kms reads the KMS keys of an account in a region: what they are, who
// may use them, and whether they rotate. It makes no cryptographic call.
//
// Its promise: one call for a key of AWS's own, at most five for a key of the
// customer's, beside the lists of keys, aliases and tags. A call that is
// refused or fails makes the attributes that hang on it unknown; the key stays.
package kms

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// client lists the calls that are made: no other is possible.
type client interface {
	ListKeys(context.Context, *kms.ListKeysInput, ...func(*kms.Options)) (*kms.ListKeysOutput, error)
	ListAliases(context.Context, *kms.ListAliasesInput, ...func(*kms.Options)) (*kms.ListAliasesOutput, error)
	DescribeKey(context.Context, *kms.DescribeKeyInput, ...func(*kms.Options)) (*kms.DescribeKeyOutput, error)
	GetKeyPolicy(context.Context, *kms.GetKeyPolicyInput, ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error)
	GetKeyRotationStatus(context.Context, *kms.GetKeyRotationStatusInput, ...func(*kms.Options)) (*kms.GetKeyRotationStatusOutput, error)
	ListKeyRotations(context.Context, *kms.ListKeyRotationsInput, ...func(*kms.Options)) (*kms.ListKeyRotationsOutput, error)
	ListGrants(context.Context, *kms.ListGrantsInput, ...func(*kms.Options)) (*kms.ListGrantsOutput, error)
}

// tagClient lists tags of many resources in one call.
type tagClient interface {
	GetResources(context.Context, *tagging.GetResourcesInput, ...func(*tagging.Options)) (*tagging.GetResourcesOutput, error)
}

// The IAM actions of the calls.
const (
	listKeys      = "kms:ListKeys"
	listAliases   = "kms:ListAliases"
	describeKey   = "kms:DescribeKey"
	getPolicy     = "kms:GetKeyPolicy"
	getRotation   = "kms:GetKeyRotationStatus"
	listRotations = "kms:ListKeyRotations"
	listGrants    = "kms:ListGrants"
	getTags       = "tag:GetResources"
)

// atATime is how many keys are read side by side.
const atATime = 8

// Collector reads the keys of one account in one region.
type Collector struct {
	client client
	tags   tagClient
}

// New returns a collector that calls with the configuration.
func New(cfg aws.Config) *Collector {
	return &Collector{client: kms.NewFromConfig(cfg), tags: tagging.NewFromConfig(cfg)}
}

// Name is the service's name as IAM spells it.
func (*Collector) Name() string { return "kms" }

// Permissions are the IAM actions of all calls.
func (*Collector) Permissions() []string {
	return []string{listKeys, listAliases, describeKey, getPolicy, getRotation, listRotations, listGrants, getTags}
}

// region is what is read once for all keys.
type region struct {
	cell    *collectors.Cell
	aliases model.Value[map[string][]types.AliasListEntry] // by key id
	// tags are read when the first customer key is seen: most regions have none.
	tags func() model.Value[map[string]map[string]string] // by key ARN
}

// Collect emits all keys, those of AWS's own included.
func (c *Collector) Collect(ctx context.Context, cell *collectors.Cell) error {
	keys, err := c.listKeys(ctx)
	if err != nil {
		if fatal := awserr.Fatal(ctx, err); fatal != nil {
			return fatal
		}
		// The keys of the pages that came are read all the same.
		cell.Gap(model.KindKey, awserr.Unknown(listKeys, err))
	}
	keys = slices.DeleteFunc(keys, func(k types.KeyListEntry) bool {
		nameless := aws.ToString(k.KeyArn) == ""
		if nameless {
			cell.Gap(model.KindKey, model.Unknown{Reason: model.ReasonFailed, Action: listKeys, Detail: "AWS left out the ARN of a key"})
		}
		return nameless
	})
	if len(keys) > 0 {
		r := &region{cell: cell, tags: sync.OnceValue(func() model.Value[map[string]map[string]string] { return c.listTags(ctx) })}
		if r.aliases, err = c.listAliases(ctx); err != nil {
			return err
		}
		err = collectors.Each(ctx, atATime, keys, func(ctx context.Context, k types.KeyListEntry) error {
			return c.key(ctx, r, k)
		})
		if err != nil {
			return err
		}
	}
	cell.Listed(model.KindKey)
	return nil
}

// key reads one key and emits it.
func (c *Collector) key(ctx context.Context, r *region, k types.KeyListEntry) error {
	out, err := c.client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: k.KeyArn})
	if _, ok := errors.AsType[*types.NotFoundException](err); ok {
		// Deleted since it was listed: it does not exist, so that no row is the
		// truth. No other refusal drops a row.
		return nil
	}
	var body *model.Key
	switch {
	case err != nil:
		if fatal := awserr.Fatal(ctx, err); fatal != nil {
			return fatal
		}
		body = hidden(awserr.Unknown(describeKey, err))
		body.KeyID = model.Known(aws.ToString(k.KeyId))
		body.Tags = r.tagsOf(k)
	case out.KeyMetadata == nil:
		body = hidden(left("the description of a key"))
		body.KeyID = model.Known(aws.ToString(k.KeyId))
		body.Tags = r.tagsOf(k)
	case out.KeyMetadata.KeyManager == types.KeyManagerTypeAws:
		body = described(out.KeyMetadata)
		managed(body)
	default:
		body = described(out.KeyMetadata)
		body.Tags = r.tagsOf(k)
		if err := c.customer(ctx, r.cell, k, body); err != nil {
			return err
		}
	}
	return r.emit(k, body)
}
