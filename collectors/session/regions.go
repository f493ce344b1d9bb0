package session

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/internal/nearest"
	"github.com/keyproof/keyproof/model"
)

// allRegions is the word for every enabled region.
const allRegions = "all"

var regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)

func checkRegionName(name string) error {
	if name == allRegions || regionName.MatchString(name) {
		return nil
	}
	return usagef("region %q does not look like a region; they look like eu-west-1 (or say --region all)", name)
}

// firstRegion is a region in which STS can be asked.
func firstRegion(names []string) string {
	for _, name := range names {
		if name != allRegions {
			return name
		}
	}
	return "us-east-1"
}

// findRegions decides which regions of the account are read. Named regions are
// checked against the account's own list; where that may not be read they are
// taken as they are, and a region that does not exist shows itself by calls
// that fail.
func (a *Account) findRegions(ctx context.Context, want []string) error {
	if len(want) == 0 {
		want = []string{a.base.Region}
	}
	want = slices.Compact(slices.Sorted(slices.Values(want)))
	all := slices.Contains(want, allRegions)
	if a.Gap != nil {
		// Nothing can be listed with credentials that could not be had.
		for _, name := range want {
			a.Regions = append(a.Regions, Region{Name: orGlobal(name), Gap: a.Gap})
		}
		return nil
	}
	status, err := a.listRegions(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		if all {
			why := awserr.Unknown("account:ListRegions", err)
			return fmt.Errorf("cannot list the regions of account %s (%s): allow account:ListRegions, or name the regions with --region", a.ID, why)
		}
		for _, name := range want {
			a.Regions = append(a.Regions, Region{Name: name})
		}
		return nil
	}
	if all {
		for name, s := range status {
			if enabled(s) {
				a.Regions = append(a.Regions, Region{Name: name})
			}
		}
		slices.SortFunc(a.Regions, func(x, y Region) int { return strings.Compare(x.Name, y.Name) })
		return nil
	}
	return a.named(want, status)
}

func (a *Account) named(want []string, status map[string]types.RegionOptStatus) error {
	for _, name := range want {
		s, ok := status[name]
		if !ok {
			return usagef("region %q does not exist%s", name, didYouMean(name, status))
		}
		region := Region{Name: name}
		if !enabled(s) {
			region.Gap = &model.Unknown{Reason: model.ReasonRegionOff, Detail: name + " is not enabled for account " + a.ID}
		}
		a.Regions = append(a.Regions, region)
	}
	return nil
}

// A region that is being switched off still holds what it held.
func enabled(s types.RegionOptStatus) bool {
	return s == types.RegionOptStatusEnabled || s == types.RegionOptStatusEnabledByDefault || s == types.RegionOptStatusDisabling
}

// listRegions asks once, without retries: endpoints that stand in for AWS do
// not know the call, and their users name the regions.
func (a *Account) listRegions(ctx context.Context) (map[string]types.RegionOptStatus, error) {
	client := account.NewFromConfig(a.Config(a.base.Region), func(o *account.Options) { o.Retryer = retry.AddWithMaxAttempts(aws.NopRetryer{}, 1) })
	status := map[string]types.RegionOptStatus{}
	for pages := account.NewListRegionsPaginator(client, &account.ListRegionsInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Regions {
			status[aws.ToString(r.RegionName)] = r.RegionOptStatus
		}
	}
	if len(status) == 0 {
		return nil, fmt.Errorf("the list of regions is empty")
	}
	return status, nil
}

func orGlobal(name string) string {
	if name == allRegions {
		return "all regions"
	}
	return name
}

// didYouMean names the region that a mistyped one is close to.
func didYouMean(name string, status map[string]types.RegionOptStatus) string {
	if best := nearest.Name(name, slices.Sorted(maps.Keys(status))); best != "" {
		return fmt.Sprintf("; did you mean %s?", best)
	}
	return ""
}
