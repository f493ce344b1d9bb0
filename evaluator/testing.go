package evaluator

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Source is a named source of rules.
type Source struct {
	Name  string // prefix of file names in what is said; empty for ours
	Files fs.FS
	Err   error // why there are no Files: the source cannot be read
}

// TestReport is what tests of rules came to.
type TestReport struct {
	Passed    int
	Failed    []string // place, name and reason
	Uncovered []string // lines that no test runs, "file:3-5"
}

// testTime is how long one test may take.
const testTime = 10 * time.Second

// Test runs the tests of all sources together, as `opa test` does, and says
// which lines of rules and libraries no test runs. The rules are loaded first,
// since what does not load needs no test.
func Test(ctx context.Context, ours fs.FS, theirs ...Source) (*TestReport, error) {
	if _, err := New(ctx, Options{Users: theirs, Strict: true}, ours); err != nil {
		return nil, err
	}
	modules, err := testModules(append([]Source{{Files: ours}}, theirs...))
	if err != nil {
		return nil, err
	}
	trace := cover.New()
	results, err := runTests(ctx, modules, trace)
	if err != nil {
		return nil, err
	}
	report := &TestReport{}
	for _, r := range results {
		switch {
		case r.Pass():
			report.Passed++
		case r.Error != nil:
			report.Failed = append(report.Failed, fmt.Sprintf("%s: %s.%s: %v", r.Location, strings.TrimPrefix(r.Package, "data."), r.Name, r.Error))
		default:
			report.Failed = append(report.Failed, fmt.Sprintf("%s: %s.%s: it does not hold", r.Location, strings.TrimPrefix(r.Package, "data."), r.Name))
		}
	}
	covered := trace.Report(modules)
	for _, file := range sortedKeys(covered.Files) {
		for _, gap := range covered.Files[file].NotCovered {
			if !strings.HasSuffix(file, "_test.rego") {
				report.Uncovered = append(report.Uncovered, lines(file, gap.Start.Row, gap.End.Row))
			}
		}
	}
	report.Uncovered = slices.Compact(report.Uncovered) // head and body of one line are two gaps
	return report, nil
}

func lines(file string, from, to int) string {
	if from == to {
		return fmt.Sprintf("%s:%d", file, from)
	}
	return fmt.Sprintf("%s:%d-%d", file, from, to)
}

// testModules parses all Rego of the sources, tests included, but for what was
// refused.
func testModules(sources []Source, refused ...Refusal) (map[string]*ast.Module, error) {
	modules := map[string]*ast.Module{}
	for _, s := range sources {
		if s.Err != nil {
			continue
		}
		err := fs.WalkDir(s.Files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".rego") {
				return err
			}
			if slices.ContainsFunc(refused, func(r Refusal) bool { return r.File == s.Name+name }) {
				return nil
			}
			raw, err := fs.ReadFile(s.Files, name)
			if err != nil {
				return err
			}
			modules[s.Name+name], err = ast.ParseModuleWithOpts(s.Name+name, string(raw), ast.ParserOptions{RegoVersion: ast.RegoV1})
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read tests: %w", err)
		}
	}
	return modules, nil
}

func runTests(ctx context.Context, modules map[string]*ast.Module, trace topdown.QueryTracer) ([]*tester.Result, error) {
	compiler := ast.NewCompiler().WithStrict(true).WithCapabilities(capabilities())
	// One test after another: tracers are not safe for concurrent use.
	runner := tester.NewRunner().SetCompiler(compiler).SetModules(modules).SetCoverageQueryTracer(trace).SetTimeout(testTime).SetParallel(1)
	stream, err := runner.RunTests(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("compile tests: %w", err)
	}
	var results []*tester.Result
	for r := range stream {
		results = append(results, r)
	}
	slices.SortFunc(results, func(a, b *tester.Result) int {
		return strings.Compare(a.Location.String()+a.Name, b.Location.String()+b.Name)
	})
	return results, nil
}
