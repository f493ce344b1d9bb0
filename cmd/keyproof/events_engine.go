package main

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

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
	profile, region     string
	workgroup, results  string
	partitions, maxScan string
	unchecked           bool
	explain, counts     bool
	given               func(flag string) bool
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
	limits := trino.Limits{MaxScan: limit, Say: func(line string) { fmt.Fprintln(sys.stderr, clean(line)) }}
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
	options := session.Options{Reads: reads, Queries: queries, Version: sys.version}
	if o.profile != "" {
		options.Profiles = []string{o.profile}
	}
	if region != "" {
		options.Regions = []string{region}
	}
	accounts, err := session.Open(ctx, options)
	if err != nil {
		return aws.Config{}, usageOrNot(err)
	}
	if len(accounts) != 1 || len(accounts[0].Regions) != 1 {
		return aws.Config{}, usagef("an engine runs in one region: name it with --engine-region")
	}
	return accounts[0].Config(accounts[0].Regions[0].Name), nil
}

// engineQuery is the question. An engine bills all that is not left out, so it
// wants to know from when on.
func (sys system) engineQuery(o *archiveOptions, since, until time.Time) (events.Query, error) {
	if since.IsZero() {
		return events.Query{}, usagef("name the first time with --since, such as --since %s: an engine reads, and bills, all that is not left out", sys.now().UTC().AddDate(0, 0, -7).Format(time.DateOnly))
	}
	if err := athena.CheckScope(o.accounts, o.regions); err != nil {
		return events.Query{}, usageError{err}
	}
	now := sys.now().UTC()
	if until.IsZero() {
		until = now.Truncate(time.Second)
	}
	if !since.Before(until) {
		return events.Query{}, usagef("--since %s is in the future", o.since)
	}
	return events.Query{Accounts: o.accounts, Regions: o.regions, Since: since, Until: until, Now: now}, nil
}

// parseSize reads bytes with a unit of 1000 (KB, MB, GB, TB) or 1024 (KiB, …).
func parseSize(flag, text string) (int64, error) {
	number := strings.TrimRight(text, "BiKMGT")
	unit := strings.TrimPrefix(text, number)
	base := 1000.0
	if strings.HasSuffix(unit, "iB") {
		base = 1024
	}
	exponent := strings.Index(" KMGT", strings.TrimSuffix(strings.TrimSuffix(unit, "B"), "i"))
	if unit == "" || unit == "B" {
		exponent = 0
	}
	n, err := strconv.ParseFloat(number, 64)
	bytes := n * math.Pow(base, float64(exponent))
	if err != nil || exponent < 0 || !(bytes >= 1 && bytes <= 1<<60) {
		return 0, usagef("%s %q is not a number of bytes: write 500MB, 100GiB or 1000000000", flag, text)
	}
	return int64(bytes), nil
}
