package cloudtrail

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"github.com/keyproof/keyproof/collectors/events/digest"
)

// ListPublicKeys is the IAM action of PublicKeys. A scan does not make the call.
const ListPublicKeys = "cloudtrail:ListPublicKeys"

// firstDigest is before CloudTrail signed anything: validation of log files was
// announced on 2015-10-01.
var firstDigest = time.Date(2015, 9, 1, 0, 0, 0, 0, time.UTC)

type keyClient interface {
	ListPublicKeys(context.Context, *cloudtrail.ListPublicKeysInput, ...func(*cloudtrail.Options)) (*cloudtrail.ListPublicKeysOutput, error)
}

// PublicKeys returns the keys that CloudTrail signed digests with in the region of
// the configuration. Zero times leave that side open.
func PublicKeys(ctx context.Context, cfg aws.Config, since, until time.Time) ([]digest.Key, error) {
	return publicKeys(ctx, cloudtrail.NewFromConfig(cfg), since, until)
}

func publicKeys(ctx context.Context, client keyClient, since, until time.Time) ([]digest.Key, error) {
	in := &cloudtrail.ListPublicKeysInput{StartTime: aws.Time(firstDigest)}
	if !since.IsZero() {
		in.StartTime = aws.Time(since)
	}
	if !until.IsZero() {
		// The digest of the last hour is signed after it.
		in.EndTime = aws.Time(until.Add(2 * time.Hour))
	}
	var list []digest.Key
	for {
		out, err := client.ListPublicKeys(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, k := range out.PublicKeyList {
			list = append(list, digest.Key{
				Fingerprint: aws.ToString(k.Fingerprint), Value: k.Value,
				From: aws.ToTime(k.ValidityStartTime), To: aws.ToTime(k.ValidityEndTime),
			})
		}
		if aws.ToString(out.NextToken) == "" {
			return list, nil
		}
		in.NextToken = out.NextToken
	}
}
