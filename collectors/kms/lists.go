package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// The most that each list gives a page.
const (
	keyPage   = 1000
	aliasPage = 100
	tagPage   = 100
)

// listKeys returns the keys of all pages up to an error.
func (c *Collector) listKeys(ctx context.Context) (keys []types.KeyListEntry, err error) {
	for pages := kms.NewListKeysPaginator(c.client, &kms.ListKeysInput{Limit: aws.Int32(keyPage)}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return keys, err
		}
		keys = append(keys, page.Keys...)
	}
	return keys, nil
}

// listAliases returns the aliases of the region by key id. They are unknown as
// a whole when a page is missing: some key's would be.
func (c *Collector) listAliases(ctx context.Context) (model.Value[map[string][]types.AliasListEntry], error) {
	byKey := map[string][]types.AliasListEntry{}
	for pages := kms.NewListAliasesPaginator(c.client, &kms.ListAliasesInput{Limit: aws.Int32(aliasPage)}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return model.Missing[map[string][]types.AliasListEntry](awserr.Unknown(listAliases, err)), awserr.Fatal(ctx, err)
		}
		for _, a := range page.Aliases {
			// Predefined aliases of AWS have no key before their first use.
			if id := aws.ToString(a.TargetKeyId); id != "" {
				byKey[id] = append(byKey[id], a)
			}
		}
	}
	return model.Known(byKey), nil
}

// listTags returns the tags of the region's keys by ARN. GetResources gives a
// hundred keys a call, where ListResourceTags needs a call a key. It returns
// what is or was tagged, so that a key it does not return has no tags.
func (c *Collector) listTags(ctx context.Context) model.Value[map[string]map[string]string] {
	byARN := map[string]map[string]string{}
	in := &tagging.GetResourcesInput{ResourceTypeFilters: []string{"kms:key"}, ResourcesPerPage: aws.Int32(tagPage)}
	for pages := tagging.NewGetResourcesPaginator(c.tags, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			// A scan that was cancelled ends at its next call.
			return model.Missing[map[string]map[string]string](awserr.Unknown(getTags, err))
		}
		for _, r := range page.ResourceTagMappingList {
			tags := make(map[string]string, len(r.Tags))
			for _, t := range r.Tags {
				tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
			}
			byARN[aws.ToString(r.ResourceARN)] = tags
		}
	}
	return model.Known(byARN)
}

func (r *region) tagsOf(k types.KeyListEntry) model.Value[map[string]string] {
	byARN, ok := r.tags().Get()
	if !ok {
		return model.Missing[map[string]string](r.tags().Why())
	}
	if tags := byARN[aws.ToString(k.KeyArn)]; tags != nil {
		return model.Known(tags)
	}
	return model.Known(map[string]string{})
}
