package reports_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// readCSV returns the rows by the names of their columns.
func readCSV(t *testing.T, r *model.Report) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(write(t, "csv", r, judged(r, 0, 0)))).ReadAll()
	require.NoError(t, err)
	var all []map[string]string
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, name := range rows[0] {
			cells[name] = row[i]
		}
		all = append(all, cells)
	}
	return all
}

func TestCSVHasARowForEachResult(t *testing.T) {
	for _, r := range []*model.Report{theReport(), passing(), gate(), accepted(t), nothingFound(), newReport(nil, nil), eventful()} {
		require.Len(t, readCSV(t, r), r.Total().Total())
		byStatus := model.Counts{}
		for _, row := range readCSV(t, r) {
			byStatus.Add(model.Status(row["status"]))
		}
		require.Equal(t, r.Total(), byStatus)
	}
}

func TestCSVCells(t *testing.T) {
	rows := readCSV(t, gate())
	require.Equal(t, map[string]string{
		"rule": "SM-001", "title": "Secrets rotate automatically", "severity": "high", "status": "fail", "delta": "introduced", "kind": "secret", "account": "",
		"region": "", "name": "stripe", "id": stripe, "file": "modules/shop/secrets.tf", "line": "12", "address": stripe, "why": "automatic rotation is off",
		"attributes": "rotation_enabled", "waived_by": "", "waived_until": "", "waived_because": "",
		"fix":   "Turn on automatic rotation, with a function that knows the system behind the secret.",
		"hipaa": "164.308(a)(5)(ii)(D)", "soc2": "CC6.1 (proposed)", "pci_dss": "8.6.3",
	}, rows[0])
	require.Equal(t, "known after apply (kms_key); not in this source: a plan knows no past rotations (last_rotated_days_ago)", rows[1]["why"])
	require.Equal(t, "kms_key last_rotated_days_ago", rows[1]["attributes"])
	for _, row := range readCSV(t, accepted(t)) {
		if row["status"] == "waived" {
			require.Equal(t, []string{"CISO", "2026-06-30", `switched off in June \x1b[2J`}, []string{row["waived_by"], row["waived_until"], row["waived_because"]})
		}
	}
	odd := judgedAs(written(model.KindSecret, "a.tf", 0, "a.b"), "SM-001", "a status of tomorrow", "")
	require.Equal(t, []string{"unknown", ""}, []string{readCSV(t, gateOf(odd))[0]["status"], readCSV(t, gateOf(odd))[0]["line"]})
}

// TestCSVHasNoFormula: OWASP's list of what a spreadsheet may run.
func TestCSVHasNoFormula(t *testing.T) {
	for name, want := range map[string]string{
		hostileFormula: `'` + hostileFormula, "+1": "'+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)", " =1": "' =1", `"=1`: `'"=1`, "＝1": "'＝1",
		"\t=1": `\t=1`, "\r\n=1": `\r\n=1`, "a=1": "a=1", "prod/a-b": "prod/a-b", "a,\"b\"": "a,\"b\"",
	} {
		res := judgedAs(model.Result{Resource: model.ResourceID{Kind: model.KindSecret, ID: name}, Name: name}, "SM-001", model.StatusFail, "", name+"|"+name)
		row := readCSV(t, newReport(theRules(), []*model.Result{res}))[0]
		require.Equal(t, []string{want, want, want}, []string{row["name"], row["id"], row["why"]}, "%q", name)
	}
}
