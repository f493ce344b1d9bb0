package ledger

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// smallDisk mounts a disk of a size, which takes root and Linux.
func smallDisk(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skip("this user may not mount a disk: ", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return dir
}

// TestFullDisk fills a disk with runs and lines. What fits is whole, what does
// not is not there, and when there is room again it goes on.
func TestFullDisk(t *testing.T) {
	dir := smallDisk(t, "size=700k")
	path := filepath.Join(dir, "ledger.db")
	l, err := Open(t.Context(), path)
	require.NoError(t, err)
	fillUp := func(write func() error) {
		t.Helper()
		for n := 0; ; n++ {
			before, err := l.Head(t.Context())
			require.NoError(t, err)
			if err := write(); err != nil {
				require.ErrorIs(t, err, syscall.ENOSPC, "the text says so as well: %v", err)
				require.ErrorContains(t, err, "the disk is full: free some space")
				after, err := l.Head(t.Context())
				require.NoError(t, err)
				require.Equal(t, before, after)
				break
			}
			require.Less(t, n, 10000, "the disk must become full")
		}
		_, err := l.Verify(t.Context(), nil)
		require.NoError(t, err)
	}
	fillUp(func() error {
		r := reportOf(sampleResults(500))
		_, err := l.AppendRun(t.Context(), r, snapshotOf(r, "a"), model.VerdictFail, model.VerdictPolicy{}, nil)
		return err
	})
	fillUp(func() error { return l.Append(t.Context(), line("r", "c", model.StepStarted, 1)) })
	left, err := filepath.Glob(filepath.Join(l.snapshotDir(), "*"))
	require.NoError(t, err)
	for _, name := range left {
		require.NotContains(t, name, incoming, "no half-written snapshot is left")
	}
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=2m"))
	require.NoError(t, l.Append(t.Context(), line("r", "c", model.StepDone, 1)))
	_, err = l.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.NoError(t, l.Close())
}

// TestReadOnlyDisk reads what is there, and says why nothing can be added.
func TestReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t, "size=2m")
	path := filepath.Join(dir, "ledger.db")
	runs := fillLedger(t, path)
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))

	l, err := OpenExisting(t.Context(), path)
	require.NoError(t, err)
	_, err = l.Verify(t.Context(), &runs[1].Hash)
	require.NoError(t, err)
	r, done, err := l.Report(t.Context(), runs[1].ID)
	require.NoError(t, err)
	require.Len(t, collect(t, r), len(sampleResults(6)))
	require.NoError(t, done())
	require.NoError(t, l.Close())

	_, err = Open(t.Context(), path)
	require.ErrorContains(t, err, "the disk is read-only: name a file on another one with --ledger FILE")
	_, err = Open(t.Context(), filepath.Join(dir, "new", "ledger.db"))
	require.ErrorContains(t, err, "the disk is read-only: name a file on another one with --ledger FILE")
}
