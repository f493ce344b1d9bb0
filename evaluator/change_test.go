package evaluator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// change judges what a change makes of secrets, and returns status and delta by
// rule and resource.
func judgeChange(t *testing.T, j *Judge, changes ...Change) (map[string]string, *model.Report, Open) {
	t.Helper()
	spool, err := model.NewResultSpool(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, spool.Close()) })
	report, open, err := j.EvaluateChanges(t.Context(), model.Header{Elsewhere: &model.Unknown{Reason: model.ReasonNotInSource}}, changes, spool)
	require.NoError(t, err)
	got := map[string]string{}
	for r, err := range report.Results {
		require.NoError(t, err)
		got[string(r.Rule)+" "+r.Name] = string(r.Status) + " " + string(r.Delta)
	}
	return got, report, open
}

func TestChange(t *testing.T) {
	j := judgeOf(t, ruleText("a", "T-1", "secret", "", off+`
violation contains {"attribute": "kms_key", "message": input.resource.kms_key} if input.resource.kms_key`))
	rotates := func(on bool, key ...string) func(*model.Secret) {
		return func(s *model.Secret) {
			s.RotationEnabled, s.KMSKey = model.Known(on), model.None[string]()
			if len(key) > 0 {
				s.KMSKey = model.Known(key[0])
			}
		}
	}
	unsaid := func(s *model.Secret) { s.KMSKey = model.None[string]() }
	before := snapshot(nil,
		secret("same", rotates(false)), secret("worse", rotates(false)), secret("better", rotates(false, "k")), secret("mended", rotates(false)),
		secret("old name", rotates(false)), secret("deleted", rotates(false)), secret("deleted well", rotates(true)), secret("well", rotates(true)), secret("hidden", rotates(false)),
	)
	after := snapshot(nil,
		secret("same", rotates(false)), secret("worse", rotates(false, "k")), secret("better", rotates(false)), secret("mended", rotates(true)),
		secret("new name", rotates(false)), secret("well", rotates(false)), secret("new", rotates(false)), secret("new and well", rotates(true)), secret("hidden", unsaid),
	)
	after.Elsewhere = &model.Unknown{Reason: model.ReasonNotInSource}
	was := func(r *model.Resource) []model.ResourceID {
		id := r.ID
		if r.Name == "new name" {
			id.ID = "arn:secret:old name"
		}
		return []model.ResourceID{id}
	}
	got, report, open := judgeChange(t, j, Change{After: after, Before: before, Was: was})
	require.Equal(t, map[string]string{
		"T-1 same": "fail existing", "T-1 worse": "fail introduced", "T-1 better": "fail existing", "T-1 mended": "pass fixed",
		"T-1 new name": "fail existing", "T-1 deleted": "not_applicable fixed", "T-1 well": "fail introduced", "T-1 new": "fail introduced",
		"T-1 new and well": "pass ", "T-1 hidden": "unknown ",
	}, got)
	require.Equal(t, Open{Failures: 7, Fixed: 2}, open)
	verdict, counts, err := report.Gate(model.GatePolicy{})
	require.NoError(t, err)
	require.Equal(t, model.VerdictFail, verdict)
	require.Equal(t, model.GateCounts{Introduced: 3, Existing: 3, Fixed: 2, Unknown: 1, CountingFailures: 3}, counts)

	got, _, _ = judgeChange(t, j, Change{After: after})
	require.Equal(t, "fail introduced", got["T-1 same"], "nothing is known of before")

	got, _, open = judgeChange(t, j, Change{After: after, Before: before, Live: true, Was: was})
	require.NotContains(t, got, "T-1 deleted", "it is not of the change")
	require.Equal(t, Open{Failures: 7, Fixed: 1}, open)

	// The file knows what it deletes, and what stood in it before, of which a scan
	// knows nothing. Two files are compared with one scan.
	known := snapshot(nil, secret("same", rotates(false)), secret("deleted", rotates(false)), secret("well", rotates(true)))
	own := &Change{After: after, Before: before, Was: was}
	got, _, open = judgeChange(t, j,
		Change{After: after, Before: known, Live: true, Was: was, Own: own}, Change{After: snapshot(nil), Before: known, Live: true, Own: &Change{}})
	require.Equal(t, "not_applicable fixed", got["T-1 deleted"])
	require.Equal(t, "fail existing", got["T-1 same"])
	require.Equal(t, "fail existing", got["T-1 new name"], "the scan is older than it")
	require.Equal(t, "fail introduced", got["T-1 well"])
	require.Equal(t, "fail introduced", got["T-1 new"])
	require.Equal(t, Open{Failures: 2, Fixed: 1}, open)
}

// A finding of a live account speaks of the same thing in other words.
func TestChangeAgainstLive(t *testing.T) {
	j := judgeOf(t, ruleText("a", "T-1", "secret", "", `violation contains {"attribute": "kms_key", "message": input.resource.kms_key} if input.resource.kms_key`))
	with := func(key string) *model.Snapshot {
		return snapshot(nil, secret("s", func(s *model.Secret) { s.KMSKey = model.Known(key) }))
	}
	got, _, _ := judgeChange(t, j, Change{After: with("aws_kms_key.k"), Before: with("arn:aws:kms:…"), Live: true})
	require.Equal(t, "fail existing", got["T-1 s"])
	got, _, _ = judgeChange(t, j, Change{After: with("aws_kms_key.k"), Before: with("aws_kms_key.l")})
	require.Equal(t, "fail introduced", got["T-1 s"])
}
