package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// ourRules are the rules that ask what a detection of Panther's asks.
func ourRules() map[string][]model.RuleID {
	return map[string][]model.RuleID{
		"AWS.CloudTrail.EventSelectorsDisabled":           {"EVT-030", "EVT-031"},
		"AWS.CloudTrail.Stopped":                          {"EVT-028", "EVT-029"},
		"AWS.CloudTrail.ResourceMadePublic":               {"EVT-003", "EVT-023"},
		"AWS.CloudTrail.SecurityConfigurationChange":      {"EVT-028", "EVT-029", "EVT-030", "EVT-032", "EVT-034"},
		"AWS.KMS.CustomerManagedKeyLoss":                  {"EVT-021", "EVT-022"},
		"AWS.SecretsManager.BatchRetrieveSecrets":         {"EVT-016"},
		"AWS.SecretsManager.BatchRetrieveSecretsCatchAll": {"EVT-016"},
		"AWS.SecretsManager.RetrieveSecretsMultiRegion":   {"EVT-018"},
	}
}

// outOfSubject are the detections that ask what no rule of ours does.
func outOfSubject() map[string]string {
	return map[string]string{
		"AWS.CloudTrail.Created":                    "a new trail takes nothing from the record",
		"AWS.CloudTrail.EnableRegion":               "which regions are open is no matter of secrets",
		"AWS.CloudTrail.IMDSCredentialExfiltration": "credentials of instances, for which the use of keys is read, which is left out as noise",
		"AWS.CloudTrail.VPCE.SensitiveAPICalls":     "calls by way of a VPC endpoint, which are the safer ones",
		"AWS.SSM.DecryptSSMParams":                  "several parameters in one read, which is how applications start; rules look at secrets and at denied reads",
		"AWS.SSM.DistributedCommand":                "commands on machines",
	}
}

// disagreements are where we answer otherwise, by detection and test.
func disagreements() map[string]string {
	return map[string]string{
		"AWS.SecretsManager.BatchRetrieveSecretsCatchAll: BatchGetSecretValue Catch-All with other filters": "theirs looks for one tool's filter; EVT-016 asks of every read in bulk who does it",
	}
}

type sample struct {
	Rule, Test string
	Expected   bool
	Event      json.RawMessage
}

// TestAgreesWithPanther: on the events that Panther tests its detections with, ours
// answer the same, but for the differences that are listed with a reason.
func TestAgreesWithPanther(t *testing.T) {
	raw, err := os.ReadFile(needs.Shared(t, "../..", "corpora", "events", "panther-tests.jsonl"))
	require.NoError(t, err)
	same, other, outside := 0, map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		var s sample
		require.NoError(t, json.Unmarshal([]byte(line), &s))
		ours, known := ourRules()[s.Rule]
		if !known {
			require.NotEmpty(t, outOfSubject()[s.Rule], "%s is neither compared nor out of subject", s.Rule)
			outside[s.Rule] = true
			continue
		}
		var fields map[string]any
		require.NoError(t, json.Unmarshal(s.Event, &fields))
		if fields["eventTime"] == nil { // a real record always has one, and says who
			fields["eventTime"] = "2026-01-02T03:04:05Z"
		}
		if fields["userIdentity"] == nil {
			fields["userIdentity"] = map[string]any{"type": "AssumedRole", "principalId": "AROAEXAMPLE:s", "arn": "arn:aws:sts::123456789012:assumed-role/x/s", "accountId": "123456789012"}
		}
		full, err := json.Marshal(fields)
		require.NoError(t, err)
		e, err := events.Decode(full)
		require.NoError(t, err, s.Test)
		got := statusOf(t, ours, e) == model.StatusFail
		name := s.Rule + ": " + s.Test
		if got == s.Expected {
			same++
			continue
		}
		require.NotEmpty(t, disagreements()[name], "%s: they say %v, we say %v", name, s.Expected, got)
		other[name] = true
	}
	require.Len(t, other, len(disagreements()), "a difference that is listed is none any more")
	require.Len(t, outside, len(outOfSubject()))
	require.GreaterOrEqual(t, same, 10)
	t.Logf("%d answers the same, %d differ as listed, %d detections out of subject", same, len(other), len(outside))
}

// statusOf is the worst status that some rules give an event.
func statusOf(t *testing.T, ids []model.RuleID, list ...*model.Event) model.Status {
	j, err := evaluator.New(t.Context(), evaluator.Options{Only: ids, Trusted: true}, rules.FS())
	require.NoError(t, err)
	report := judgeEvents(t, j, list)
	return report.Total().Status()
}

