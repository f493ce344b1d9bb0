package ledger

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// sampleRules are two rules on secrets and one on keys.
func sampleRules() []model.Rule {
	return []model.Rule{
		{ID: "SM-001", Title: "Secrets rotate", Kind: model.KindSecret, Severity: model.SeverityHigh, Reads: []string{"resource.rotation_enabled"},
			Controls: map[string][]string{"hipaa": {"164.308(a)(5)(ii)(D)"}, "soc2": {"CC6.1"}},
			Params: map[string]model.Param{
				"max_days": {Type: "integer", Unit: "days", Value: 2000000, Default: 90, Why: "board"},
				"names":    {Type: "strings", Value: []string{"a", "b"}, Default: []string{}},
				"strict":   {Type: "boolean", Value: true, Default: false},
			},
			Overrides: []model.Override{{Where: model.Where{Account: "4*"}, Set: map[string]any{"max_days": 30}, Why: "prod"}},
		},
		{ID: "SM-002", Title: "Secrets have an owner", Kind: model.KindSecret, Severity: model.SeverityLow, Controls: map[string][]string{"soc2": {"CC6.1"}}},
		{ID: "KM-001", Title: "Keys rotate", Kind: model.KindKey, Severity: model.SeverityMedium, Controls: map[string][]string{}},
	}
}

// sampleResults are the results on some secrets and keys: of every status, with
// every kind of detail.
func sampleResults(secrets int) []*model.Result {
	var list []*model.Result
	for i := range secrets {
		id := model.ResourceID{Kind: model.KindSecret, Account: "111122223333", Region: "eu-west-1", ID: fmt.Sprintf("arn:aws:secretsmanager:eu-west-1:111122223333:secret:%06d", i)}
		first := &model.Result{Rule: "SM-001", Resource: id, Name: fmt.Sprintf("app/%d", i), Status: model.Statuses()[i%5]}
		second := &model.Result{Rule: "SM-002", Resource: id, Name: first.Name, Status: model.StatusPass}
		switch first.Status {
		case model.StatusFail:
			first.Findings = []model.Finding{{Message: "rotation is off \u202e<b>", Attribute: "rotation_enabled"}}
			first.Overrides = []int{0}
		case model.StatusWaived:
			expires, _ := model.ParseDate("2026-06-30")
			first.Findings = []model.Finding{{Message: "rotation is off", Seen: &model.Seen{Count: 3, First: noon, Last: noon.Add(time.Hour)}}}
			first.Waiver = &model.Waiver{Rule: "SM-001", Reason: "moving", Owner: "ann", ApprovedBy: "bob", Expires: expires}
		case model.StatusUnknown:
			first.Unknown = map[string]model.Unknown{"resource.kms_key": {Reason: model.ReasonAccessDenied, Action: "kms:DescribeKey", Detail: "no"}}
		case model.StatusNotApplicable:
			first.NotApplicable = []string{"it is a replica"}
		default:
		}
		list = append(list, first, second)
	}
	origin := &model.Origin{File: "main.tf", Line: 7, Address: "aws_kms_key.a", Syntax: model.SyntaxHCL}
	return append(list,
		&model.Result{Rule: "KM-001", Resource: model.ResourceID{Kind: model.KindKey, Account: "111122223333", Region: "us-east-1", ID: "*"}, Status: model.StatusUnknown, Gap: true,
			Unknown: map[string]model.Unknown{"": {Reason: model.ReasonAccessDenied, Action: "kms:ListKeys"}}},
		&model.Result{Rule: "KM-001", Resource: model.ResourceID{Kind: model.KindKey, Account: "444455556666", Region: "eu-west-1", ID: "k"}, Name: "k", Origin: origin, Status: model.StatusFail,
			Delta: model.DeltaIntroduced, Findings: []model.Finding{{Message: "no rotation"}}})
}

func reportOf(results []*model.Result) *model.Report {
	tally := model.NewTally()
	for _, r := range results {
		tally.Add(r)
	}
	tally.Resources[model.KindSecret] = len(results) / 2
	return &model.Report{
		Header: model.Header{TakenAt: noon.Add(-time.Minute), Source: "live", Tool: "1.2.3", Scopes: []model.Scope{
			{Kind: model.KindSecret, Account: "111122223333", Region: "eu-west-1", Count: 3},
			{Kind: model.KindKey, Account: "111122223333", Region: "us-east-1", Gap: &model.Unknown{Reason: model.ReasonAccessDenied, Action: "kms:ListKeys"}},
		}},
		Rules: sampleRules(), Summary: tally.Done(),
		Frameworks: []model.Framework{
			{ID: "hipaa", Title: "HIPAA", Version: "2013", Controls: []model.Control{{ID: "164.308(a)(5)(ii)(D)", Title: "Passwords", Coverage: model.CoveragePartial}}},
			{ID: "soc2", Title: "SOC 2", Version: "2017", Controls: []model.Control{{ID: "CC6.1", Title: "Access", Coverage: model.CoveragePartial, Assessor: "people"}}},
		},
		Results: func(yield func(*model.Result, error) bool) {
			for _, r := range results {
				if !yield(r, nil) {
					return
				}
			}
		},
	}
}

func snapshotOf(r *model.Report, names ...string) *model.Snapshot {
	var list []*model.Resource
	for _, name := range names {
		list = append(list, &model.Resource{ID: model.ResourceID{Kind: model.KindSecret, Account: "111122223333", Region: "eu-west-1", ID: name}, Name: name, Body: &model.Secret{RotationEnabled: model.Known(true)}})
	}
	return &model.Snapshot{Header: r.Header, Resources: model.InMemory(list)}
}

// appendSample records a small run with a snapshot.
func appendSample(t *testing.T, l *Ledger, names ...string) Run {
	t.Helper()
	r := reportOf(sampleResults(6))
	run, err := l.AppendRun(t.Context(), r, snapshotOf(r, names...), model.VerdictFail, model.VerdictPolicy{}, nil)
	require.NoError(t, err)
	return run
}

func collect(t *testing.T, r *model.Report) []*model.Result {
	t.Helper()
	var list []*model.Result
	for res, err := range r.Results {
		require.NoError(t, err)
		list = append(list, res)
	}
	return list
}
