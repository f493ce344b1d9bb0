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
		body.Replicas, body.ReplicaStates = model.Known([]model.Replica{}), model.Known([]model.ReplicaState{})
		return nil
	}
	out, err := c.client.DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: s.ARN})
	if gone(err) {
		return err
	}
	if err != nil {
		why := awserr.Unknown(describe, err)
		body.Replicas, body.ReplicaStates = model.Missing[[]model.Replica](why), model.Missing[[]model.ReplicaState](why)
		return awserr.Fatal(ctx, err)
	}
	slices.SortFunc(out.ReplicationStatus, func(a, b types.ReplicationStatusType) int {
		return cmp.Compare(aws.ToString(a.Region), aws.ToString(b.Region))
	})
	list, states := make([]model.Replica, len(out.ReplicationStatus)), make([]model.ReplicaState, len(out.ReplicationStatus))
	for i, r := range out.ReplicationStatus {
		list[i] = model.Replica{Region: aws.ToString(r.Region), KMSKey: aws.ToString(r.KmsKeyId)}
		states[i] = model.ReplicaState{Region: list[i].Region, Status: string(r.Status), Message: aws.ToString(r.StatusMessage)}
		if list[i].DefaultKey = isDefaultKey(list[i].KMSKey); list[i].DefaultKey {
			list[i].KMSKey = ""
		}
		if r.LastAccessedDate != nil {
			days := model.DaysAgo(*r.LastAccessedDate, cell.TakenAt)
			states[i].LastUsedDayAgo = &days
		}
	}
	body.Replicas, body.ReplicaStates = model.Known(list), model.Known(states)
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
