// Package rds collects database instances and clusters, as far as the keeping
// of their passwords goes. It makes two calls for a region, one more for every
// hundred databases, and one where there are clusters for their global databases.
package rds

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

const (
	describeInstances = "rds:DescribeDBInstances"
	describeClusters  = "rds:DescribeDBClusters"
	describeGlobals   = "rds:DescribeGlobalClusters"
)

// client lists the calls made: reads, each a list.
type client interface {
	rds.DescribeDBInstancesAPIClient
	rds.DescribeDBClustersAPIClient
	rds.DescribeGlobalClustersAPIClient
}

// Collector reads the databases of one account in one region.
type Collector struct{ rds client }

// New makes a collector for the account and region of the configuration.
func New(cfg aws.Config) *Collector { return &Collector{rds: rds.NewFromConfig(cfg)} }

// Name returns "rds".
func (*Collector) Name() string { return "rds" }

// Permissions returns the IAM actions of all calls.
func (*Collector) Permissions() []string {
	return []string{describeClusters, describeGlobals, describeInstances}
}

// Collect emits every instance and every cluster. Both lists make up the kind:
// one that is refused makes a gap, and the other one's rows stay.
func (c *Collector) Collect(ctx context.Context, cell *collectors.Cell) error {
	lists := []func(context.Context, *collectors.Cell) error{c.instances, c.clusters}
	err := collectors.Each(ctx, len(lists), lists, func(ctx context.Context, list func(context.Context, *collectors.Cell) error) error {
		return list(ctx, cell)
	})
	if err != nil {
		return err
	}
	cell.Listed(model.KindDatabase)
	return nil
}

// pageSize is the largest that both calls allow (MaxRecords: 20 to 100).
const pageSize = 100

func (c *Collector) instances(ctx context.Context, cell *collectors.Cell) error {
	pages := rds.NewDescribeDBInstancesPaginator(c.rds, &rds.DescribeDBInstancesInput{MaxRecords: aws.Int32(pageSize)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return refused(ctx, cell, describeInstances, err)
		}
		for i := range page.DBInstances {
			if err := cell.Emit(instance(cell, &page.DBInstances[i])); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Collector) clusters(ctx context.Context, cell *collectors.Cell) error {
	var global *globals
	pages := rds.NewDescribeDBClustersPaginator(c.rds, &rds.DescribeDBClustersInput{MaxRecords: aws.Int32(pageSize)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return refused(ctx, cell, describeClusters, err)
		}
		if len(page.DBClusters) > 0 && global == nil {
			if global, err = c.globals(ctx); err != nil {
				return err
			}
		}
		for i := range page.DBClusters {
			if err := cell.Emit(cluster(cell, &page.DBClusters[i], global)); err != nil {
				return err
			}
		}
	}
	return nil
}

func refused(ctx context.Context, cell *collectors.Cell, action string, err error) error {
	if fatal := awserr.Fatal(ctx, err); fatal != nil {
		return fatal
	}
	cell.Gap(model.KindDatabase, awserr.Unknown(action, err))
	return nil
}
