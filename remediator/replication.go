package remediator

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/keyproof/keyproof/model"
)

// Replication adds replicas of a secret in other regions.
type Replication struct{}

type replicationClient interface {
	secretReader
	ReplicateSecretToRegions(context.Context, *sm.ReplicateSecretToRegionsInput, ...func(*sm.Options)) (*sm.ReplicateSecretToRegionsOutput, error)
	RemoveRegionsFromReplication(context.Context, *sm.RemoveRegionsFromReplicationInput, ...func(*sm.Options)) (*sm.RemoveRegionsFromReplicationOutput, error)
}

// Name is what rules call it.
func (Replication) Name() string { return "enable-replication" }

// Doc says what it does.
func (Replication) Doc() string { return "adds replicas of a secret in the regions that you name" }

// Settles is the rule on replicas.
func (Replication) Settles() []model.RuleID { return []model.RuleID{"SM-011"} }

// Settings are what users choose.
func (Replication) Settings() []Setting {
	return []Setting{
		{"regions", "regions to replicate to; keyproof never chooses one", "us-west-2,eu-central-1"},
		{"keys", "keys that encrypt the replicas, by region; by default the replica of a multi-Region key, or aws/secretsmanager where the primary has it",
			"us-west-2=alias/dr,eu-central-1=alias/dr"},
		{"overwrite", "true replaces an unrelated secret of the same name in the other region, whose value is lost", "true"},
		{"wait", "minutes to wait until the replicas are in sync", "10"},
	}
}

// Permissions are those of all calls. The kms actions are what the calls ask for
// where keys are the customer's (API reference, ReplicateSecretToRegions).
func (Replication) Permissions() Permissions {
	return Permissions{
		Reads: []string{"kms:DescribeKey", describeSecret},
		Writes: []string{
			"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey",
			"secretsmanager:RemoveRegionsFromReplication", "secretsmanager:ReplicateSecretToRegions",
		},
	}
}

// The field of the state: the regions of all replicas, sorted.
const fieldReplicas = "replicas"

// Read is where the secret has replicas.
func (Replication) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	client, err := secretsClient[secretReader](env, c.Resource)
	if err != nil {
		return nil, err
	}
	s, err := describe(ctx, client, c.Resource.ID)
	if err != nil {
		return nil, err
	}
	regions := []string{}
	for _, r := range s.ReplicationStatus {
		regions = append(regions, aws.ToString(r.Region))
	}
	slices.Sort(regions)
	return State{fieldReplicas: regions}, nil
}

// plannedReplicas are the replicas that a change adds: region and key, the empty
// key for aws/secretsmanager of that region.
func plannedReplicas(c *model.Change) map[string]string {
	added := map[string]string{}
	switch m := c.Settings["replicas"].(type) {
	case map[string]string:
		maps.Copy(added, m)
	case map[string]any: // of a plan that was saved
		for region, key := range m {
			added[region], _ = key.(string)
		}
	}
	return added
}
