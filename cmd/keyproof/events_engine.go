package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/athena"
	"github.com/keyproof/keyproof/collectors/events/lake"
	"github.com/keyproof/keyproof/collectors/events/trino"
	"github.com/keyproof/keyproof/collectors/session"
)

// engineOptions are the flags for reading events through Athena or CloudTrail Lake.
type engineOptions struct {
	connection          connection
	profile             string // of a scan, for the engine alone; empty: that of the scan
	region              string
	workgroup, results  string
	partitions, maxScan string
	unchecked           bool
	explain, counts     bool
	quiet               bool                   // say nothing of the query's progress
	given               func(flag string) bool // nil: there were no flags
}

func (o *engineOptions) register(cmd *cobra.Command) {
	o.registerEngine(cmd)
	f := cmd.Flags()
	f.BoolVar(&o.explain, "explain", false, "print the SQL and do nothing")
	f.BoolVar(&o.counts, "counts", false, "have the engine count events by name, principal and target, and fetch none")
}

// registerEngine is for the flags that say which engine and what it may cost.
func (o *engineOptions) registerEngine(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.region, "engine-region", "", "`region` that Athena runs in (default that of the profile)")
	f.StringVar(&o.workgroup, "workgroup", "primary", "`workgroup` of Athena")
	f.StringVar(&o.results, "results", "", "`s3://bucket/prefix/` that Athena writes its answer to (default what the workgroup says)")
	f.StringVar(&o.partitions, "partitions", athena.DefaultLayout, "`columns` that the table is partitioned by, such as day=timestamp, or none")
	f.StringVar(&o.maxScan, "max-scan", "100GiB", "`bytes` that the engine may scan, such as 500MB or 2TiB")
	f.BoolVar(&o.unchecked, "max-scan-unchecked", false, "start although the workgroup has no limit of its own that is as low")
	o.given = f.Changed
}

// as asks the engine with the credentials of a scan, before it takes on any role:
// the record of all accounts lies in one.
func (o *engineOptions) as(a *accessOptions) {
	o.connection = connection{noLimits: a.noLimits, base: a.base}
	switch {
	case o.profile != "":
		o.connection.profiles = []string{o.profile}
	case len(a.profiles) == 1:
		o.connection.profiles = a.profiles
	}
}

// unused refuses flags that mean nothing for an archive.
func (o *engineOptions) unused() error {
	if o.given == nil {
		return nil // a command that has none of them, such as demo
	}
	for _, flag := range []string{"engine-region", "workgroup", "results", "partitions", "max-scan", "max-scan-unchecked", "explain", "counts"} {
		if o.given != nil && o.given(flag) { // nil for a command that has none of them, such as demo
			return usagef("--%s is for engines: name one, such as athena:database.table or lake:ARN", flag)
		}
	}
	return nil
}

// isEngine says whether an address names a query engine.
func isEngine(address string) bool {
	return strings.HasPrefix(address, "athena:") || strings.HasPrefix(address, "lake:")
}

// checkEngine refuses an address that names nothing.
func checkEngine(address string) (err error) {
	if rest, ok := strings.CutPrefix(address, "athena:"); ok {
		_, _, err = athena.ParseTable(rest)
	} else if rest, ok := strings.CutPrefix(address, "lake:"); ok {
		_, err = lake.ParseARN(rest)
	}
	if err != nil {
		return usageError{err}
	}
	return nil
}

// engine is a source that an engine scans.
type engine interface {
	events.Source
	SQL(events.Query) string
	CountsSQL(events.Query) string
	Count(context.Context, events.Query, func(trino.Count) error) (*events.Summary, error)
}

// openEngine opens athena:database.table or lake:ARN. With explain, it makes no
// connection.
func (sys system) openEngine(ctx context.Context, address string, o *engineOptions) (engine, error) {
	limit, err := parseSize("--max-scan", o.maxScan)
	if err != nil {
		return nil, err
	}
	limits := trino.Limits{MaxScan: limit}
	if !o.quiet { // what goes wrong is an error, too
		limits.Say = func(line string) { fmt.Fprintln(sys.stderr, clean(line)) }
	}
	kind, rest, _ := strings.Cut(address, ":")
	if kind == "lake" {
		region, err := lake.ParseARN(rest)
		if err != nil {
			return nil, usageError{err}
		}
		cfg, err := sys.engineConfig(ctx, o, region, lake.Reads(), lake.Queries())
		if err != nil {
			return nil, err
		}
		return lake.New(cfg, rest, limits)
	}
	a := athena.Options{Workgroup: o.workgroup, Output: o.results, Unchecked: o.unchecked, Limits: limits}
	if a.Database, a.Table, err = athena.ParseTable(rest); err != nil {
		return nil, usageError{err}
	}
	if a.Layout, err = athena.ParseLayout(o.partitions); err != nil {
		return nil, usageError{err}
	}
	cfg, err := sys.engineConfig(ctx, o, o.region, athena.Reads(), athena.Queries())
	if err != nil {
		return nil, err
	}
	source, err := athena.New(cfg, a)
	if err != nil {
		return nil, usageError{err}
	}
	return source, nil
}

// engineConfig opens the account that the engine belongs to. The configuration can
// start and stop queries and read what they answer, and nothing else.
func (sys system) engineConfig(ctx context.Context, o *engineOptions, region string, reads, queries []string) (aws.Config, error) {
	if o.explain {
		return aws.Config{}, nil
	}
	c := &o.connection
	options := session.Options{
		Profiles: c.profiles, Roles: c.roles, ExternalID: c.externalID, Reads: reads, Queries: queries,
		Unlimited: c.noLimits, Version: sys.version, Base: c.base,
	}
	if region != "" {
		options.Regions = []string{region}
	}
	accounts, err := session.Open(ctx, options)
	if err != nil {
		return aws.Config{}, usageOrNot(err)
	}
	if len(accounts) != 1 {
		return aws.Config{}, usagef("an engine is asked as one account: name one --profile or --assume-role")
	}
	if len(accounts[0].Regions) != 1 {
		return aws.Config{}, usagef("an engine runs in one region: name it with --engine-region")
	}
	if gap := cmp.Or(accounts[0].Gap, accounts[0].Regions[0].Gap); gap != nil {
		return aws.Config{}, fmt.Errorf("open the account %s of the engine: %s", accounts[0].ID, gap)
	}
	return accounts[0].Config(accounts[0].Regions[0].Name), nil
}
