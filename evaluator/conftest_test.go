package evaluator

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// BenchmarkAgainstConftest judges the same documents with the same rules by
// keyproof and by conftest (the binary that KEYPROOF_CONFTEST names, or that of
// PATH), both on one core, and compares their processor time. Both must find
// the same number of failures.
//
//	go install github.com/open-policy-agent/conftest@v0.71.1
//	go test -run - -bench Conftest -benchtime 1x ./evaluator
func BenchmarkAgainstConftest(b *testing.B) {
	name := os.Getenv("KEYPROOF_CONFTEST")
	if name == "" {
		name = "conftest"
	}
	program, err := exec.LookPath(name)
	if err != nil {
		b.Skip("conftest is not there: go install github.com/open-policy-agent/conftest@v0.71.1")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	c := makeCompany(benchmarked, true)
	all := realJudge(b)
	b.Run("16 rules", func(b *testing.B) {
		against(b, program, c, mostUsed(b))
	})
	b.Run("all rules", func(b *testing.B) { against(b, program, c, all) })
}

// mostUsed is a judge with the rules that most tools have in some form. What a
// verdict costs conftest depends on how many rules share a document.
func mostUsed(b *testing.B) *Judge {
	b.Helper()
	j, err := New(b.Context(), Options{Only: []model.RuleID{
		"SM-001", "SM-002", "SM-003", "SM-004", "SM-006", "SM-007", "SM-008", "SM-009", "SM-010", "SM-011", "SM-012", "SM-013",
		"SSM-001", "KMS-001", "KMS-002", "ACC-001",
	}}, rules.FS())
	require.NoError(b, err)
	return j
}

func against(b *testing.B, program string, c *company, j *Judge) {
	b.Helper()
	dir := b.TempDir()
	writeDocuments(b, c, j, filepath.Join(dir, "documents"))
	writePolicy(b, j, filepath.Join(dir, "policy"))
	for b.Loop() {
		memory := judgeOnce(b, j, c.snapshot())
		spool := judgeOnce(b, j, spooled(b, c))
		theirs, failures := conftest(b, program, dir)
		require.Equal(b, failures, memory.failures, "conftest and keyproof must agree")
		require.Equal(b, memory.counts, spool.counts)
		// Some rules cannot know even where every call was allowed; conftest, to
		// which absent is absent, passes there.
		require.Less(b, memory.counts.Unknown, memory.counts.Total()/100)
		n := memory.counts.Total()
		each := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 / float64(n) }
		b.ReportMetric(each(memory.cpu), "µs/verdict")
		b.ReportMetric(each(spool.cpu), "µs/verdict-from-spool")
		b.ReportMetric(each(theirs), "µs/verdict-conftest")
		b.ReportMetric(each(theirs)/each(memory.cpu), "ratio")
		b.ReportMetric(each(theirs)/each(spool.cpu), "ratio-from-spool")
		b.Logf("%d documents, %d verdicts, %d failures by both; µs of processor time a verdict: keyproof %.2f from memory, %.2f from a spool, conftest %.2f",
			len(c.resources), n, memory.counts.Fail, each(memory.cpu), each(spool.cpu), each(theirs))
	}
}

type judging struct {
	counts   model.Counts
	failures map[model.RuleID]int
	cpu      time.Duration
}

func judgeOnce(b *testing.B, j *Judge, snap *model.Snapshot) judging {
	b.Helper()
	runtime.GC()
	j.limits.workers = 1
	results, err := model.NewResultSpool(b.TempDir())
	require.NoError(b, err)
	defer func() { require.NoError(b, results.Close()) }()
	begun := cpu()
	report, err := j.Evaluate(b.Context(), snap, results)
	require.NoError(b, err)
	took, failures := cpu()-begun, map[model.RuleID]int{}
	for id, counts := range report.Summary.ByRule {
		if counts.Fail > 0 {
			failures[id] = counts.Fail
		}
	}
	return judging{report.Total(), failures, took}
}

