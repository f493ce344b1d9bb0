package evaluator

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

const benchmarked = 100_000 // resources

// BenchmarkEvaluate judges 100,000 resources of mixed kinds with the real rules: the views, the
// verdicts, the tally and the spool of results. Run it with -cpu 1,2.
func BenchmarkEvaluate(b *testing.B) {
	c := newCompany(benchmarked)
	b.Run("from memory", func(b *testing.B) { benchmark(b, c.snapshot()) })
	b.Run("from spool", func(b *testing.B) { benchmark(b, spooled(b, c)) })
}

func spooled(b testing.TB, c *company) *model.Snapshot {
	spool, err := model.NewSpool(b.TempDir())
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, spool.Close()) })
	for _, r := range c.resources {
		require.NoError(b, spool.Append(r))
	}
	snap := c.snapshot()
	snap.Resources, snap.Outlines = spool.Resources(), spool.Outlines
	return snap
}

func benchmark(b *testing.B, snap *model.Snapshot) {
	j := realJudge(b)
	b.ReportAllocs()
	verdicts, begun := 0, cpu()
	for b.Loop() {
		spool, err := model.NewResultSpool(b.TempDir())
		require.NoError(b, err)
		report, err := j.Evaluate(b.Context(), snap, spool)
		require.NoError(b, err)
		verdicts += report.Total().Total()
		require.NoError(b, spool.Close())
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(verdicts), "ns/verdict")
	b.ReportMetric(float64((cpu()-begun).Nanoseconds())/float64(verdicts), "cpu-ns/verdict")
	b.ReportMetric(float64(verdicts)/b.Elapsed().Seconds(), "verdicts/s")
}

// cpu is the processor time that this process has had, which other processes
// of a busy machine do not add to.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLoad parses, checks and compiles the real rules.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		realJudge(b)
	}
}
