package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestIAMOfAcme holds the IAM rules to what the comments of the account file
// say: who is BAD fails, and everybody else passes or is excused.
func TestIAMOfAcme(t *testing.T) {
	world, server := startWorld(t)
	var report motoReport
	require.NoError(t, json.Unmarshal([]byte(scanAcme(t, t.Context(), server, world).json), &report))
	bad, excused, passes := map[model.RuleID][]string{}, map[model.RuleID][]string{}, map[model.RuleID]int{}
	for _, r := range report.Results {
		if !strings.HasPrefix(string(r.Rule), "IAM-") {
			continue
		}
		require.Equal(t, model.RegionGlobal, r.Resource.Region)
		name := r.Resource.ID[strings.LastIndex(r.Resource.ID, "/")+1:]
		switch r.Status {
		case model.StatusFail:
			bad[r.Rule] = append(bad[r.Rule], name)
		case model.StatusNotApplicable:
			excused[r.Rule] = append(excused[r.Rule], name)
		case model.StatusPass:
			passes[r.Rule]++
		default:
			t.Errorf("%s of %s is %s", r.Rule, r.Resource.ID, r.Status)
		}
	}
	want := map[model.RuleID]string{
		"IAM-001": "platform-all", "IAM-002": "operations-2019", "IAM-003": "operations-2019 secrets-reader", "IAM-004": "operations-2019",
		"IAM-005": "etl-runtime operations-2019 queue-decrypt", "IAM-006": "cleanup operations-2019",
		"IAM-007": "breakglass ci-deploy everybody", "IAM-008": "jdoe", "IAM-009": "jdoe support", "IAM-010": "auditors developers",
		"IAM-011": "support", "IAM-012": "bob jdoe",
	}
	for rule, names := range want {
		require.Equal(t, names, sorted(bad[rule]), rule)
		require.Positive(t, passes[rule], rule)
	}
	require.Len(t, bad, len(want), "no other rule")
	require.Equal(t, "developer-boundary", sorted(excused["IAM-001"]))
	require.Equal(t, "developer-boundary platform-all", sorted(excused["IAM-005"]))
	require.Equal(t, "AWSServiceRoleForRDS", sorted(excused["IAM-007"]))
	require.Equal(t, "AWSServiceRoleForRDS breakglass ci-deploy everybody", sorted(excused["IAM-009"]))
}

func sorted(names []string) string { return strings.Join(slices.Sorted(slices.Values(names)), " ") }

// requireIAM holds the IAM rules to the roles that the seeding tool makes in
// each account: the scanners and the remediator may read all parameters and no
// secret, the execution role of functions neither.
func requireIAM(t *testing.T, report motoReport) {
	t.Helper()
	got := map[string]int{}
	for _, r := range report.Results {
		if r.Rule == "IAM-009" || r.Rule == "IAM-010" {
			name := r.Resource.ID[strings.LastIndex(r.Resource.ID, "/")+1:]
			got[string(r.Rule)+" "+name+" "+string(r.Status)]++
		}
	}
	for _, name := range []string{"ScannerReadOnly", "ScannerPartial", "Remediator"} {
		require.Equal(t, 3, got["IAM-009 "+name+" pass"], "%v", got)
		require.Equal(t, 3, got["IAM-010 "+name+" fail"], "%v", got)
	}
	require.Equal(t, 3, got["IAM-010 rotation-exec pass"], "%v", got)
}
