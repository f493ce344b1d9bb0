package evaluator

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

func TestCanonical(t *testing.T) {
	const body = `__local1__ = input.resource.kms_key; __local1__ != "c"`
	for _, c := range []struct {
		name, text string
		same       bool
	}{
		{"other names", `__local7__3 = input.resource.kms_key; __local7__3 != "c"`, true},
		{"another constant", `__local1__ = input.resource.kms_key; __local1__ != "d"`, false},
		{"a text like a variable", `__local1__ = input.resource.kms_key; __local1__ != "__local1__"`, false},
		{"two variables", `__local1__ = input.resource.kms_key; __local2__ != "c"`, false},
		{"a user's variable", `x = input.resource.kms_key; x != "c"`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			same := canonical(ast.MustParseBody(body)) == canonical(ast.MustParseBody(c.text))
			require.Equal(t, c.same, same, canonical(ast.MustParseBody(c.text)))
		})
	}
	text := func(s string) string { return canonical(ast.MustParseBody(`input.resource.kms_key == ` + s)) }
	require.NotEqual(t, text(`"__local1__"`), text(`"__local2__"`))
}

// Two rules that differ in texts only that look like variables are two.
func TestTextsLikeVariables(t *testing.T) {
	rule := func(pkg, id, name string) string {
		return ruleText(pkg, id, "secret", "", `violation contains {"message": "`+name+`"} if { x := input.resource.kms_key; x == "`+name+`" }`)
	}
	j := judgeOf(t, rule("a", "T-1", "__local1__"), rule("b", "T-2", "__local2__"))
	_, results := evaluate(t, j, snapshot(nil, secret("s", func(s *model.Secret) { s.KMSKey = model.Known("__local2__") })))
	require.Equal(t, model.StatusPass, results[0].Status)
	require.Equal(t, model.StatusFail, results[1].Status)
	require.Equal(t, "__local2__", results[1].Findings[0].Message)
}