func judgeEvents(t *testing.T, j *evaluator.Judge, list []*model.Event) *model.Report {
	t.Helper()
	spool, err := model.NewResultSpool(t.TempDir())
	require.NoError(t, err)
	defer spool.Close()
	snap := &model.Snapshot{Header: model.Header{Events: &model.EventLog{Scopes: []model.EventScope{{}}}}, Resources: model.InMemory(nil)}
	snap.Events = func(yield func(*model.Event, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
	report, err := j.Evaluate(t.Context(), snap, spool)
	require.NoError(t, err)
	return report
}

// TestRealEventsAreJudged: all real events of the samples go through all rules,
// and what tools of attackers did is found.
func TestRealEventsAreJudged(t *testing.T) {
	j, err := evaluator.New(t.Context(), evaluator.Options{Kinds: []model.Kind{model.KindEvent}, Trusted: true}, rules.FS())
	require.NoError(t, err)
	for _, c := range []struct {
		pattern string
		finds   []model.RuleID
	}{
		{"stratus/docs/detonation-logs/*cloudtrail-stop*.json", []model.RuleID{"EVT-028"}},
		{"stratus/docs/detonation-logs/*cloudtrail-delete*.json", []model.RuleID{"EVT-029"}},
		{"stratus/docs/detonation-logs/*event-selectors*.json", []model.RuleID{"EVT-030"}},
		{"stratus/docs/detonation-logs/*secretsmanager-batch*.json", []model.RuleID{"EVT-016"}},
		{"stratus/docs/detonation-logs/*secretsmanager-retrieve*.json", []model.RuleID{"EVT-017"}},
		{"stratus/docs/detonation-logs/*.json", nil},
		{"invictus/CloudTrail/*.json", nil},
	} {
		paths, err := filepath.Glob(filepath.Join(needs.Shared(t, "../..", "corpora", "events"), c.pattern))
		require.NoError(t, err)
		require.NotEmpty(t, paths, c.pattern)
		var list []*model.Event
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			require.NoError(t, err)
			var doc struct{ Records []json.RawMessage }
			if json.Unmarshal(raw, &doc) != nil {
				require.NoError(t, json.Unmarshal(raw, &doc.Records), path)
			}
			for _, r := range doc.Records {
				e, err := events.Decode(r)
				require.NoError(t, err, path)
				list = append(list, e)
			}
		}
		report := judgeEvents(t, j, list)
		require.Equal(t, len(list), report.Summary.Resources[model.KindEvent])
		for _, id := range c.finds {
			assert.Positive(t, report.Summary.ByRule[id].Fail, "%s finds nothing in %s", id, c.pattern)
		}
		var failing []model.RuleID
		for id, counts := range report.Summary.ByRule {
			if counts.Fail > 0 {
				failing = append(failing, id)
			}
		}
		slices.Sort(failing)
		t.Logf("%s: %d events, %v", c.pattern, len(list), failing)
	}
}

// TestUnreadEventsAreRefused: a rule on events that nobody reads would pass
// whatever happened.
func TestUnreadEventsAreRefused(t *testing.T) {
	dir := t.TempDir()
	call := func(args ...string) (int, string) {
		var out, errs strings.Builder
		code := run(t.Context(), args, system{stdout: &out, stderr: &errs, getenv: func(string) string { return "" }, version: "test"})
		return code, errs.String()
	}
	code, text := call("rules", "new", "OWN-001", "--kind", "event", dir+"/on_event")
	require.Zero(t, code, text)
	code, text = call("rules", "list", "--rules", dir)
	require.Zero(t, code, text)
	raw, err := os.ReadFile(dir + "/on_event.rego")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(dir+"/on_event.rego", []byte(strings.Replace(string(raw), "secretsmanager.amazonaws.com:GetSecretValue", "iam.amazonaws.com:CreateUser", 1)), 0o600))
	code, text = call("rules", "list", "--rules", dir)
	require.Equal(t, 2, code)
	require.Contains(t, text, "iam.amazonaws.com:CreateUser, which keyproof does not read")
}

// TestRelevantEvents: what rules select is read.
func TestRelevantEvents(t *testing.T) {
	j, err := evaluator.New(t.Context(), evaluator.Options{Trusted: true}, rules.FS())
	require.NoError(t, err)
	selected := j.Events()
	require.NotEmpty(t, selected)
	for source, names := range selected {
		relevant, ok := events.Relevant()[source]
		require.True(t, ok, source)
		for _, name := range names {
			require.True(t, relevant == nil || relevant[name], "%s:%s is selected by a rule and never read", source, name)
		}
	}
}
