package reports_test

import (
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// stream makes n results of a rule one by one, as a large account would. probe
// is called now and then in the middle of every reading.
func stream(n int, probe func()) func(func(*model.Result, error) bool) {
	return func(yield func(*model.Result, error) bool) {
		for i := range n {
			if probe != nil && i%(n/20) == 0 {
				probe()
			}
			name := fmt.Sprintf("app-%07d", i)
			res := &model.Result{
				Rule: "SM-001", Name: name, Status: model.StatusFail,
				Resource: model.ResourceID{Kind: model.KindSecret, Account: shop, Region: "us-east-1", ID: "arn:aws:secretsmanager:us-east-1:111122223333:secret:" + name},
				Findings: []model.Finding{{Message: "automatic rotation is off", Attribute: "rotation_enabled"}},
			}
			if !yield(res, nil) {
				return
			}
		}
	}
}

// many is a report in which one rule fails n times.
func many(n int) *model.Report {
	r := newReport(theRules(), nil)
	r.Summary.ByRule["SM-001"] = model.Counts{Fail: n}
	r.Results = stream(n, nil)
	return r
}

func TestMemoryDoesNotGrowWithResults(t *testing.T) {
	const results, bound = 100_000, 16 << 20 // bytes; the results themselves need about 40 MiB
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for _, c := range []struct {
		format string
		limit  int
	}{{"text", 0}, {"text", 20}, {"text", results}, {"json", 0}, {"sarif", 0}, {"junit", 0}, {"github", 0}, {"markdown", 0}, {"csv", 0}, {"xlsx", 0}, {"html", 0}, {"ocsf", 0}, {"oscal", 0}, {"asff", 0}} {
		f, err := reports.Find(c.format)
		require.NoError(t, err)
		r := many(results)
		before, peak, probes := heap(), uint64(0), 0
		r.Results = stream(results, func() { peak = max(peak, heap()); probes++ })
		require.NoError(t, f.Write(io.Discard, r, judged(r, 100, c.limit)))
		require.GreaterOrEqual(t, probes, 20)
		require.Less(t, peak, before+bound, "%s holds results in memory", c.format)
	}
}

func BenchmarkText(b *testing.B) { benchmark(b, "text") }
func BenchmarkJSON(b *testing.B) { benchmark(b, "json") }

// benchmark writes 10,000 results each time.
func benchmark(b *testing.B, format string) {
	const n = 10_000
	f, err := reports.Find(format)
	require.NoError(b, err)
	r := many(n)
	o := judged(r, 100, 20)
	b.ReportAllocs()
	for b.Loop() {
		if err := f.Write(io.Discard, r, o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/result")
}
