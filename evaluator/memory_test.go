package evaluator

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// 100,000 secrets are judged from a spool without being held in memory.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("judges 100,000 secrets; left out by -short")
	}
	const n = 100_000
	resources, err := model.NewSpool(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, resources.Close()) }()
	c := newCompany(n / 10)
	scopes := c.scopes
	for copies := range 10 { // ten companies, in accounts of their own
		for _, r := range c.resources {
			copied := *r
			copied.ID.Account = fmt.Sprintf("%012d", 400_000_000_000+copies)
			copied.ID.ID = fmt.Sprintf("%s-%d", r.ID.ID, copies)
			require.NoError(t, resources.Append(&copied))
		}
	}
	total := 10 * len(c.resources)
	c = nil
	snap := snapshot(scopes)
	snap.Outlines = resources.Outlines
	spool, err := model.NewResultSpool(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, spool.Close()) }()
	j := realJudge(t)
	j.limits.workers = 2
	before, peak, seen := heapInUse(), uint64(0), 0
	snap.Resources = func(yield func(*model.Resource, error) bool) {
		for r, err := range resources.Resources() {
			if seen++; seen%5000 == 0 {
				peak = max(peak, heapInUse())
			}
			if !yield(r, err) {
				return
			}
		}
	}
	report, err := j.Evaluate(t.Context(), snap, spool)
	require.NoError(t, err)
	require.Equal(t, total, seen, "whole resources are read once")
	t.Logf("%d results, %d MiB at most, %d MiB before", report.Total().Total(), peak>>20, before>>20)
	require.Less(t, peak-before, uint64(150<<20))
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
