package reports_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

// ocsf is an event as a data lake reads it.
type ocsf struct {
	Activity    int `json:"activity_id"`
	Type        int `json:"type_uid"`
	SeverityID  int `json:"severity_id"`
	StatusID    int `json:"status_id"`
	Time        int64
	Comment     string
	FindingInfo struct{ UID, Title string } `json:"finding_info"`
	Compliance  struct {
		StatusID     int    `json:"status_id"`
		StatusDetail string `json:"status_detail"`
		Control      string
		Requirements []string
	}
	Cloud     struct{ Account *struct{ UID string } }
	Resources []struct{ UID, Name, Type, Region string }
	Unmapped  map[string]string
}

func readOCSF(t *testing.T, r *model.Report) (all []ocsf) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(write(t, "ocsf", r, judged(r, 0, 0))), &all))
	return all
}

// sharedSchema compiles a schema of the collection of samples, or skips.
func sharedSchema(t *testing.T, name ...string) *jsonschema.Schema {
	t.Helper()
	raw, err := os.Open(needs.Shared(t, "..", append([]string{"schemas"}, name...)...))
	require.NoError(t, err)
	defer raw.Close()
	doc, err := jsonschema.UnmarshalJSON(raw)
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("schema.json", doc))
	s, err := c.Compile("schema.json")
	require.NoError(t, err)
	return s
}

func TestOCSFKeepsToItsSchema(t *testing.T) {
	s := sharedSchema(t, "ocsf", "ocsf-1.6.0-compliance_finding.schema.json")
	detection := sharedSchema(t, "ocsf", "ocsf-1.6.0-detection_finding.schema.json")
	check := func(r *model.Report) {
		var events []any
		require.NoError(t, json.Unmarshal([]byte(write(t, "ocsf", r, judged(r, 0, 0))), &events))
		require.Len(t, events, r.Total().Total())
		for _, e := range events {
			if e.(map[string]any)["class_uid"] == 2004.0 {
				require.NoError(t, detection.Validate(e))
			} else {
				require.NoError(t, s.Validate(e))
			}
		}
	}
	for _, r := range []*model.Report{theReport(), passing(), plan(), gate(), accepted(t), nothingFound(), newReport(nil, nil), eventful()} {
		check(r)
	}
	eachPoisoned(t, markup, check)
	require.Error(t, s.Validate(map[string]any{"class_uid": 2003.0}), "the schema can refuse")
}

func TestOCSFSaysWhatTheReportSays(t *testing.T) {
	r := accepted(t)
	want := map[model.Status][2]int{ // status of the finding, and of compliance
		model.StatusFail: {1, 3}, model.StatusUnknown: {1, 0}, model.StatusWaived: {3, 3}, model.StatusPass: {0, 1}, model.StatusNotApplicable: {0, 99},
	}
	events, seen, i := readOCSF(t, r), map[string]bool{}, 0
	for res, err := range r.Results {
		require.NoError(t, err)
		e := events[i]
		i++
		require.Equal(t, want[res.Status], [2]int{e.StatusID, e.Compliance.StatusID}, "%s on %s", res.Rule, res.Resource)
		require.Equal(t, string(res.Rule), e.Compliance.Control)
		require.Equal(t, 200301, e.Type)
		require.Equal(t, r.TakenAt.UnixMilli(), e.Time)
		require.Equal(t, 5-r.Rule(res.Rule).Severity.Rank(), e.SeverityID)
		require.NotEmpty(t, e.Resources[0].UID)
		require.Equal(t, res.Status == model.StatusWaived, strings.Contains(e.Comment, "waived by CISO until 2026-06-30"))
		require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, e.FindingInfo.UID)
		require.False(t, seen[e.FindingInfo.UID], "a UID is of one result")
		seen[e.FindingInfo.UID] = true
	}
	require.Len(t, events, i)
	require.Contains(t, events[0].Compliance.Requirements, "SOC 2 CC6.1")
	require.Equal(t, "AWS::SecretsManager::Secret", events[0].Resources[0].Type)
	require.Equal(t, events, readOCSF(t, accepted(t)), "the same report, the same events")

	later := theReport() // another status, the same question
	require.Equal(t, events[0].FindingInfo.UID, readOCSF(t, later)[0].FindingInfo.UID)
	fixed := 0
	for _, e := range readOCSF(t, gate()) {
		if e.Unmapped["delta"] == "fixed" {
			fixed++
			require.Equal(t, [3]int{3, 200303, 4}, [3]int{e.Activity, e.Type, e.StatusID}, "what a change fixes closes a finding")
		}
	}
	require.Equal(t, 1, fixed)
}
