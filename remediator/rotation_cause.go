package remediator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// rotationCause says why a rotation did not end, from what is left behind: the
// version stages, and Secrets Manager's own events in CloudTrail. The function's
// log is named and not quoted: it may hold a value.
func rotationCause(ctx context.Context, env *Env, c *model.Change, s *sm.DescribeSecretOutput, since time.Time, err error) error {
	text := "the rotation function did not finish"
	if v := pendingVersion(s); v != "" {
		text += fmt.Sprintf("; version %s is left AWSPENDING, and the credential in use is the old one", v)
	}
	if why := rotationEvent(ctx, env, c, since); why != "" {
		text += "; " + why
	}
	if f, _ := c.After[fieldFunction].(string); f != "" {
		_, name, _ := strings.Cut(f, ":function:")
		name, _, _ = strings.Cut(name, ":") // all versions write to one log
		text += fmt.Sprintf("; read its log with `aws logs tail /aws/lambda/%s --region %s --since 1h`", name, c.Resource.Region)
	}
	return fmt.Errorf("%s (%w); undoing the run turns rotation off again", text, err)
}

type eventReader interface {
	LookupEvents(context.Context, *cloudtrail.LookupEventsInput, ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error)
}

// rotationEvent is what CloudTrail has of the failure: Secrets Manager's events
// RotationFailed and TestRotationFailed ("Log AWS Secrets Manager events with
// AWS CloudTrail", User Guide). They come minutes late; "" when there is none.
func rotationEvent(ctx context.Context, env *Env, c *model.Change, since time.Time) string {
	cfg, err := env.Access.Config(c.Resource.Account, c.Resource.Region)
	if err != nil {
		return ""
	}
	why, err := failedEvent(ctx, cloudtrail.NewFromConfig(cfg), c.Resource.ID, since)
	switch {
	case awserr.Denied(err):
		return "CloudTrail may say more: allow cloudtrail:LookupEvents"
	case err != nil:
		return "CloudTrail could not be asked: " + awserr.Words(err)
	}
	return why
}

func failedEvent(ctx context.Context, client eventReader, secret string, since time.Time) (string, error) {
	var found string
	for _, name := range []string{"RotationFailed", "TestRotationFailed"} {
		out, err := client.LookupEvents(ctx, &cloudtrail.LookupEventsInput{
			StartTime: aws.Time(since), MaxResults: aws.Int32(50),
			LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyEventName, AttributeValue: aws.String(name)}},
		})
		if err != nil {
			return "", err
		}
		for _, e := range out.Events {
			if why, err := failureIn(aws.ToString(e.CloudTrailEvent), secret); err == nil && why != "" {
				found = name + ": " + why
			}
		}
	}
	if found == "" {
		return "", nil
	}
	return "CloudTrail has " + found, nil
}

// failureIn is the message of an event about a secret. Only Secrets Manager's own
// words are taken.
func failureIn(text, secret string) (string, error) {
	var e struct {
		EventType           string `json:"eventType"`
		ErrorMessage        string `json:"errorMessage"`
		AdditionalEventData struct {
			SecretID string `json:"SecretId"`
		} `json:"additionalEventData"`
		Resources []struct{ ARN string }
	}
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return "", err
	}
	about := e.AdditionalEventData.SecretID == secret
	for _, r := range e.Resources {
		about = about || r.ARN == secret
	}
	if !about || e.EventType != "AwsServiceEvent" {
		return "", nil
	}
	if e.ErrorMessage == "" {
		return "", errors.New("the event has no message")
	}
	return awserr.Words(errors.New(e.ErrorMessage)), nil
}
