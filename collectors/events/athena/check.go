package athena

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/trino"
)

// checkWorkgroup wants a limit that Athena itself enforces: it is a setting of the
// workgroup, and no query can bring its own.
func (s *Source) checkWorkgroup(ctx context.Context) error {
	out, err := s.api.GetWorkGroup(ctx, &athena.GetWorkGroupInput{WorkGroup: &s.o.Workgroup})
	if err != nil {
		return explain("athena:GetWorkGroup", fmt.Sprintf("look up the workgroup %s", s.o.Workgroup), err)
	}
	group := out.WorkGroup
	if group == nil || group.Configuration == nil {
		return fmt.Errorf("look up the workgroup %s: the answer has no configuration", s.o.Workgroup)
	}
	if group.State == types.WorkGroupStateDisabled {
		return fmt.Errorf("the workgroup %s is disabled: enable it, or name another with --workgroup", s.o.Workgroup)
	}
	c := group.Configuration
	managed := c.ManagedQueryResultsConfiguration != nil && c.ManagedQueryResultsConfiguration.Enabled
	located := c.ResultConfiguration != nil && aws.ToString(c.ResultConfiguration.OutputLocation) != ""
	switch {
	case !managed && !located && s.o.Output == "":
		return fmt.Errorf("the workgroup %s does not say where its answers go: name a place with --results s3://bucket/prefix/", s.o.Workgroup)
	case managed && s.o.Output != "":
		return fmt.Errorf("the workgroup %s keeps its answers itself: leave --results out", s.o.Workgroup)
	}
	limit, wanted := aws.ToInt64(c.BytesScannedCutoffPerQuery), s.o.Limits.MaxScan
	switch {
	case s.o.Unchecked || wanted == 0:
		return nil
	case limit == 0:
		return fmt.Errorf("the workgroup %s has no limit on what a query may scan: %s", s.o.Workgroup, s.setLimit())
	case limit > wanted:
		return fmt.Errorf("the workgroup %s lets a query scan %s, and --max-scan is %s: %s", s.o.Workgroup, trino.Size(limit), trino.Size(wanted), s.setLimit())
	}
	return nil
}

func (s *Source) setLimit() string {
	return fmt.Sprintf("set it with `aws athena update-work-group --work-group %s --configuration-updates BytesScannedCutoffPerQuery=%d`, "+
		"or have keyproof alone watch the query with --max-scan-unchecked, which can be seconds late", s.o.Workgroup, s.o.Limits.MaxScan)
}

// checkTable wants the columns and partitions that the SQL uses, so that what is
// wrong is said before anything is paid for.
func (s *Source) checkTable(ctx context.Context, q events.Query) error {
	out, err := s.api.GetTableMetadata(ctx, &athena.GetTableMetadataInput{
		CatalogName: &s.o.Catalog, DatabaseName: &s.o.Database, TableName: &s.o.Table, WorkGroup: &s.o.Workgroup,
	})
	if err != nil {
		return explain("athena:GetTableMetadata", "look up the table "+s.o.Database+"."+s.o.Table, err)
	}
	t := out.TableMetadata
	if t == nil {
		return fmt.Errorf("look up the table %s.%s: the answer is empty", s.o.Database, s.o.Table)
	}
	var missing []string
	for _, c := range tableColumns {
		if i := slices.IndexFunc(t.Columns, func(have types.Column) bool { return strings.EqualFold(aws.ToString(have.Name), c.name) }); i < 0 {
			missing = append(missing, c.name+" "+c.kind)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the table %s.%s lacks columns that events are made of: run ALTER TABLE %[1]s.%[2]s ADD COLUMNS (%s), or make a new table: keyproof events ddl --help",
			s.o.Database, s.o.Table, strings.Join(missing, ", "))
	}
	return s.checkPartitions(t, q)
}

func (s *Source) checkPartitions(t *types.TableMetadata, q events.Query) error {
	var have []string
	for _, c := range t.PartitionKeys {
		have = append(have, aws.ToString(c.Name))
	}
	want := s.o.Layout.columns()
	for _, c := range want {
		if !slices.Contains(have, c) {
			return fmt.Errorf("the table %s.%s is partitioned by %s, and not by %s: say --partitions %s",
				s.o.Database, s.o.Table, or(strings.Join(have, ", "), "nothing"), c, guess(have))
		}
	}
	l, p := s.o.Layout, t.Parameters
	if l.Day != "" {
		if format, set := p["projection."+l.Day+".format"]; set && strings.Trim(format, "'") != "yyyy/MM/dd" {
			return fmt.Errorf("the days of %s.%s are written as %s, and keyproof knows yyyy/MM/dd: make a table for it with keyproof events ddl", s.o.Database, s.o.Table, format)
		}
	}
	if l.Account == "" || !strings.EqualFold(p["projection."+l.Account+".type"], "injected") {
		return nil
	}
	switch n := len(q.Accounts); {
	case n == 0:
		return fmt.Errorf("the table %s.%s does not list its accounts: name each with --account", s.o.Database, s.o.Table)
	case n > maxInjected:
		return fmt.Errorf("the table %s.%s does not list its accounts, and Athena takes %d of them at a time: ask for the %d accounts in parts", s.o.Database, s.o.Table, maxInjected, n)
	}
	return nil
}

// maxInjected is how many values a query may name of a partition that a table does
// not list ("Supported types for partition projection").
const maxInjected = 1000

// guess is a layout for partitions as people call them.
func guess(have []string) Layout {
	var l Layout
	for _, c := range have {
		switch c {
		case "account", "accountid", "account_id", "awsaccount":
			l.Account = c
		case "region", "awsregion", "aws_region":
			l.Region = c
		case "day", "date", "timestamp", "dt", "log_date":
			l.Day = c
		}
	}
	return l
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
