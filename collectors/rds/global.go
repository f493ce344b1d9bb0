package rds

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// SecretTag is the tag of a database that names the secret with its
// credentials, by the secret's ARN. Nothing of AWS links the two where RDS does
// not manage the password: only the secret's value names the host, and a scan
// does not read it.
const SecretTag = "keyproof:secret"

// globals are the Aurora global databases that have a cluster in the region.
type globals struct {
	list []types.GlobalCluster
	why  *model.Unknown // the list is not complete
}

func (c *Collector) globals(ctx context.Context) (*globals, error) {
	g := &globals{}
	pages := rds.NewDescribeGlobalClustersPaginator(c.rds, &rds.DescribeGlobalClustersInput{MaxRecords: aws.Int32(pageSize)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			why := awserr.Unknown(describeGlobals, err)
			g.why = &why
			return g, awserr.Fatal(ctx, err)
		}
		g.list = append(g.list, page.GlobalClusters...)
	}
	return g, nil
}

// fill says of which global database a cluster is, and where the others of its
// clusters are. Only the writer has replicas; the others are its replicas.
func (g *globals) fill(cell *collectors.Cell, d *types.DBCluster, body *model.Database) {
	replicas := elsewhere(cell.Region, d.ReadReplicaIdentifiers)
	if g.why != nil {
		body.GlobalCluster, body.ReplicaRegions = model.Missing[string](*g.why), model.Missing[[]string](*g.why)
		// It may be a secondary cluster, which has the password of its writer. One
		// whose password RDS manages is none (Aurora User Guide, "Limitations for
		// Secrets Manager integration with Amazon Aurora").
		if body.ReplicaOf.State() == model.StateAbsent && d.MasterUserSecret == nil {
			body.ReplicaOf = model.Missing[string](*g.why)
		}
		return
	}
	body.GlobalCluster = model.None[string]()
	for _, global := range g.list {
		at := slices.IndexFunc(global.GlobalClusterMembers, func(m types.GlobalClusterMember) bool {
			return aws.ToString(m.DBClusterArn) == aws.ToString(d.DBClusterArn)
		})
		if at < 0 {
			continue
		}
		body.GlobalCluster = text(global.GlobalClusterIdentifier)
		var others []string
		for _, m := range global.GlobalClusterMembers {
			others = append(others, aws.ToString(m.DBClusterArn))
			if aws.ToBool(m.IsWriter) && !aws.ToBool(global.GlobalClusterMembers[at].IsWriter) {
				body.ReplicaOf = text(m.DBClusterArn)
			}
		}
		if aws.ToBool(global.GlobalClusterMembers[at].IsWriter) {
			replicas = append(replicas, elsewhere(cell.Region, others)...)
		}
	}
	slices.Sort(replicas)
	body.ReplicaRegions = model.Known(slices.Compact(replicas))
}

// elsewhere returns the other regions among those of databases. A replica in
// the same region is given by its name, one in another by its ARN.
func elsewhere(region string, ids []string) []string {
	var list []string
	for _, id := range ids {
		if a, err := arn.Parse(id); err == nil && a.Region != region {
			list = append(list, a.Region)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// credentials says which secret holds the credentials of a database.
func credentials(cell *collectors.Cell, r *model.Resource, body *model.Database, tags []types.Tag) {
	secret := body.Secret
	if secret.State() != model.StateKnown {
		for _, t := range tags {
			if aws.ToString(t.Key) == SecretTag && strings.HasPrefix(aws.ToString(t.Value), "arn:") {
				secret = text(t.Value)
			}
		}
	}
	if secret.State() == model.StateAbsent {
		secret = model.Missing[string](model.Unknown{
			Reason: model.ReasonNotCollected,
			Detail: "nothing says which secret holds its credentials: name the secret's ARN in the tag " + SecretTag + " of the database",
		})
	}
	body.CredentialSecret = secret
	refs(r, "credential_secret", secret, func(id string) model.ResourceID {
		if a, err := arn.Parse(id); err == nil {
			return model.ResourceID{Kind: model.KindSecret, Account: a.AccountID, Region: a.Region, ID: id}
		}
		return cell.ID(model.KindSecret, id)
	})
}
