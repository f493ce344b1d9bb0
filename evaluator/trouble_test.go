package evaluator

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// A rule that goes wrong is no answer: the result is unknown and names the
// rule, and the other rules go on.
func TestRulesThatGoWrong(t *testing.T) {
	endless := `violation contains {"message": "m"} if {
	count([1 | some a in numbers.range(1, 10000); some b in numbers.range(1, 10000); a * b == input.resource.rotation_interval_days]) > 1
}`
	known := func(s *model.Secret) {
		s.Name, s.RotationEnabled, s.RotationIntervalDays, s.KMSKey = model.Known("abc"), model.Known(true), model.Known(30), model.None[string]()
	}
	partly := func(s *model.Secret) {
		known(s)
		s.KMSKey = model.Missing[string](denied)
	}
	const andKey = "\n" + `violation contains {"message": "k"} if input.resource.kms_key == "x"`
	for _, c := range []struct {
		name, body string
		fill       func(*model.Secret)
		want       string
	}{
		{"too long", endless, known, "it took longer than 50ms"},
		{"too long, partly unknown", endless + andKey, partly, "it took longer than 50ms"},
		{"built-in error", `violation contains {"message": "m"} if to_number(input.resource.name) > 1`, known, "to_number"},
		{"built-in error, partly unknown", `violation contains {"message": "m"} if to_number(input.resource.name) > 1` + andKey, partly, "to_number"},
		{"built-in error behind not", `violation contains {"message": "m"} if not to_number(input.resource.name) == 1`, known, "to_number"},
		{"division by zero", `violation contains {"message": "m"} if (1 / (input.resource.rotation_interval_days - 30)) > 1`, known, "divide by zero"},
		{"two values for one", `x := 1 if input.resource.rotation_enabled
x := 2 if input.resource.rotation_interval_days
violation contains {"message": "m"} if x == 3`, known, "conflicting values: 1 at test/r0.rego:13 2 at"},
		{"built-in error in not_applicable", `not_applicable contains "x" if to_number(input.resource.name) > 1
violation contains {"message": "m"} if input.resource.rotation_enabled`, known, "to_number"},
		{"violation is a text", `violation contains "m" if input.resource.rotation_enabled`, known, `objects with a "message"`},
		{"violation is a text, partly unknown", `violation contains "m" if input.resource.rotation_enabled` + andKey, partly, `objects with a "message"`},
		{"violation without a message", `violation contains {"attribute": "m"} if input.resource.rotation_enabled`, known, `objects with a "message"`},
		{"violation with an empty message", `violation contains {"message": ""} if input.resource.rotation_enabled`, known, `objects with a "message"`},
		{"violation with a blank message", `violation contains {"message": " \n"} if input.resource.rotation_enabled`, known, `objects with a "message"`},
		{"violation with a huge message", `violation contains {"message": sprintf("%070000d", [1])} if input.resource.rotation_enabled`, known, "70000 bytes; it may have 65536"},
		{"violation with a number for a message", `violation contains {"message": 1} if input.resource.rotation_enabled`, known, `not "message": 1`},
		{"violation with a number for an attribute", `violation contains {"message": "m", "attribute": 1} if input.resource.rotation_enabled`, known, "attribute"},
		{"violation with a misspelt member", `violation contains {"message": "m", "atribute": "x"} if input.resource.rotation_enabled`, known, "atribute"},
		{"not_applicable is an object", `not_applicable contains {"message": "m"} if input.resource.rotation_enabled
violation contains {"message": "m"} if input.resource.rotation_enabled`, known, "not_applicable must hold strings"},
		{"not_applicable is blank", `not_applicable contains " " if input.resource.rotation_enabled
violation contains {"message": "m"} if input.resource.rotation_enabled`, known, "not_applicable must hold strings"},
		{"not_applicable is empty", `not_applicable contains "" if input.resource.rotation_enabled
violation contains {"message": "m"} if input.resource.rotation_enabled`, known, "not_applicable must hold strings"},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judgeOf(t, ruleText("bad", "T-1", "secret", "", c.body), ruleText("good", "T-2", "secret", "", off))
			j.limits.evaluation = 50 * time.Millisecond
			_, results := evaluate(t, j, snapshot(nil, secret("s", c.fill), secret("t", c.fill)))
			require.Len(t, results, 4)
			for _, r := range []*model.Result{results[0], results[2]} {
				require.Equal(t, model.StatusUnknown, r.Status)
				require.Equal(t, []string{"rule"}, sortedKeys(r.Unknown))
				require.Equal(t, model.ReasonRule, r.Unknown["rule"].Reason)
				require.Contains(t, r.Unknown["rule"].Detail, "rule T-1 (test/r0.rego)")
				require.Contains(t, r.Unknown["rule"].Detail, c.want)
				require.Empty(t, r.Findings)
			}
			require.Equal(t, model.StatusPass, results[1].Status)
		})
	}
}

// A rule that takes too long is asked no more after a few times: the scan ends.
func TestPatience(t *testing.T) {
	j := judgeOf(t, ruleText("bad", "T-1", "secret", "", `violation contains {"message": "m"} if {
	count([1 | some a in numbers.range(1, 10000); some b in numbers.range(1, 10000); a * b == input.resource.rotation_interval_days]) > 1
}`))
	j.limits.evaluation = 20 * time.Millisecond
	var list []*model.Resource
	for i := range 500 {
		list = append(list, secret(fmt.Sprint(i), func(s *model.Secret) { s.RotationIntervalDays = model.Known(i) }))
	}
	begun := time.Now()
	report, _ := evaluate(t, j, snapshot(nil, list...))
	require.Equal(t, model.Counts{Unknown: 500}, report.Total())
	require.Less(t, time.Since(begun), 5*time.Second) // 500 times 20 ms would be twice that
}

func TestFindings(t *testing.T) {
	j := judgeOf(t, ruleText("r", "T-1", "secret", "", `
violation contains {"attribute": "b", "message": "two"} if input.resource.rotation_enabled
violation contains {"attribute": "a", "message": "z"} if input.resource.rotation_enabled
violation contains {"attribute": "b", "message": "one"} if input.resource.rotation_enabled
violation contains {"message": "none"} if input.resource.rotation_enabled
violation contains {"message": "none"} if not input.resource.kms_key
not_applicable contains "z" if input.resource.is_replica
not_applicable contains "a" if input.resource.is_replica`))
	fill := func(replica bool) func(*model.Secret) {
		return func(s *model.Secret) {
			s.RotationEnabled, s.KMSKey, s.IsReplica = model.Known(true), model.None[string](), model.Known(replica)
		}
	}
	_, results := evaluate(t, j, snapshot(nil, secret("a", fill(false)), secret("b", fill(true))))
	require.Equal(t, []model.Finding{
		{Message: "none"}, {Attribute: "a", Message: "z"}, {Attribute: "b", Message: "one"}, {Attribute: "b", Message: "two"},
	}, results[0].Findings)
	require.Equal(t, []string{"a", "z"}, results[1].NotApplicable)
	require.Empty(t, results[1].Findings)
}
