package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/collectors/events/athena"
)

func newEventsDDL(sys system) *cobra.Command {
	var d athena.DDL
	var table, since string
	cmd := &cobra.Command{
		Use:   "ddl",
		Short: "Print the statement that makes a table for Athena over the bucket of a trail",
		Long: `Print the CREATE EXTERNAL TABLE statement of AWS's documented CloudTrail table, with
partitions by account, region and day that Athena works out itself (partition
projection): no crawler, and nothing to load. keyproof does not run it. A table is a
description of files; making or dropping it touches none of them.

With --account, the table lists its accounts. Without, or with more than AWS advises
to list, every query must name the accounts that it is about. --region lists all
regions that the trail records: those that are left out are never found.`,
		Example: `  keyproof events ddl --bucket s3://acme-trail --account 111122223333 --region eu-west-1 --since 2026-01-01 > table.sql
  keyproof events ddl --bucket s3://acme-trail/audit --org o-a1b2c3d4e5 --region eu-west-1 --region us-east-1 --since 2026-01-01
  aws athena start-query-execution --work-group audit --query-string file://table.sql`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) (err error) {
			if d.Database, d.Table, err = athena.ParseTable(table); err != nil {
				return usageError{err}
			}
			if d.Since, err = parseTime("--since", since); err != nil {
				return err
			}
			sql, err := d.SQL()
			if err != nil {
				return usageError{err}
			}
			if !d.Enumerated() {
				fmt.Fprintln(sys.stderr, "The table does not list its accounts: name them with --account when you ask it.")
			}
			_, err = fmt.Fprintln(sys.stdout, sql)
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&d.Bucket, "bucket", "", "`s3://bucket/prefix` that the trail delivers to, without AWSLogs")
	f.StringVar(&d.Org, "org", "", "`id` of the organization, o-…, for the trail of one")
	f.Var(listFlag{&d.Accounts}, "account", "`account` that the trail records (repeatable or with commas)")
	f.Var(listFlag{&d.Regions}, "region", "`region` that the trail records (repeatable or with commas)")
	f.StringVar(&since, "since", "", "first `day`, such as 2026-01-01")
	f.StringVar(&table, "table", "default.cloudtrail", "`database.table` to make")
	return cmd
}
