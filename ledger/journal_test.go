package ledger

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// newLedger opens a new ledger whose clock stands still at noon.
func newLedger(t *testing.T) *Ledger {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "state", "ledger.db"))
}

func openAt(t *testing.T, path string) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	l.Now = func() time.Time { return noon }
	return l
}

func line(run string, change model.ChangeID, state model.StepState, n int) model.JournalEntry {
	return model.JournalEntry{Run: run, Change: change, Step: "RotateSecret", State: state, At: noon.Add(time.Duration(n) * time.Second),
		Detail: fmt.Sprintf("line %d", n), Data: json.RawMessage(fmt.Sprintf(`{"days":%d}`, n))}
}

func entriesOf(t *testing.T, l *Ledger, f EntryFilter) []model.JournalEntry {
	t.Helper()
	var list []model.JournalEntry
	for e, err := range l.Entries(t.Context(), f) {
		require.NoError(t, err)
		list = append(list, e)
	}
	return list
}

func TestJournal(t *testing.T) {
	l := newLedger(t)
	all := []model.JournalEntry{
		line("r1", "", model.StepStarted, 1), line("r1", "c1", model.StepStarted, 2), line("r2", "c1", model.StepStarted, 3),
		line("r1", "c1", model.StepDone, 4), {Run: "r1", State: model.StepDone, At: noon},
	}
	for _, e := range all {
		require.NoError(t, l.Append(t.Context(), e))
	}
	for name, c := range map[string]struct {
		filter EntryFilter
		want   []model.JournalEntry
	}{
		"all":        {EntryFilter{}, all},
		"a run":      {EntryFilter{Run: "r1"}, []model.JournalEntry{all[0], all[1], all[3], all[4]}},
		"a change":   {EntryFilter{Change: "c1"}, all[1:4]},
		"both":       {EntryFilter{Run: "r2", Change: "c1"}, all[2:3]},
		"no such":    {EntryFilter{Run: "r3"}, nil},
		"not a part": {EntryFilter{Run: "r"}, nil},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, entriesOf(t, l, c.filter)) })
	}
	require.NoError(t, l.Close())
	again, err := OpenExisting(t.Context(), l.Path())
	require.NoError(t, err)
	defer again.Close()
	require.Equal(t, all, entriesOf(t, again, EntryFilter{}))
	require.Error(t, again.Append(t.Context(), all[0]), "it was opened for reading")
}

// TestWriteWhileReading is what resuming does: read what was done, and go on.
func TestWriteWhileReading(t *testing.T) {
	l := newLedger(t)
	for n := range 3 {
		require.NoError(t, l.Append(t.Context(), line("r", "c", model.StepStarted, n)))
	}
	seen := 0
	for e, err := range l.Entries(t.Context(), EntryFilter{Run: "r"}) {
		require.NoError(t, err)
		if seen++; e.State == model.StepStarted {
			require.NoError(t, l.Append(t.Context(), line("r", "c", model.StepDone, seen)))
		}
	}
	require.Equal(t, 6, seen)
}

func TestFilesAreTheOwners(t *testing.T) {
	l := newLedger(t)
	require.NoError(t, l.Append(t.Context(), line("r", "c", model.StepStarted, 1)))
	dir := filepath.Dir(l.Path())
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 2, "the file and its log")
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f.Name())
	}
}

func TestLease(t *testing.T) {
	l := newLedger(t)
	now := noon
	l.Now = func() time.Time { return now }
	ctx := t.Context()

	first, err := l.Acquire(ctx, "changes", "ann@host pid 7", time.Minute)
	require.NoError(t, err)
	other, err := l.Acquire(ctx, "another", "bob", time.Minute)
	require.NoError(t, err, "leases of other names do not matter")
	require.NoError(t, other.Release(ctx))

	now = now.Add(59*time.Second + 500*time.Millisecond)
	_, err = l.Acquire(ctx, "changes", "bob", time.Minute)
	var held *HeldError
	require.ErrorAs(t, err, &held)
	require.Equal(t, &HeldError{"changes", "ann@host pid 7", noon, noon.Add(time.Minute)}, held)
	require.EqualError(t, err, `ann@host pid 7 has the lease "changes" since 2026-03-14T12:00:00Z: wait until that is done; if it died, the lease ends at 2026-03-14T12:01:00Z`)

	require.NoError(t, first.Renew(ctx))
	now = now.Add(59 * time.Second)
	_, err = l.Acquire(ctx, "changes", "bob", time.Minute)
	require.ErrorAs(t, err, &held, "it was renewed")

	now = now.Add(time.Second)
	require.ErrorIs(t, first.Renew(ctx), ErrLeaseLost, "its time is over, to the second")
	second, err := l.Acquire(ctx, "changes", "bob", time.Minute)
	require.NoError(t, err)
	require.ErrorIs(t, first.Release(ctx), ErrLeaseLost, "it is bob's now")
	require.NoError(t, second.Renew(ctx), "bob still has it")
	require.NoError(t, second.Release(ctx))
	require.ErrorIs(t, second.Release(ctx), ErrLeaseLost)
	_, err = l.Acquire(ctx, "changes", "ann", 0)
	require.Error(t, err)
	_, err = l.Acquire(ctx, "changes", "ann", time.Second)
	require.NoError(t, err)
}

// TestLeaseOfWrongClock: a lease that was taken while the clock was years ahead does
// not keep an account from being repaired until then.
func TestLeaseOfWrongClock(t *testing.T) {
	l := newLedger(t)
	ctx, now := t.Context(), noon
	l.Now = func() time.Time { return now.Add(longest + time.Second) }
	ahead, err := l.Acquire(ctx, "changes", "ann", time.Minute)
	require.NoError(t, err)
	require.Nil(t, ahead.Mistaken)
	l.Now = func() time.Time { return now.Add(longest - time.Hour) }
	_, err = l.Acquire(ctx, "near", "ann", time.Minute)
	require.NoError(t, err)

	l.Now = func() time.Time { return now }
	var held *HeldError
	_, err = l.Acquire(ctx, "near", "bob", time.Minute)
	require.ErrorAs(t, err, &held, "a day is not so far that a clock must be wrong")
	lease, err := l.Acquire(ctx, "changes", "bob", time.Minute)
	require.NoError(t, err)
	require.Equal(t, "ann", lease.Mistaken.Holder)
	require.ErrorIs(t, ahead.Renew(ctx), ErrLeaseLost)
	require.NoError(t, lease.Renew(ctx))
	_, err = l.Acquire(ctx, "long", "bob", longest+1)
	require.ErrorContains(t, err, "not longer than 24h0m0s")
}
