package ssm

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// tagList is the tags of all parameters of a region, by normalised ARN, or why
// they are unknown.
type tagList struct {
	byARN map[string]map[string]string
	why   *model.Unknown
}

// listTags asks the tagging API for all tagged parameters at once: Parameter
// Store itself gives tags only for one parameter a call. It does not return
// untagged resources, so what is not in its list has none.
func (c *Collector) listTags(ctx context.Context) (tagList, error) {
	list := tagList{byARN: map[string]map[string]string{}}
	pages := resourcegroupstaggingapi.NewGetResourcesPaginator(c.tags, &resourcegroupstaggingapi.GetResourcesInput{
		ResourceTypeFilters: []string{"ssm:parameter"},
		ResourcesPerPage:    aws.Int32(100), // the largest allowed
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			if fatal := awserr.Fatal(ctx, err); fatal != nil {
				return tagList{}, fatal
			}
			why := awserr.Unknown(getResources, err)
			return tagList{why: &why}, nil
		}
		for _, r := range page.ResourceTagMappingList {
			tags := map[string]string{}
			for _, t := range r.Tags {
				tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
			}
			list.byARN[normal(aws.ToString(r.ResourceARN))] = tags
		}
	}
	return list, nil
}

func (l tagList) of(arn string) model.Value[map[string]string] {
	if l.why != nil {
		return model.Missing[map[string]string](*l.why)
	}
	if tags := l.byARN[normal(arn)]; tags != nil {
		return model.Known(tags)
	}
	return model.Known(map[string]string{})
}

// normal is an ARN with one slash before the name: some endpoints write the
// name's own leading slash as a second one.
func normal(arn string) string { return strings.Replace(arn, ":parameter//", ":parameter/", 1) }
