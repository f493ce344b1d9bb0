package remediator

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/keyproof/keyproof/model"
)

// database is what of an instance or a cluster matters here.
type database struct {
	status  string
	secret  *types.MasterUserSecret
	pending []string // names of modifications that wait
}

func describedDatabase(ctx context.Context, env *Env, c *model.Change) (*database, error) {
	cfg, err := config(env, c)
	if err != nil {
		return nil, err
	}
	client := rds.NewFromConfig(cfg)
	if c.Settings["type"] == "cluster" {
		out, err := client.DescribeDBClusters(ctx, &rds.DescribeDBClustersInput{DBClusterIdentifier: &c.Name})
		if err != nil {
			return nil, err
		}
		if len(out.DBClusters) != 1 {
			return nil, notApplicable("scan again", "there is no cluster %s any more", c.Name)
		}
		d := &database{status: aws.ToString(out.DBClusters[0].Status), secret: out.DBClusters[0].MasterUserSecret}
		if out.DBClusters[0].PendingModifiedValues != nil {
			d.pending = []string{"modifications of the cluster"}
		}
		return d, nil
	}
	out, err := client.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: &c.Name})
	if err != nil {
		return nil, err
	}
	if len(out.DBInstances) != 1 {
		return nil, notApplicable("scan again", "there is no instance %s any more", c.Name)
	}
	i := out.DBInstances[0]
	d := &database{status: aws.ToString(i.DBInstanceStatus), secret: i.MasterUserSecret}
	if p := i.PendingModifiedValues; p != nil {
		for what, is := range map[string]bool{
			"the class": p.DBInstanceClass != nil, "the engine's version": p.EngineVersion != nil, "the storage": p.AllocatedStorage != nil,
			"Multi-AZ": p.MultiAZ != nil, "the port": p.Port != nil, "the certificate": p.CACertificateIdentifier != nil,
		} {
			if is {
				d.pending = append(d.pending, what)
			}
		}
		slices.Sort(d.pending)
	}
	return d, nil
}
