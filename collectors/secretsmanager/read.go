package secretsmanager

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

func gone(err error) bool {
	_, ok := errors.AsType[*types.ResourceNotFoundException](err)
	return ok
}

// replicas fills what only DescribeSecret tells: the replicas and their state.
func (c *Collector) replicas(ctx context.Context, cell *collectors.Cell, s types.SecretListEntry, body *model.Secret) error {
	if s.DeletedDate != nil {
		// "You can't delete a primary secret if it is replicated to other
		// Regions" ("Delete a secret"): no call is needed.
		body.Replicas = model.Known([]model.Replica{})
		return nil
	}
	out, err := c.client.DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: s.ARN})
	if gone(err) {
		return err
	}
	if err != nil {
		body.Replicas = model.Missing[[]model.Replica](awserr.Unknown(describe, err))
		return awserr.Fatal(ctx, err)
	}
	list := make([]model.Replica, len(out.ReplicationStatus))
	for i, r := range out.ReplicationStatus {
		list[i] = model.Replica{
			Region:  aws.ToString(r.Region),
			Status:  string(r.Status),
			Message: aws.ToString(r.StatusMessage),
			KMSKey:  aws.ToString(r.KmsKeyId),
		}
		if list[i].DefaultKey = isDefaultKey(list[i].KMSKey); list[i].DefaultKey {
			list[i].KMSKey = ""
		}
		if r.LastAccessedDate != nil {
			days := model.DaysAgo(*r.LastAccessedDate, cell.TakenAt)
			list[i].LastUsedDayAgo = &days
		}
	}
	slices.SortFunc(list, func(a, b model.Replica) int { return cmp.Compare(a.Region, b.Region) })
	body.Replicas = model.Known(list)
	return nil
}

// policy fills the facts of the resource policy.
func (c *Collector) policy(ctx context.Context, cell *collectors.Cell, s types.SecretListEntry, body *model.Secret) error {
	out, err := c.client.GetResourcePolicy(ctx, &sm.GetResourcePolicyInput{SecretId: s.ARN})
	if gone(err) {
		return err
	}
	if err != nil {
		why := awserr.Unknown(getPolicy, err)
		if _, ok := errors.AsType[*types.InvalidRequestException](err); ok && s.DeletedDate != nil {
			why.Detail = "AWS shows no policy of a secret that is marked for deletion"
		}
		body.PolicyFacts = iampolicy.Unreadable(why)
		return awserr.Fatal(ctx, err)
	}
	body.PolicyFacts = iampolicy.Facts(aws.ToString(out.ResourcePolicy), cell.ID(model.KindSecret, *s.ARN), cell.Trusts)
	return nil
}
