package reports_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// asff is a finding as Security Hub reads it.
type asff struct {
	ID, ProductArn, AwsAccountID, Region, Title, Description, RecordState, UpdatedAt string
	Severity                                                                         struct{ Label string }
	Compliance                                                                       struct {
		Status              string
		RelatedRequirements []string
	}
	Workflow  struct{ Status string }
	Resources []struct{ Type, ID, Partition, Region string }
	Note      struct{ Text string }
}

func readASFF(t *testing.T, r *model.Report) (all []asff) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(write(t, "asff", r, judged(r, 0, 0))), &all))
	return all
}

func TestASFFKeepsToItsSchema(t *testing.T) {
	s := sharedSchema(t, "asff", "asff-AwsSecurityFinding.schema.json")
	check := func(r *model.Report) {
		var all []any
		require.NoError(t, json.Unmarshal([]byte(write(t, "asff", r, judged(r, 0, 0))), &all))
		for _, f := range all {
			require.NoError(t, s.Validate(f))
		}
	}
	for _, r := range []*model.Report{theReport(), passing(), accepted(t), nothingFound(), eventful()} {
		check(r)
	}
	eachPoisoned(t, markup, check) // which gives what is in files an account too
	n := 0
	eachPoisoned(t, strings.Repeat("長", 2000), func(r *model.Report) {
		if n++; n != 5 { // the report with waivers has all that can be long
			return
		}
		check(r)
		for _, f := range readASFF(t, r) { // the limits that the schema does not have
			require.LessOrEqual(t, len([]rune(f.Title)), 256)
			require.LessOrEqual(t, len([]rune(f.Description)), 1024)
		}
	})
	require.Error(t, s.Validate(map[string]any{"Id": "x"}), "the schema can refuse")
}

func TestASFFSaysWhatTheReportSays(t *testing.T) {
	r := accepted(t)
	want := map[model.Status][2]string{
		model.StatusFail: {"FAILED", "NEW"}, model.StatusUnknown: {"WARNING", "NEW"}, model.StatusWaived: {"FAILED", "SUPPRESSED"},
		model.StatusPass: {"PASSED", "RESOLVED"}, model.StatusNotApplicable: {"NOT_AVAILABLE", "RESOLVED"},
	}
	all, seen, i := readASFF(t, r), map[string]bool{}, 0
	for res, err := range r.Results {
		require.NoError(t, err)
		if res.Resource.Kind == model.KindWaiver {
			continue
		}
		f := all[i]
		i++
		require.Equal(t, want[res.Status], [2]string{f.Compliance.Status, f.Workflow.Status}, "%s on %s", res.Rule, res.Resource)
		require.Equal(t, res.Resource.Account, f.AwsAccountID)
		require.Equal(t, "arn:aws:securityhub:"+f.Region+":"+f.AwsAccountID+":product/"+f.AwsAccountID+"/default", f.ProductArn)
		require.Equal(t, "2026-03-14T09:26:53Z", f.UpdatedAt)
		require.Equal(t, "ACTIVE", f.RecordState)
		require.Equal(t, res.Status == model.StatusWaived, strings.Contains(f.Note.Text, "waived by CISO until 2026-06-30"))
		require.False(t, seen[f.ID])
		seen[f.ID] = true
	}
	require.Len(t, all, i)
	require.Equal(t, "AwsSecretsManagerSecret", all[0].Resources[0].Type)
	require.Contains(t, all[0].Compliance.RelatedRequirements, "SOC 2 CC6.1")
}

// TestASFFIsOfAccounts: what is in a file belongs to none, and is not left out.
func TestASFFIsOfAccounts(t *testing.T) {
	f, err := reports.Find("asff")
	require.NoError(t, err)
	require.ErrorContains(t, f.Write(new(bytes.Buffer), plan(), reports.Options{}), "names no account")
}
