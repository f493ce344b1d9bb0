package remediator

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/keyproof/keyproof/model"
)

// secretReader is what all actions on secrets read. None of it is a value.
type secretReader interface {
	DescribeSecret(context.Context, *sm.DescribeSecretInput, ...func(*sm.Options)) (*sm.DescribeSecretOutput, error)
}

const describeSecret = "secretsmanager:DescribeSecret"

// secretsClient is for the calls on secrets of one account and region: those of T.
func secretsClient[T secretReader](env *Env, id model.ResourceID) (T, error) {
	var client T
	cfg, err := env.Access.Config(id.Account, id.Region)
	if err != nil {
		return client, err
	}
	client, ok := any(sm.NewFromConfig(cfg)).(T)
	if !ok {
		return client, fmt.Errorf("the SDK has no %T", client)
	}
	return client, nil
}

func describe(ctx context.Context, client secretReader, id string) (*sm.DescribeSecretOutput, error) {
	return client.DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: aws.String(id)})
}

// changeableSecret is why a secret cannot be changed whatever the action, or nil.
func changeableSecret(r *model.Resource, body *model.Secret) error {
	if replica, known := body.IsReplica.Get(); replica || !known {
		return notApplicable("repair its primary, "+body.ReplicaOf.Or("which the scan did not see"), "a replica cannot be changed")
	}
	if doomed, known := body.DeletionScheduled.Get(); doomed || !known {
		return notApplicable(fmt.Sprintf("aws secretsmanager restore-secret --secret-id %s --region %s", r.ID.ID, r.ID.Region),
			"the secret is marked for deletion")
	}
	return nil
}

// pendingVersion is a version that a rotation has begun and not ended; empty when
// there is none.
func pendingVersion(s *sm.DescribeSecretOutput) string {
	for id, stages := range s.VersionIdsToStages {
		if slices.Contains(stages, "AWSPENDING") && !slices.Contains(stages, "AWSCURRENT") {
			return id
		}
	}
	return ""
}

// poll asks until it is done, ever more seldom, for at most the time. status is
// what is said when it is not.
func poll(ctx context.Context, env *Env, limit time.Duration, ask func() (done bool, status string, err error)) error {
	wait := 2 * time.Second
	for spent := time.Duration(0); ; spent += wait {
		done, status, err := ask()
		if err != nil || done {
			return err
		}
		if spent >= limit {
			return fmt.Errorf("not so after %s: %s", limit, status)
		}
		if spent > 0 {
			wait = min(wait*3/2, 20*time.Second)
			env.Say("waiting: " + status)
		}
		if err := env.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}
