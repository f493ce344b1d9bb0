package athena

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// DDL describes the table over the bucket of a trail.
type DDL struct {
	Database, Table string
	Bucket          string // s3://bucket/prefix, above AWSLogs
	Org             string // o-…, for the trail of an organization; else empty
	Accounts        []string
	Regions         []string
	Since           time.Time // the first day
}

// maxEnum is how many accounts are listed: AWS advises against more than a few
// dozen ("Supported types for partition projection").
const maxEnum = 48

// column is a column of the documented table that events are made of.
type column struct{ name, kind string }

// tableColumns are those of "Create a table for CloudTrail logs in Athena using
// partition projection", as far as events are made of them.
var tableColumns = []column{
	{"useridentity", "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,username:string," +
		"onbehalfof:struct<userid:string,identitystorearn:string>," +
		"sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>," +
		"sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>," +
		"ec2roledelivery:string,webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>>"},
	{"eventtime", "string"}, {"eventsource", "string"}, {"eventname", "string"}, {"awsregion", "string"}, {"sourceipaddress", "string"},
	{"useragent", "string"}, {"errorcode", "string"}, {"errormessage", "string"}, {"requestparameters", "string"},
	{"responseelements", "string"}, {"additionaleventdata", "string"}, {"eventid", "string"}, {"readonly", "string"},
	{"resources", "array<struct<arn:string,accountid:string,type:string>>"}, {"eventtype", "string"}, {"recipientaccountid", "string"},
	{"serviceeventdetails", "string"}, {"vpcendpointid", "string"}, {"sessioncredentialfromconsole", "string"},
}

// moreColumns complete the documented table, for whoever asks it something else.
var moreColumns = []column{
	{"eventversion", "string"}, {"requestid", "string"}, {"apiversion", "string"}, {"sharedeventid", "string"}, {"vpcendpointaccountid", "string"},
	{"eventcategory", "string"}, {"addendum", "struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>"},
	{"edgedevicedetails", "string"}, {"tlsdetails", "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>"},
}

var (
	accountID  = regexp.MustCompile(`^[0-9]{12}$`)
	regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$`)
	orgID      = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	// Of the characters that S3 calls safe in a key, all but the quote.
	bucketPath = regexp.MustCompile(`^s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9!_.*()-]+)*)/?$`)
)

// SQL is the statement. Everything in it is checked: nothing can end a literal. The
// SerDe is not told to ignore malformed records: a query fails on them, as it must,
// instead of leaving them out.
func (d DDL) SQL() (string, error) {
	if err := d.check(); err != nil {
		return "", err
	}
	m := bucketPath.FindStringSubmatch(d.Bucket)
	base := "s3://" + m[1] + m[2] + "/AWSLogs/"
	if d.Org != "" {
		base += d.Org + "/"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE EXTERNAL TABLE IF NOT EXISTS `%s`.`%s` (\n", d.Database, d.Table)
	all := slices.Concat(tableColumns, moreColumns)
	for i, c := range all {
		comma := map[bool]string{true: ",", false: ""}[i < len(all)-1]
		fmt.Fprintf(&b, "  `%s` %s%s\n", c.name, c.kind, comma)
	}
	b.WriteString(")\nPARTITIONED BY (`account` string, `region` string, `day` string)\n" +
		"ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'\n" +
		"STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'\n" +
		"OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'\n")
	fmt.Fprintf(&b, "LOCATION '%s'\nTBLPROPERTIES (\n", base)
	for i, p := range d.properties(base) {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, "  '%s' = '%s'", p[0], p[1])
	}
	b.WriteString("\n)")
	return b.String(), nil
}

// Enumerated says whether the table lists its accounts; if not, every query must
// name those that it is about.
func (d DDL) Enumerated() bool { return len(d.Accounts) > 0 && len(d.Accounts) <= maxEnum }

func (d DDL) properties(base string) [][2]string {
	list := [][2]string{{"projection.enabled", "true"}}
	if d.Enumerated() {
		list = append(list, [2]string{"projection.account.type", "enum"}, [2]string{"projection.account.values", joined(d.Accounts)})
	} else {
		list = append(list, [2]string{"projection.account.type", "injected"})
	}
	return append(list,
		[2]string{"projection.region.type", "enum"}, [2]string{"projection.region.values", joined(d.Regions)},
		[2]string{"projection.day.type", "date"}, [2]string{"projection.day.format", "yyyy/MM/dd"},
		[2]string{"projection.day.range", d.Since.UTC().Format(dayFormat) + ",NOW"},
		[2]string{"projection.day.interval", "1"}, [2]string{"projection.day.interval.unit", "DAYS"},
		[2]string{"storage.location.template", base + "${account}/CloudTrail/${region}/${day}"},
	)
}

func joined(values []string) string {
	list := slices.Sorted(slices.Values(values))
	return strings.Join(slices.Compact(list), ",")
}

func (d DDL) check() error {
	if err := checkTable(d.Database, d.Table); err != nil {
		return err
	}
	switch {
	case d.Bucket == "":
		return fmt.Errorf("name where the trail delivers, with --bucket s3://bucket or s3://bucket/prefix")
	case !bucketPath.MatchString(d.Bucket):
		return fmt.Errorf("--bucket %q is not where a trail delivers: it looks like s3://bucket or s3://bucket/prefix, without AWSLogs", d.Bucket)
	case strings.Contains(d.Bucket+"/", "/AWSLogs/"):
		return fmt.Errorf("--bucket %q: leave AWSLogs out, and name an organization with --org", d.Bucket)
	case d.Org != "" && !orgID.MatchString(d.Org):
		return fmt.Errorf("--org %q is not an organization: it looks like o-a1b2c3d4e5", d.Org)
	case len(d.Regions) == 0:
		return fmt.Errorf("a table lists its regions: name each with --region")
	case d.Since.IsZero():
		return fmt.Errorf("a table has a first day: name it with --since, such as 2026-01-01")
	}
	return CheckScope(d.Accounts, d.Regions)
}

// CheckScope refuses what is no account or region.
func CheckScope(accounts, regions []string) error {
	for _, a := range accounts {
		if !accountID.MatchString(a) {
			return fmt.Errorf("--account %q is not an account: it has twelve digits", a)
		}
	}
	for _, r := range regions {
		if !regionName.MatchString(r) {
			return fmt.Errorf("--region %q is not a region: it looks like eu-west-1", r)
		}
	}
	return nil
}
