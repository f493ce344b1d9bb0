// Package trino makes the SQL that has an engine find events, and events of the
// rows that it answers. Athena and CloudTrail Lake both speak Trino's SQL.
//
// Its promise: one pass over the records answers everything. Relevant records
// come back whole; all the others come back as one row for each account and
// region, with their number and their days. So every record is counted, and a day
// on which nothing was recorded can be told from a day without secrets.
package trino

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/collectors/events"
)

// Table is what an engine reads.
type Table struct {
	From string // the table, quoted as it must be
	// Column is the expression for a column of the record as text; a column that it
	// does not have is called as in columns.
	Column map[string]string
	// Where are the conditions on partitions or times that keep the engine from
	// reading everything.
	Where []string
	// ByAccount and ByRegion say that Where picks the accounts and regions that were
	// asked for, as the path of a file says them.
	ByAccount, ByRegion bool
}

// columns of a record that its event is made of, in the order of the rows.
var columns = []string{
	"file", "eventid", "eventtime", "eventsource", "eventname", "awsregion", "recipientaccountid", "eventtype", "readonly",
	"sourceipaddress", "useragent", "vpcendpointid", "sessioncredentialfromconsole", "errorcode", "errormessage",
	"requestparameters", "responseelements", "additionaleventdata", "serviceeventdetails", "resources",
	"hasidentity", "identitytype", "principalid", "identityarn", "accountid", "username", "invokedby", "issuerarn", "mfaauthenticated",
}

// Identity are the expressions for the columns that come out of useridentity, a
// struct in both engines.
func Identity() map[string]string {
	return map[string]string{
		"hasidentity":  "CASE WHEN useridentity IS NULL THEN 'false' ELSE 'true' END",
		"identitytype": "useridentity.type", "principalid": "useridentity.principalid", "identityarn": "useridentity.arn",
		"accountid": "useridentity.accountid", "username": "useridentity.username", "invokedby": "useridentity.invokedby",
		"issuerarn": "useridentity.sessioncontext.sessionissuer.arn", "mfaauthenticated": "useridentity.sessioncontext.attributes.mfaauthenticated",
		// The ARNs are all that is asked of the resources.
		"resources": "json_format(CAST(transform(resources, r -> r.arn) AS JSON))",
	}
}

// Events is the query for the events themselves.
func Events(t Table, q events.Query) string {
	var b strings.Builder
	names := strings.Join(columns, ", ")
	fmt.Fprintf(&b, "SELECT account, region, kind, count(*) AS records, %s AS days,\n  %s\nFROM (\n", days, names)
	b.WriteString("  SELECT recipientaccountid AS account, awsregion AS region, substr(eventtime, 1, 10) AS day, kind")
	for _, c := range columns {
		fmt.Fprintf(&b, ",\n    CASE WHEN kind <> 'irrelevant' THEN %s END AS %[1]s", c)
	}
	b.WriteString("\n  FROM (\n")
	t.judged(&b, q)
	fmt.Fprintf(&b, "  )\n)\nGROUP BY account, region, kind,\n  %s\nORDER BY kind, eventtime, eventid, file", names)
	return b.String()
}

// Counts is the query for numbers of events, by what was done, by whom and to what.
func Counts(t Table, q events.Query) string {
	var b strings.Builder
	keys := "account, region, kind, eventsource, eventname, principal, target, outcome"
	fmt.Fprintf(&b, "SELECT %s,\n  count(*) AS records, min(eventtime) AS earliest, max(eventtime) AS latest, %s AS days\nFROM (\n", keys, days)
	b.WriteString("  SELECT recipientaccountid AS account, awsregion AS region, kind, eventtime, substr(eventtime, 1, 10) AS day")
	for _, c := range [][2]string{{"eventsource", "eventsource"}, {"eventname", "eventname"}, {principal, "principal"}, {target, "target"}, {outcome, "outcome"}} {
		fmt.Fprintf(&b, ",\n    CASE WHEN kind = 'relevant' THEN %s END AS %s", c[0], c[1])
	}
	b.WriteString("\n  FROM (\n")
	t.judged(&b, q)
	fmt.Fprintf(&b, "  )\n)\nGROUP BY %s\nORDER BY records DESC, %[1]s", keys)
	return b.String()
}

