package rules_test

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/rules"
)

// TestRego does what `opa test --coverage rules` does: every test passes, and
// the tests run every line of every rule.
func TestRego(t *testing.T) {
	modules := parse(t)
	trace := cover.New()
	compiler := ast.NewCompiler().WithStrict(true).WithEnablePrintStatements(true)
	runner := tester.NewRunner().SetCompiler(compiler).SetModules(modules).SetCoverageQueryTracer(trace).SetParallel(1) // coverage is not safe for concurrent use
	results, err := runner.RunTests(t.Context(), nil)
	require.NoError(t, err)
	n := 0
	for r := range results {
		n++
		assert.Truef(t, r.Pass(), "%s: %s: %v", r.Location, r.Name, r.Error)
	}
	assert.Greater(t, n, 100, "the tests were found")

	report := trace.Report(modules)
	for file, f := range report.Files {
		if isTest(file) {
			continue
		}
		for _, r := range f.NotCovered {
			t.Errorf("%s:%d-%d: no test runs this", file, r.Start.Row, r.End.Row)
		}
	}
}

// TestRulesAreTested: no rule without a test file beside it, and no test file
// without its rule.
func TestRulesAreTested(t *testing.T) {
	modules := parse(t)
	for file, m := range modules {
		folder, name := path.Split(strings.TrimSuffix(file, ".rego"))
		want := "data.rules." + strings.ReplaceAll(folder, "/", ".") + name
		if folder == "lib/" {
			want = "data.lib." + name
		}
		assert.Equal(t, want, m.Package.Path.String(), "%s: the package follows from the path", file)
		if folder == "lib/" {
			continue
		}
		pair := strings.TrimSuffix(file, ".rego") + "_test.rego"
		if isTest(file) {
			pair = strings.TrimSuffix(file, "_test.rego") + ".rego"
		}
		assert.Contains(t, modules, pair, "%s has no counterpart", file)
	}
}

// TestFormat: files are as `opa fmt` writes them.
func TestFormat(t *testing.T) {
	for file, raw := range sources(t) {
		want, err := format.SourceWithOpts(file, raw, format.Opts{RegoVersion: ast.RegoV1})
		require.NoError(t, err, file)
		assert.Equal(t, string(want), string(raw), "%s: run `opa fmt`", file)
		for i, line := range strings.Split(string(raw), "\n") {
			assert.LessOrEqual(t, len(strings.ReplaceAll(line, "\t", "    ")), 140, "%s:%d is too long", file, i+1)
		}
	}
}

func isTest(file string) bool { return strings.HasSuffix(file, "_test.rego") }

func parse(t *testing.T) map[string]*ast.Module {
	modules := map[string]*ast.Module{}
	for file, raw := range sources(t) {
		m, err := ast.ParseModuleWithOpts(file, string(raw), ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
		require.NoError(t, err)
		modules[file] = m
	}
	return modules
}

func sources(t *testing.T) map[string][]byte {
	all := map[string][]byte{}
	files, err := fs.Glob(rules.FS(), "*/*.rego")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		all[file], err = fs.ReadFile(rules.FS(), file)
		require.NoError(t, err)
	}
	return all
}
