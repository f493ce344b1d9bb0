package reports_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// eventful is a report that rests on a record of events, with a gap.
func eventful() *model.Report {
	day := func(d int) time.Time { return time.Date(2026, 2, d, 9, 30, 0, 0, time.UTC) }
	rule := func(id, title string, sev model.Severity, mitre ...string) model.Rule {
		return model.Rule{
			ID: model.RuleID(id), Title: title, Description: title + ", because nobody can undo it.", Kind: model.KindEvent, Severity: sev, Needs: model.NeedsEvents,
			Events: []string{"secretsmanager.amazonaws.com:DeleteSecret"}, MITRE: mitre, Controls: map[string][]string{"soc2": {"CC7.2"}},
			Remediation: model.Remediation{Text: "Ask who did it why."}, Package: "rules.events.x", Reads: []string{"resource.outcome"},
		}
	}
	series := rule("EVT-017", "Nobody reads many secrets within minutes", model.SeverityHigh, "T1555.006")
	series.Window = &model.Window{By: []string{"who"}, Distinct: "targets", Minutes: "minutes", Count: "count"}
	gap := &model.Unknown{Reason: model.ReasonNotInSource, Detail: "of 2 days there is neither a log nor a digest"}
	gone := model.ResourceID{Kind: model.KindSecret, Account: shop, Region: "us-east-1", ID: "arn:aws:secretsmanager:us-east-1:111122223333:secret:stripe-AbCdEf"}
	thief := model.ResourceID{Kind: model.KindPrincipal, Account: shop, Region: model.RegionGlobal, ID: "arn:aws:iam::111122223333:role/thief"}
	events := func(region string) model.ResourceID {
		return model.ResourceID{Kind: model.KindEvent, Account: shop, Region: region, ID: "events"}
	}
	const name = "events 2026-02-01 00:00 to 2026-03-01 00:00"
	r := newReport([]model.Rule{rule("EVT-001", "No secret is deleted without a recovery window", model.SeverityHigh, "T1485"), series}, []*model.Result{
		{Rule: "EVT-017", Resource: thief, Name: "thief", Status: model.StatusFail, Findings: []model.Finding{{
			Attribute: "targets", Message: "reads many secrets: 20 or more different targets within 10 minutes", Seen: &model.Seen{Count: 1240, First: day(3), Last: day(4)}}}},
		{Rule: "EVT-001", Resource: gone, Name: "stripe", Status: model.StatusFail, Findings: []model.Finding{
			{Attribute: "request_force_delete", Message: "deleted at once, without a recovery window, by arn:aws:iam::111122223333:role/admin", Seen: &model.Seen{Count: 1, First: day(2), Last: day(2)}}}},
		{Rule: "EVT-001", Resource: events("eu-west-1"), Name: name, Status: model.StatusUnknown, Unknown: map[string]model.Unknown{"events": *gap}},
		{Rule: "EVT-017", Resource: events("eu-west-1"), Name: name, Status: model.StatusUnknown, Unknown: map[string]model.Unknown{"events": *gap}},
		{Rule: "EVT-001", Resource: events("us-west-2"), Name: name, Status: model.StatusPass},
	})
	r.Frameworks = theFrameworks()
	r.Scopes = []model.Scope{{Kind: model.KindSecret, Account: shop, Region: "us-east-1", Count: 1}}
	r.Events = &model.EventLog{
		Source: "s3://acme-trail", From: day(1).Truncate(24 * time.Hour), Until: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		Scopes: []model.EventScope{
			{Account: shop, Region: "eu-west-1", Records: 12, Gap: gap}, {Account: shop, Region: "us-east-1", Records: 1300}, {Account: shop, Region: "us-west-2"},
		},
		Records: model.EventCounts{In: 1_204_312, Relevant: 1312, Irrelevant: 1_202_997, Refused: 3},
		Chain:   model.EventChain{From: day(1).Truncate(24 * time.Hour), Until: day(20), Gaps: []string{"no digest between 2026-02-10 and 2026-02-12 in eu-west-1"}},
	}
	return r
}

// TestUnreadIsSaid: a report without a record of events says how many rules that
// cost, and how to read one; a proposed change has no past.
func TestUnreadIsSaid(t *testing.T) {
	r, change := passing(), gate()
	r.NeedEvents, change.NeedEvents = []model.RuleID{"EVT-001", "EVT-002"}, []model.RuleID{"EVT-001"}
	for _, format := range []string{"text", "html", "markdown"} {
		require.Contains(t, write(t, format, r, judged(r, 200, 0)), "2 rules judged nothing, for they need the record of events", format)
		require.NotContains(t, write(t, format, change, judged(change, 200, 0)), "judged nothing, for", format)
	}
	require.Contains(t, write(t, "json", r, judged(r, 0, 0)), `"need_events": ["EVT-001","EVT-002"]`)
}

// TestRecordIsSaid: for people, what the report rests on is said before the results.
func TestRecordIsSaid(t *testing.T) {
	r := eventful()
	for _, format := range []string{"text", "html", "markdown"} {
		text := write(t, format, r, judged(r, 200, 0))
		for _, want := range []string{
			"acme-trail", "2026-02-01 00:00 UTC", "1,204,312 records", "1,312 relevant", "3 refused", "digest chain: verified in part", "no digest between", "neither a log nor a digest",
			"1,240 times from 2026-02-03 09:30 UTC to 2026-02-04 09:30 UTC", "once, at 2026-02-02 09:30 UTC",
		} {
			require.Contains(t, text, want, format)
		}
	}
	for _, format := range []string{"csv", "sarif", "junit", "github", "oscal", "asff", "ocsf"} {
		require.Contains(t, write(t, format, r, judged(r, 0, 0)), "1,240 times from 2026-02-03 09:30 UTC to 2026-02-04 09:30 UTC", format)
	}
}

// TestOCSFDetections: what events fail is a Detection Finding with its techniques
// and times; all else of the rule is a Compliance Finding.
func TestOCSFDetections(t *testing.T) {
	s := sharedSchema(t, "ocsf", "ocsf-1.6.0-detection_finding.schema.json")
	compliance := sharedSchema(t, "ocsf", "ocsf-1.6.0-compliance_finding.schema.json")
	r := eventful()
	var events []map[string]any
	require.NoError(t, json.Unmarshal([]byte(write(t, "ocsf", r, judged(r, 0, 0))), &events))
	detections := 0
	for _, e := range events {
		if e["class_uid"] != 2004.0 {
			require.NoError(t, compliance.Validate(e))
			continue
		}
		detections++
		require.NoError(t, s.Validate(e))
		info := e["finding_info"].(map[string]any)
		require.NotEmpty(t, info["attacks"])
		require.LessOrEqual(t, info["first_seen_time"], info["last_seen_time"])
		require.Equal(t, map[string]any{"controls": "SOC 2 CC7.2"}, e["unmapped"])
	}
	require.Equal(t, 2, detections)
	require.Equal(t, 1240.0, events[0]["count"])
}