const (
	days = "array_join(array_agg(DISTINCT day), ',')"
	// principal is model.EventPrincipal.Who.
	principal = "coalesce(nullif(issuerarn, ''), nullif(identityarn, ''), nullif(invokedby, ''), nullif(username, ''), nullif(principalid, ''), nullif(identitytype, ''), 'nobody named')"
	// outcome is that of events.Decode.
	outcome = "CASE WHEN errorcode LIKE '%AccessDenied%' OR errorcode LIKE '%Unauthorized%' OR errorcode LIKE '%NotAuthorized%' THEN 'denied'" +
		" WHEN errorcode IS NOT NULL OR errormessage IS NOT NULL THEN 'failed' ELSE 'done' END"
	// target is the first thing that the record names, where real records name it.
	target = "coalesce(json_extract_scalar(resources, '$[0]'), json_extract_scalar(responseelements, '$.aRN'), json_extract_scalar(responseelements, '$.arn')," +
		" json_extract_scalar(additionaleventdata, '$.SecretId'), json_extract_scalar(additionaleventdata, '$.ARN'), json_extract_scalar(serviceeventdetails, '$.keyId')," +
		" json_extract_scalar(requestparameters, '$.secretId'), json_extract_scalar(requestparameters, '$.keyId'), json_extract_scalar(requestparameters, '$.name')," +
		" json_extract_scalar(requestparameters, '$.trailName'), json_extract_scalar(requestparameters, '$.functionName')," +
		" json_extract_scalar(requestparameters, '$.dBInstanceIdentifier'), json_extract_scalar(requestparameters, '$.dBClusterIdentifier')," +
		" json_extract_scalar(requestparameters, '$.bucketName'), json_extract_scalar(requestparameters, '$.aliasName'), json_extract_scalar(requestparameters, '$.path'), 'nothing named')"
)

// judged selects the records with their kind: relevant, irrelevant, or odd for
// those that lack what every record has and that nothing can be said about.
func (t Table) judged(b *strings.Builder, q events.Query) {
	fmt.Fprintf(b, "    SELECT *, CASE WHEN %s THEN 'odd'\n      WHEN %s THEN 'relevant' ELSE 'irrelevant' END AS kind\n    FROM (\n      SELECT ", odd, t.wanted(q))
	for i, c := range columns {
		if i > 0 {
			b.WriteString(",\n        ")
		}
		if expression := t.Column[c]; expression != "" {
			b.WriteString(expression + " AS ")
		}
		b.WriteString(c)
	}
	fmt.Fprintf(b, "\n      FROM %s", t.From)
	for i, c := range t.Where {
		fmt.Fprintf(b, "\n      %s %s", map[bool]string{true: "WHERE", false: "  AND"}[i == 0], c)
	}
	b.WriteString("\n    )\n")
}

// odd: times of CloudTrail are all written in one form, in which they can be
// compared as text.
const odd = "eventsource IS NULL OR eventname IS NULL OR eventtime IS NULL OR eventtime NOT LIKE '____-__-__T__:__:__Z'"

// wanted is the condition for the query's events. What a record does not say of
// its account or region is no reason to leave it out.
func (t Table) wanted(q events.Query) string {
	filter := q.Relevant
	if filter == nil {
		filter = events.Relevant()
	}
	all := []string{services(filter)}
	if !q.Since.IsZero() {
		all = append(all, "eventtime >= "+Text(Time(q.Since)))
	}
	if !q.Until.IsZero() {
		all = append(all, "eventtime < "+Text(Time(q.Until)))
	}
	if len(q.Accounts) > 0 && !t.ByAccount {
		all = append(all, "(recipientaccountid IS NULL OR "+In("recipientaccountid", q.Accounts)+")")
	}
	if len(q.Regions) > 0 && !t.ByRegion {
		all = append(all, "(awsregion IS NULL OR "+In("awsregion", q.Regions)+")")
	}
	return strings.Join(all, "\n      AND ")
}

func services(f events.Filter) string {
	var any []string
	for _, source := range sorted(f) {
		if names := f[source]; names == nil {
			any = append(any, "eventsource = "+Text(source))
		} else if kept := slices.DeleteFunc(sorted(names), func(n string) bool { return !names[n] }); len(kept) > 0 {
			any = append(any, "eventsource = "+Text(source)+" AND "+In("eventname", kept))
		}
	}
	if len(any) == 0 {
		return "FALSE"
	}
	return "(" + strings.Join(any, "\n        OR ") + ")"
}
