// Package cloudtrail collects trails, and judges for each account and region
// whether some trail records all that goes on there.
//
// It makes one call for a region and two for each trail that shows there; six
// more for the bucket of a trail whose row it is; and those that say what is
// reported of the region: the rules of EventBridge, and for each log group of a
// trail its filters and the alarms beside them.
package cloudtrail

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

const (
	describeTrails    = "cloudtrail:DescribeTrails"
	getEventSelectors = "cloudtrail:GetEventSelectors"
	getTrailStatus    = "cloudtrail:GetTrailStatus"
)

// client lists the calls made.
type client interface {
	DescribeTrails(context.Context, *cloudtrail.DescribeTrailsInput, ...func(*cloudtrail.Options)) (*cloudtrail.DescribeTrailsOutput, error)
	GetEventSelectors(context.Context, *cloudtrail.GetEventSelectorsInput, ...func(*cloudtrail.Options)) (*cloudtrail.GetEventSelectorsOutput, error)
	GetTrailStatus(context.Context, *cloudtrail.GetTrailStatusInput, ...func(*cloudtrail.Options)) (*cloudtrail.GetTrailStatusOutput, error)
}

// Collector reads the trails that record one account in one region, and what
// stands around them.
type Collector struct {
	trails  client
	buckets buckets
	alerts  alertClients
}

// New makes a collector for the account and region of the configuration.
func New(cfg aws.Config) *Collector {
	return &Collector{trails: cloudtrail.NewFromConfig(cfg), buckets: newBuckets(cfg), alerts: newAlertClients(cfg)}
}

// Name returns "cloudtrail".
func (*Collector) Name() string { return "cloudtrail" }

// Permissions returns the IAM actions of all calls.
func (*Collector) Permissions() []string {
	return []string{
		describeTrails, getEventSelectors, getTrailStatus,
		listBuckets, getPolicyStatus, getBucketACL, getPublicAccess, getEncryption, getLogging,
		describeFilters, describeAlarms, listRules, listTargets,
	}
}

// parallel is how many trails are read at a time. A region has at most five of
// its own, and the organization's.
const parallel = 4

// Collect emits the trails that this cell is to emit (see here), and what the
// account's row says of trails.
func (c *Collector) Collect(ctx context.Context, cell *collectors.Cell) error {
	out, err := c.trails.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(true)})
	if err != nil {
		if fatal := awserr.Fatal(ctx, err); fatal != nil {
			return fatal
		}
		why := awserr.Unknown(describeTrails, err)
		cell.Gap(model.KindTrail, why)
		return cell.Emit(account(cell, &model.Account{
			TrailCount: model.Missing[int](why), TrailShortcomings: model.Missing[[]string](why), UnalertedEvents: model.Missing[[]string](why),
		}))
	}
	// The order of the answer is not documented, and decides between equals.
	slices.SortFunc(out.TrailList, func(a, b types.Trail) int {
		return strings.Compare(aws.ToString(a.TrailARN), aws.ToString(b.TrailARN))
	})
	trails := make([]*model.Trail, len(out.TrailList))
	writes := make([]model.Value[bool], len(out.TrailList)) // of KMS
	list := make([]int, len(out.TrailList))
	for i := range list {
		list[i] = i
	}
	err = collectors.Each(ctx, parallel, list, func(ctx context.Context, i int) (err error) {
		trails[i], writes[i], err = c.trail(ctx, &out.TrailList[i])
		return err
	})
	if err != nil {
		return err
	}
	keyWrites := map[*model.Trail]model.Value[bool]{}
	for i, t := range trails {
		keyWrites[t] = writes[i]
		if r := resource(cell, aws.ToString(out.TrailList[i].TrailARN), t); here(cell, r.ID, t) {
			if err := c.bucket(ctx, t); err != nil {
				return err
			}
			if err := cell.Emit(r); err != nil {
				return err
			}
		}
	}
	cell.Listed(model.KindTrail)
	visible := recording(trails, cell.Region)
	row := coverage(visible)
	own := func(t *model.Trail) bool {
		a, err := arn.Parse(aws.ToString(out.TrailList[slices.Index(trails, t)].TrailARN))
		return err == nil && a.AccountID == cell.Account
	}
	if row.UnalertedEvents, err = c.unalerted(ctx, cell, visible, keyWrites, own); err != nil {
		return err
	}
	return cell.Emit(account(cell, row))
}

// here says whether this cell emits the trail. A trail shows in every region
// that it records, and an organization's trail in every account, so that one
// cell has to be chosen:
//
//   - only the account that owns the trail emits it. A member account cannot
//     change the organization's trail and may not be able to read all of it;
//     for a member the trail counts in the account's row.
//   - of its regions, the trail's home region if the scan covers it, else the
//     first one that the scan covers.
func here(cell *collectors.Cell, id model.ResourceID, t *model.Trail) bool {
	if a, err := arn.Parse(id.ID); err != nil || a.AccountID != cell.Account {
		return false
	}
	home := t.HomeRegion.Or("")
	if slices.Contains(cell.Regions, home) || len(cell.Regions) == 0 {
		return home == cell.Region
	}
	return cell.Region == slices.Min(cell.Regions)
}

func resource(cell *collectors.Cell, arn string, t *model.Trail) *model.Resource {
	r := &model.Resource{ID: cell.ID(model.KindTrail, arn), Name: t.Name.Or(arn), Body: t}
	switch key, known := t.KMSKey.Get(); {
	case known:
		r.Ref("key", model.Known(cell.Key(key)))
	case t.KMSKey.State() == model.StateAbsent:
		r.Ref("key", model.None[model.ResourceID]())
	}
	return r
}

func account(cell *collectors.Cell, body *model.Account) *model.Resource {
	return &model.Resource{ID: cell.AccountRow(), Name: cell.Account, Body: body}
}
