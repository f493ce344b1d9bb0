package reports_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// TestFindingsAreThoseOfTheFormat: what is sent is what the file has.
func TestFindingsAreThoseOfTheFormat(t *testing.T) {
	r := accepted(t)
	var want, got []any
	require.NoError(t, json.Unmarshal([]byte(write(t, "asff", r, judged(r, 0, 0))), &want))
	for raw, err := range reports.Findings(r) {
		require.NoError(t, err)
		var one any
		require.NoError(t, json.Unmarshal(raw, &one))
		got = append(got, one)
	}
	require.Equal(t, want, got)
}

// TestCovers: only where everything that the rule judges was listed.
func TestCovers(t *testing.T) {
	r := theReport()
	r.Rules[1].Off = &model.Off{Reason: "x"}
	covers := reports.Covers(r)
	for _, c := range []struct {
		generator, account, region string
		want                       bool
	}{
		{"keyproof/SM-001", shop, "us-east-1", true},
		{"keyproof/SM-001", audit, "us-east-1", false}, // its list was denied
		{"keyproof/SM-001", shop, "eu-north-1", false}, // not asked for
		{"keyproof/KMS-001", shop, "us-east-1", false}, // keys were not listed there
		{"keyproof/SM-002", shop, "us-east-1", false},  // switched off
		{"keyproof/OWN-001", shop, "us-east-1", false}, // a rule that this report does not have
		{"someone-else/SM-001", shop, "us-east-1", false},
	} {
		require.Equal(t, c.want, covers(c.generator, c.account, c.region), c)
	}
}
