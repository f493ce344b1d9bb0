package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

func TestPrune(t *testing.T) {
	l := newLedger(t)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	var runs []Run
	for n := range 4 {
		l.Now = func() time.Time { return day(n) }
		runs = append(runs, appendSample(t, l, []string{"a", "b", "b", "c"}[n]))
	}
	// r1 is over; r2 began then and goes on.
	for _, e := range []model.JournalEntry{
		{Run: "r1", Change: "c1", State: model.StepStarted, At: day(0), Detail: "d"}, {Run: "r2", Change: "c2", State: model.StepStarted, At: day(0), Detail: "d"},
		{Run: "r1", Change: "c1", State: model.StepDone, At: day(1), Detail: "d"}, {Run: "r2", Change: "c2", State: model.StepDone, At: day(3), Detail: "d"},
	} {
		require.NoError(t, l.Append(t.Context(), e))
	}
	headBefore, err := l.Head(t.Context())
	require.NoError(t, err)

	got, err := l.Prune(t.Context(), day(2), true)
	require.NoError(t, err)
	require.Equal(t, Pruning{Before: day(2), Runs: 2, Lines: 2}, got, "a dry run says what would go")
	head, err := l.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, headBefore, head, "and does nothing")

	// Left behind: by a process that ended, and by one that may be at work.
	left := filepath.Join(l.snapshotDir(), incoming+"1"+snapshotSuffix)
	require.NoError(t, os.WriteFile(left, nil, 0o600))
	require.NoError(t, os.Chtimes(left, time.Now(), time.Now().Add(-2*time.Hour)))
	atWork := filepath.Join(l.snapshotDir(), incoming+"2"+snapshotSuffix)
	require.NoError(t, os.WriteFile(atWork, nil, 0o600))
	foreign := filepath.Join(l.snapshotDir(), "README")
	require.NoError(t, os.WriteFile(foreign, nil, 0o600))
	require.NoError(t, os.Chtimes(foreign, time.Now(), time.Now().Add(-2*time.Hour)))

	got, err = l.Prune(t.Context(), day(2), false)
	require.NoError(t, err)
	require.Equal(t, [4]int{2, 2, 2, 0}, [4]int{got.Runs, got.Lines, got.Files, 0}, "the snapshot b is still needed")
	require.Positive(t, got.Bytes)
	require.NoFileExists(t, left)
	require.FileExists(t, atWork)
	require.FileExists(t, foreign)
	require.NoFileExists(t, l.snapshotPath(*runs[0].Snapshot))
	require.FileExists(t, l.snapshotPath(*runs[1].Snapshot))

	verified, err := l.Verify(t.Context(), &headBefore.Hash)
	require.NoError(t, err, "the chain is provable, up to the old head as well")
	require.Equal(t, Verified{Head: verified.Head, Runs: 4, Lines: 4, Prunings: 1, Pruned: 4, Snapshots: 2}, verified)

	list, err := l.Runs(t.Context(), RunFilter{})
	require.NoError(t, err)
	runs[0].Pruned, runs[1].Pruned = true, true
	require.Equal(t, []Run{runs[3], runs[2], runs[1], runs[0]}, list, "what was counted stays")
	_, _, err = l.Report(t.Context(), runs[0].ID)
	require.ErrorIs(t, err, ErrPruned)
	_, err = l.Snapshot(t.Context(), runs[1].ID)
	require.ErrorIs(t, err, ErrPruned)
	require.Equal(t, []model.JournalEntry{
		{Run: "r1", Change: "c1", State: model.StepStarted, At: day(0)}, {Run: "r2", Change: "c2", State: model.StepStarted, At: day(0), Detail: "d"},
		{Run: "r1", Change: "c1", State: model.StepDone, At: day(1)}, {Run: "r2", Change: "c2", State: model.StepDone, At: day(3), Detail: "d"},
	}, entriesOf(t, l, EntryFilter{}))

	got, err = l.Prune(t.Context(), day(2), false)
	require.NoError(t, err)
	require.Equal(t, Pruning{Before: day(2), Bytes: got.Bytes}, got, "there is nothing left to do")
	again, err := l.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, verified, again, "and no link says so")

	_, err = l.Prune(t.Context(), day(9), false)
	require.NoError(t, err)
	verified, err = l.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, [2]int{8, 2}, [2]int{verified.Pruned, verified.Prunings})
}

