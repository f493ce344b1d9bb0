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

// judgedAgainst and sampled are how many resources keyproof judges beside
// conftest, and of how many of them conftest gets a document.
const judgedAgainst, sampled = 100_000, 2_000

// BenchmarkAgainstConftest judges with the same rules by keyproof, 100,000
// resources, and by conftest (the binary that KEYPROOF_CONFTEST names, or that of
// PATH), a sample of 2,000 of them as documents, each with all cores that there
// are, and compares the throughput and the processor time; then both judge the
// same 10,000. Both must find the same failures in the sample.
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
	c := makeCompany(judgedAgainst, true)
	all := realJudge(b)
	b.Run("16 rules", func(b *testing.B) { against(b, program, c, mostUsed(b), sampled) })
	b.Run("all rules", func(b *testing.B) { against(b, program, c, all, sampled) })
	few := makeCompany(judgedAgainst/10, true)
	b.Run("16 rules on the same 10k", func(b *testing.B) { against(b, program, few, mostUsed(b), len(few.resources)) })
	b.Run("all rules on the same 10k", func(b *testing.B) { against(b, program, few, all, len(few.resources)) })
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

func against(b *testing.B, program string, c *company, j *Judge, sampled int) {
	b.Helper()
	dir := b.TempDir()
	sample := map[model.ResourceID]bool{}
	for i := range sampled {
		sample[c.resources[i*len(c.resources)/sampled].ID] = true
	}
	writeDocuments(b, c, j, sample, filepath.Join(dir, "documents"))
	writePolicy(b, j, filepath.Join(dir, "policy"))
	for b.Loop() {
		memory := judgeOnce(b, j, c.snapshot(), sample)
		spool := judgeOnce(b, j, spooled(b, c), sample)
		theirs := conftest(b, program, dir, sampled)
		require.Equal(b, theirs.failures, memory.failures, "conftest and keyproof must agree")
		require.Equal(b, memory.counts, spool.counts)
		// Some rules cannot know even where every call was allowed; conftest, to
		// which absent is absent, passes there.
		require.Less(b, memory.counts.Unknown, memory.counts.Total()/100)
		theirs.verdicts = memory.sampled
		for _, of := range []struct {
			name string
			*judging
		}{{"", memory}, {"-from-spool", spool}, {"-conftest", theirs}} {
			b.ReportMetric(of.throughput(), "verdicts/s"+of.name)
			b.ReportMetric(float64(of.cpu.Nanoseconds())/float64(of.verdicts)/1000, "cpu-µs/verdict"+of.name)
		}
		b.ReportMetric(memory.throughput()/theirs.throughput(), "times-the-throughput")
		b.ReportMetric(spool.throughput()/theirs.throughput(), "times-from-spool")
		b.Logf("%d resources, %d verdicts in %s from memory, %s from a spool; conftest: %d documents, %d verdicts in %s",
			len(c.resources), memory.verdicts, memory.wall, spool.wall, sampled, theirs.verdicts, theirs.wall)
	}
}

type judging struct {
	counts    model.Counts
	verdicts  int
	sampled   int                  // verdicts on the sample
	failures  map[model.RuleID]int // in the sample
	cpu, wall time.Duration
}

// throughput is verdicts a second.
func (j *judging) throughput() float64 { return float64(j.verdicts) / j.wall.Seconds() }

func judgeOnce(b *testing.B, j *Judge, snap *model.Snapshot, sample map[model.ResourceID]bool) *judging {
	b.Helper()
	runtime.GC()
	results, err := model.NewResultSpool(b.TempDir())
	require.NoError(b, err)
	defer func() { require.NoError(b, results.Close()) }()
	begun, began := cpu(), time.Now()
	report, err := j.Evaluate(b.Context(), snap, results)
	require.NoError(b, err)
	done := &judging{counts: report.Total(), verdicts: report.Total().Total(), failures: map[model.RuleID]int{}, cpu: cpu() - begun, wall: time.Since(began)}
	for r, err := range report.Results {
		require.NoError(b, err)
		if !sample[r.Resource] {
			continue
		}
		done.sampled++
		if r.Status == model.StatusFail {
			done.failures[r.Rule]++
		}
	}
	return done
}

// writeDocuments writes what the rules see of each resource, a file each.
func writeDocuments(b *testing.B, c *company, j *Judge, sample map[model.ResourceID]bool, dir string) {
	b.Helper()
	require.NoError(b, os.MkdirAll(dir, 0o700))
	ix, _, err := newIndex(c.snapshot(), j.referred())
	require.NoError(b, err)
	for i, r := range c.resources {
		if !sample[r.ID] {
			continue
		}
		resource := present(b, r)
		for name, of := range identity(r.ID.Kind) {
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
		require.NoError(b, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%06d.json", i)), raw, 0o600))
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
		if r.Kind == model.KindEvent {
			continue // they judge events, and these documents are resources
		}
		ids["package "+r.Package+"\n"] = r
		applies := ""
		if strings.Contains(readRule(b, r), "\nnot_applicable contains") {
			applies = fmt.Sprintf("\tcount(data.%s.not_applicable) == 0\n", r.Package)
		}
		main += fmt.Sprintf("\ndeny contains %q if {\n\tinput.resource.kind == %q\n%s\tcount(data.%s.violation) > 0\n}\n", r.ID, r.Kind, applies, r.Package)
	}
	require.NoError(b, fs.WalkDir(rules.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".rego" || strings.HasSuffix(name, "_test.rego") || strings.HasPrefix(name, "events/") {
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

// conftest judges the documents.
func conftest(b *testing.B, program, dir string, sampled int) *judging {
	b.Helper()
	run := exec.CommandContext(b.Context(), program, "test", "--policy", filepath.Join(dir, "policy"), "--output", "json", "--no-fail", filepath.Join(dir, "documents"))
	run.Stderr = os.Stderr
	began := time.Now()
	out, err := run.Output()
	require.NoError(b, err)
	done := &judging{failures: map[model.RuleID]int{}, wall: time.Since(began), cpu: run.ProcessState.UserTime() + run.ProcessState.SystemTime()}
	var files []struct {
		Failures []struct {
			Message model.RuleID `json:"msg"`
		} `json:"failures"`
	}
	require.NoError(b, json.Unmarshal(out, &files))
	require.Len(b, files, sampled)
	for _, f := range files {
		for _, failure := range f.Failures {
			done.failures[failure.Message]++
		}
	}
	return done
}
