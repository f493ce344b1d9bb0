package athena

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var since = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func ddl(change func(*DDL)) DDL {
	d := DDL{Database: "audit", Table: "cloudtrail", Bucket: "s3://acme-trail", Accounts: []string{"111122223333"}, Regions: []string{"eu-west-1"}, Since: since}
	change(&d)
	return d
}

func TestDDL(t *testing.T) {
	many := make([]string, maxEnum+1)
	for i := range many {
		many[i] = "1111222233" + string(rune('0'+i/10)) + string(rune('0'+i%10))
	}
	for _, tt := range []struct {
		name   string
		change func(*DDL)
		want   []string
		not    string
	}{
		{"one account", func(*DDL) {}, []string{
			"CREATE EXTERNAL TABLE IF NOT EXISTS `audit`.`cloudtrail` (",
			"PARTITIONED BY (`account` string, `region` string, `day` string)",
			"ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'",
			"STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'",
			"LOCATION 's3://acme-trail/AWSLogs/'",
			"'projection.account.type' = 'enum'", "'projection.account.values' = '111122223333'",
			"'projection.region.values' = 'eu-west-1'", "'projection.day.range' = '2026/01/01,NOW'", "'projection.day.format' = 'yyyy/MM/dd'",
			"'storage.location.template' = 's3://acme-trail/AWSLogs/${account}/CloudTrail/${region}/${day}'",
		}, "injected"},
		{"an organization with a prefix", func(d *DDL) { d.Bucket, d.Org = "s3://acme-trail/a/b_c/", "o-a1b2c3d4e5" }, []string{
			"LOCATION 's3://acme-trail/a/b_c/AWSLogs/o-a1b2c3d4e5/'",
			"'s3://acme-trail/a/b_c/AWSLogs/o-a1b2c3d4e5/${account}/CloudTrail/${region}/${day}'",
		}, "b_c//"},
		{"no accounts", func(d *DDL) { d.Accounts = nil }, []string{"'projection.account.type' = 'injected'"}, "account.values"},
		{"too many accounts to list", func(d *DDL) { d.Accounts = many }, []string{"'projection.account.type' = 'injected'"}, "account.values"},
		{"several, in any order", func(d *DDL) { d.Regions = []string{"us-east-1", "eu-west-1", "us-east-1"} }, []string{"'projection.region.values' = 'eu-west-1,us-east-1'"}, "injected"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sql, err := ddl(tt.change).SQL()
			require.NoError(t, err)
			for _, want := range tt.want {
				assert.Contains(t, sql, want)
			}
			assert.NotContains(t, sql, tt.not)
			for _, pair := range [][2]string{{"<", ">"}, {"(", ")"}} {
				assert.Equal(t, strings.Count(sql, pair[0]), strings.Count(sql, pair[1]))
			}
		})
	}
}

// TestHostileDDL: what could end a literal, or is none of what it should be, is
// refused with the flag's name.
func TestHostileDDL(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*DDL)
		want   string
	}{
		{"quote in the bucket", func(d *DDL) { d.Bucket = "s3://x') TBLPROPERTIES ('a'='b" }, "--bucket"},
		{"quote in the prefix", func(d *DDL) { d.Bucket = "s3://acme-trail/a'b" }, "--bucket"},
		{"variable in the prefix", func(d *DDL) { d.Bucket = "s3://acme-trail/${account}" }, "--bucket"},
		{"line in the prefix", func(d *DDL) { d.Bucket = "s3://acme-trail/a\nb" }, "--bucket"},
		{"no scheme", func(d *DDL) { d.Bucket = "acme-trail" }, "--bucket"},
		{"nothing", func(d *DDL) { d.Bucket = "" }, "--bucket s3://"},
		{"too deep", func(d *DDL) { d.Bucket = "s3://acme-trail/AWSLogs/111122223333" }, "leave AWSLogs out"},
		{"account", func(d *DDL) { d.Accounts = []string{"111122223333','x"} }, "--account"},
		{"short account", func(d *DDL) { d.Accounts = []string{"1111"} }, "--account"},
		{"region", func(d *DDL) { d.Regions = []string{"eu-west-1'"} }, "--region"},
		{"all", func(d *DDL) { d.Regions = []string{"all"} }, "--region"},
		{"no region", func(d *DDL) { d.Regions = nil }, "--region"},
		{"org", func(d *DDL) { d.Org = "o-a1b2c3d4e5/'" }, "--org"},
		{"table", func(d *DDL) { d.Table = "a`; DROP TABLE b" }, "is not a table"},
		{"database", func(d *DDL) { d.Database = `a"` }, "is not a table"},
		{"upper case", func(d *DDL) { d.Table = "CloudTrail" }, "is not a table"},
		{"no day", func(d *DDL) { d.Since = time.Time{} }, "--since"},
	} {
		sql, err := ddl(tt.change).SQL()
		assert.ErrorContains(t, err, tt.want, tt.name)
		assert.Empty(t, sql, tt.name)
	}
}

func TestLayout(t *testing.T) {
	for text, want := range map[string]Layout{
		"account,region,day":                {"account", "region", "day"},
		"day=timestamp":                     {"", "", "timestamp"},
		" region=awsregion , day=dt":        {"", "awsregion", "dt"},
		"none":                              {},
		"account=accountid,region,day=date": {"accountid", "region", "date"},
	} {
		l, err := ParseLayout(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, l)
		again, err := ParseLayout(l.String())
		require.NoError(t, err)
		assert.Equal(t, l, again)
	}
	for _, text := range []string{"", "day,day", "month", `day="x`, "day=a b", "day=", "none,day"} {
		_, err := ParseLayout(text)
		assert.ErrorContains(t, err, "--partitions", text)
	}
}