// writeDocuments writes what the rules see of each resource, a file each.
func writeDocuments(b *testing.B, c *company, j *Judge, dir string) {
	b.Helper()
	require.NoError(b, os.MkdirAll(dir, 0o700))
	ix, _, err := newIndex(c.snapshot(), j.referred())
	require.NoError(b, err)
	for i, r := range c.resources {
		resource := present(b, r)
		for name, of := range identity() {
			resource[name] = of(r.ID)
		}
		related := map[string]any{}
		for k := range ix.refs[r.ID.Kind] {
			ref := &ix.refs[r.ID.Kind][k]
			switch found := ix.related(r, ref); {
			case found.resource != nil:
				doc := present(b, found.resource)
				doc["exists"] = true
				related[ref.name] = doc
			case found.gone:
				related[ref.name] = map[string]any{"exists": false}
			}
		}
		used := map[string]any{}
		for _, kind := range users(r.ID.Kind) {
			used[string(kind)] = ix.usedBy(r, kind).Or(false)
		}
		related[usedBy] = used
		raw, err := json.Marshal(map[string]any{"resource": resource, "related": related})
		require.NoError(b, err)
		require.NoError(b, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d.json", i)), raw, 0o600))
	}
}

// present are the attributes of a resource that are known and there.
func present(b *testing.B, r *model.Resource) map[string]any {
	b.Helper()
	doc := map[string]any{}
	for name, a := range r.Attributes() {
		if a.State() == model.StateKnown {
			raw, err := a.MarshalJSON()
			require.NoError(b, err)
			doc[name] = json.RawMessage(raw)
		}
	}
	return doc
}

// writePolicy writes the rules for conftest: parameters become constants, and a
// package main says which rule fails.
func writePolicy(b *testing.B, j *Judge, dir string) {
	b.Helper()
	main := "package main\n"
	ids := map[string]model.Rule{}
	for _, r := range j.Rules() {
		ids["package "+r.Package+"\n"] = r
		applies := ""
		if strings.Contains(readRule(b, r), "\nnot_applicable contains") {
			applies = fmt.Sprintf("\tcount(data.%s.not_applicable) == 0\n", r.Package)
		}
		main += fmt.Sprintf("\ndeny contains %q if {\n\tinput.resource.kind == %q\n%s\tcount(data.%s.violation) > 0\n}\n", r.ID, r.Kind, applies, r.Package)
	}
	require.NoError(b, fs.WalkDir(rules.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".rego" || strings.HasSuffix(name, "_test.rego") {
			return err
		}
		raw, err := fs.ReadFile(rules.FS(), name)
		if err != nil {
			return err
		}
		text := string(raw)
		for pkg, r := range ids {
			if strings.Contains(text, pkg) {
				text = strings.ReplaceAll(text, "input.params", "params")
				params := map[string]any{}
				for name, p := range r.Params {
					params[name] = p.Value
				}
				constants, err := json.Marshal(params)
				if err != nil {
					return err
				}
				text += fmt.Sprintf("\nparams := %s\n", constants)
			}
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return os.WriteFile(to, []byte(text), 0o600)
	}))
	require.NoError(b, os.WriteFile(filepath.Join(dir, "main.rego"), []byte(main), 0o600))
}

func readRule(b *testing.B, r model.Rule) string {
	b.Helper()
	var found string
	require.NoError(b, fs.WalkDir(rules.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(rules.FS(), name)
		if strings.Contains(string(raw), "\npackage "+r.Package+"\n") {
			found = string(raw)
		}
		return err
	}))
	require.NotEmpty(b, found)
	return found
}

// conftest returns its processor time and the failures that it found.
func conftest(b *testing.B, program, dir string) (time.Duration, map[model.RuleID]int) {
	b.Helper()
	run := exec.CommandContext(b.Context(), program, "test", "--policy", filepath.Join(dir, "policy"), "--output", "json", "--no-fail", filepath.Join(dir, "documents"))
	run.Env = append(os.Environ(), "GOMAXPROCS=1")
	run.Stderr = os.Stderr
	out, err := run.Output()
	require.NoError(b, err)
	var files []struct {
		Failures []struct {
			Message model.RuleID `json:"msg"`
		} `json:"failures"`
	}
	require.NoError(b, json.Unmarshal(out, &files))
	failures := map[model.RuleID]int{}
	for _, f := range files {
		for _, failure := range f.Failures {
			failures[failure.Message]++
		}
	}
	return run.ProcessState.UserTime() + run.ProcessState.SystemTime(), failures
}
