package cloudtrail

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// trail reads what there is to know of one trail, and whether it records the write
// events of KMS.
func (c *Collector) trail(ctx context.Context, t *types.Trail) (body *model.Trail, keyWrites model.Value[bool], err error) {
	body = &model.Trail{
		Name:         given(t.Name),
		HomeRegion:   given(t.HomeRegion),
		MultiRegion:  given(t.IsMultiRegionTrail),
		Organization: given(t.IsOrganizationTrail),
		GlobalEvents: given(t.IncludeGlobalServiceEvents),
		Validation:   given(t.LogFileValidationEnabled),
		KMSKey:       nonEmpty(t.KmsKeyId),
		Bucket:       given(t.S3BucketName),
		LogGroup:     nonEmpty(t.CloudWatchLogsLogGroupArn),
	}
	if err := c.status(ctx, t, body); err != nil {
		return nil, keyWrites, err
	}
	keyWrites, err = c.selectors(ctx, t, body)
	return body, keyWrites, err
}

// status needs the ARN: by its name a shadow trail is not found.
func (c *Collector) status(ctx context.Context, t *types.Trail, body *model.Trail) error {
	out, err := c.trails.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: t.TrailARN}, atHome(t))
	if err != nil {
		why := awserr.Unknown(getTrailStatus, err)
		body.Logging, body.DeliveryError = model.Missing[bool](why), model.Missing[string](why)
		body.LastDeliveredAt, body.LogGroupError = model.Missing[time.Time](why), model.Missing[string](why)
		return awserr.Fatal(ctx, err)
	}
	body.Logging = given(out.IsLogging)
	body.DeliveryError = nonEmpty(out.LatestDeliveryError)
	// Logs without digests are logs that nobody can prove unchanged.
	if digest, failing := nonEmpty(out.LatestDigestDeliveryError).Get(); failing && body.DeliveryError.State() == model.StateAbsent {
		body.DeliveryError = model.Known(digest + " (of digest files)")
	}
	body.LastDeliveredAt = model.KnownOrNone(out.LatestDeliveryTime)
	body.LogGroupError = nonEmpty(out.LatestCloudWatchLogsDeliveryError)
	return nil
}

// atHome sends a call to the trail's home region, which is where its
// configuration is kept; other regions show a shadow of it.
func atHome(t *types.Trail) func(*cloudtrail.Options) {
	return func(o *cloudtrail.Options) {
		if home := aws.ToString(t.HomeRegion); home != "" {
			o.Region = home
		}
	}
}

func (c *Collector) selectors(ctx context.Context, t *types.Trail, body *model.Trail) (keyWrites model.Value[bool], err error) {
	out, err := c.trails.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: t.TrailARN}, atHome(t))
	if err != nil {
		return unknownSelectors(body, awserr.Unknown(getEventSelectors, err)), awserr.Fatal(ctx, err)
	}
	// A trail of which AWS gives no selectors has none only if it says so.
	if len(out.AdvancedEventSelectors)+len(out.EventSelectors) == 0 && (t.HasCustomEventSelectors == nil || *t.HasCustomEventSelectors) {
		return unknownSelectors(body, model.Unknown{Reason: model.ReasonFailed, Action: getEventSelectors, Detail: "the answer holds no selectors"}), nil
	}
	return model.Known(Selected(body, out.EventSelectors, out.AdvancedEventSelectors)), nil
}

func unknownSelectors(body *model.Trail, why model.Unknown) model.Value[bool] {
	body.SelectorKind = model.Missing[string](why)
	unknown := model.Missing[bool](why)
	body.ManagementRead, body.ManagementWrite, body.KMSEventsExcluded = unknown, unknown, unknown
	return unknown
}

// given is a member that AWS always sends; were it missing, it is unknown.
func given[T any](v *T) model.Value[T] {
	if v == nil {
		return model.Value[T]{}
	}
	return model.Known(*v)
}

// nonEmpty is a member that AWS leaves out, or leaves empty, when there is none.
func nonEmpty(s *string) model.Value[string] {
	if strings.TrimSpace(aws.ToString(s)) == "" {
		return model.None[string]()
	}
	return model.Known(*s)
}
