package remediator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// NewReplicas are the regions that a change adds a replica in, sorted.
func NewReplicas(c *model.Change) []string { return slices.Sorted(maps.Keys(plannedReplicas(c))) }

// Preflight looks for a secret of the same name and for the key, in each region.
func (Replication) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	added := plannedReplicas(c)
	var list []Concern
	for _, region := range NewReplicas(c) {
		there := c.Resource
		there.Region = region
		client, err := secretsClient[replicationClient](env, there)
		if err != nil {
			return nil, err
		}
		_, err = describe(ctx, client, c.Name)
		switch {
		case err == nil && c.Settings["overwrite"] != true:
			list = append(list, Concern{Blocks: true, Text: fmt.Sprintf("%s has a secret called %s already", region, c.Name),
				Next: "choose another region, or lose that secret's value with --set enable-replication.overwrite=true"})
		case err == nil, awserr.Code(err) == "ResourceNotFoundException":
		case awserr.Denied(err):
			list = append(list, notKnown("whether "+region+" has a secret of that name", describeSecret))
		case awserr.Invalid(err):
			list = append(list, Concern{Blocks: true, Text: region + " is not enabled for the account", Next: "aws account enable-region --region-name " + region})
		default:
			return nil, err
		}
		if added[region] == "" {
			continue
		}
		concerns, err := keyConcerns(ctx, env, c.Resource.Account, region, added[region])
		if err != nil {
			return nil, err
		}
		list = append(list, concerns...)
	}
	return list, nil
}

// Apply adds the replicas and waits until they are in sync.
func (a Replication) Apply(env *Env, c *model.Change, _ State) []Step {
	added := plannedReplicas(c)
	regions := NewReplicas(c)
	return []Step{
		{
			Name: "replicate",
			Done: func(ctx context.Context) (bool, error) {
				state, err := a.Read(ctx, env, c)
				return err == nil && state.is(c.After), err
			},
			Do: func(ctx context.Context) error {
				client, err := secretsClient[replicationClient](env, c.Resource)
				if err != nil {
					return err
				}
				in := &sm.ReplicateSecretToRegionsInput{SecretId: aws.String(c.Resource.ID), ForceOverwriteReplicaSecret: c.Settings["overwrite"] == true}
				for _, region := range regions {
					r := types.ReplicaRegionType{Region: aws.String(region)}
					if key := added[region]; key != "" {
						r.KmsKeyId = aws.String(key)
					}
					in.AddReplicaRegions = append(in.AddReplicaRegions, r)
				}
				_, err = client.ReplicateSecretToRegions(ctx, in)
				return err
			},
		},
		{Name: "in-sync", Wait: true, Do: func(ctx context.Context) error { return a.inSync(ctx, env, c, regions) }},
	}
}

// inSync waits for the replicas. A failed one ends the wait with AWS's words.
func (Replication) inSync(ctx context.Context, env *Env, c *model.Change, regions []string) error {
	client, err := secretsClient[replicationClient](env, c.Resource)
	if err != nil {
		return err
	}
	return poll(ctx, env, time.Duration(whole(c.Settings["wait"]))*time.Minute, func() (bool, string, error) {
		s, err := describe(ctx, client, c.Resource.ID)
		if err != nil {
			return false, "", err
		}
		waiting := slices.Clone(regions)
		for _, r := range s.ReplicationStatus {
			region := aws.ToString(r.Region)
			switch {
			case !slices.Contains(regions, region):
			case r.Status == types.StatusTypeFailed:
				return false, "", fmt.Errorf("the replica in %s failed: %s; undoing the run removes it", region, aws.ToString(r.StatusMessage))
			case r.Status == types.StatusTypeInSync:
				waiting = slices.DeleteFunc(waiting, func(w string) bool { return w == region })
			}
		}
		return len(waiting) == 0, "not in sync: " + strings.Join(waiting, ", "), nil
	})
}

// Undo removes the replicas that the change added, and no other.
func (a Replication) Undo(env *Env, c *model.Change, _ State) []Step {
	added := plannedReplicas(c)
	left := func(ctx context.Context) ([]string, error) {
		state, err := a.Read(ctx, env, c)
		if err != nil {
			return nil, err
		}
		var list []string
		for _, region := range state[fieldReplicas].([]string) {
			if _, ours := added[region]; ours {
				list = append(list, region)
			}
		}
		return list, nil
	}
	gone := func(ctx context.Context) (bool, error) {
		list, err := left(ctx)
		return err == nil && len(list) == 0, err
	}
	return []Step{
		{Name: "remove", Done: gone, Do: func(ctx context.Context) error {
			list, err := left(ctx)
			if err != nil {
				return err
			}
			client, err := secretsClient[replicationClient](env, c.Resource)
			if err != nil {
				return err
			}
			_, err = client.RemoveRegionsFromReplication(ctx, &sm.RemoveRegionsFromReplicationInput{SecretId: aws.String(c.Resource.ID), RemoveReplicaRegions: list})
			return err
		}},
		{Name: "gone", Wait: true, Do: func(ctx context.Context) error {
			return poll(ctx, env, 10*time.Minute, func() (bool, string, error) {
				there, err := gone(ctx)
				return there, "the replicas are still there", err
			})
		}},
	}
}