// TestReadWhilePruning reads a report that another process prunes meanwhile.
func TestReadWhilePruning(t *testing.T) {
	l := newLedger(t)
	run := appendSample(t, l, "a")
	r, done, err := l.Report(t.Context(), run.ID)
	require.NoError(t, err)
	other := openAt(t, l.Path())
	_, err = other.Prune(t.Context(), noon.AddDate(1, 0, 0), false)
	require.NoError(t, err)
	require.Len(t, collect(t, r), len(sampleResults(6)))
	require.NoError(t, done())
	_, _, err = l.Report(t.Context(), run.ID)
	require.ErrorIs(t, err, ErrPruned)
}

func TestFailedBefore(t *testing.T) {
	l := newLedger(t)
	secret := model.ResourceID{Kind: model.KindSecret, Account: "111122223333", Region: "eu-west-1", ID: "a"}
	record := func(failing ...model.RuleID) Run {
		var list []*model.Result
		for _, rule := range []model.RuleID{"SM-001", "SM-002"} {
			status := model.StatusPass
			for _, f := range failing {
				if f == rule {
					status = model.StatusFail
				}
			}
			list = append(list, &model.Result{Rule: rule, Resource: secret, Status: status})
		}
		run, err := l.AppendRun(t.Context(), reportOf(list), nil, model.VerdictFail, model.VerdictPolicy{}, nil)
		require.NoError(t, err)
		return run
	}
	first := record("SM-001")
	second := record("SM-001", "SM-002")
	third := record()
	ask := func(run Run) map[Failure]RunID {
		got, err := l.FailedBefore(t.Context(), &run, []Failure{{"SM-001", secret}, {"SM-002", secret}})
		require.NoError(t, err)
		return got
	}
	require.Equal(t, map[Failure]RunID{{"SM-001", secret}: second.ID, {"SM-002", secret}: second.ID}, ask(third))
	require.Equal(t, map[Failure]RunID{{"SM-001", secret}: first.ID}, ask(second))
	require.Empty(t, ask(first))
	other := third
	other.Scope = "another"
	require.Empty(t, ask(other))
}

// TestSweepFails is a folder that cannot be read.
func TestSweepFails(t *testing.T) {
	l := newLedger(t)
	require.NoError(t, os.WriteFile(l.snapshotDir(), nil, 0o600))
	_, err := l.Prune(t.Context(), noon, false)
	require.Error(t, err)
	_, err = l.AppendRun(t.Context(), reportOf(nil), snapshotOf(reportOf(nil)), model.VerdictPass, model.VerdictPolicy{}, nil)
	require.Error(t, err)
	require.False(t, errors.Is(err, ErrPruned))
}

// TestPruneBesideChanges: a run that is not over keeps its details, and so do all
// while somebody has a lease.
func TestPruneBesideChanges(t *testing.T) {
	l := newLedger(t)
	for _, run := range []string{"r1", "r2"} {
		require.NoError(t, l.Append(t.Context(), model.JournalEntry{Run: run, Change: "c", State: model.StepDone, At: noon, Detail: "d"}))
	}
	later := noon.AddDate(0, 0, 1)
	l.Now = func() time.Time { return later }
	lease, err := l.Acquire(t.Context(), "remediate/1", "somebody", time.Minute)
	require.NoError(t, err)
	var held *HeldError
	_, err = l.Prune(t.Context(), later, false)
	require.ErrorAs(t, err, &held)
	got, err := l.Prune(t.Context(), later, true, "r1")
	require.NoError(t, err, "a dry run removes nothing")
	require.Equal(t, 1, got.Lines)
	require.NoError(t, lease.Release(t.Context()))

	got, err = l.Prune(t.Context(), later, false, "r1")
	require.NoError(t, err)
	require.Equal(t, 1, got.Lines)
	list := entriesOf(t, l, EntryFilter{})
	require.Equal(t, [2]string{"d", ""}, [2]string{list[0].Detail, list[1].Detail})
}
