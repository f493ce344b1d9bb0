//go:build unix

package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// The tests of processes run this binary again, with what to do in the
// environment: a verb and the file of the ledger.
const childEnv = "KEYPROOF_LEDGER_CHILD"

func TestMain(m *testing.M) {
	if verb := os.Getenv(childEnv); verb != "" {
		if err := child(context.Background(), strings.Fields(verb)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child does one of
//
//	many FILE N         append N lines and N/5 runs
//	killed FILE WHAT POINT COUNT   die at the COUNTth time that WHAT comes to POINT
func child(ctx context.Context, args []string) error {
	killing := args[0] == "killed"
	l, err := openKilled(ctx, args, killing)
	if err != nil {
		return err
	}
	defer l.Close()
	if killing {
		return doOne(ctx, l, args[2])
	}
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	for i := range n {
		if err := l.Append(ctx, line("r"+strconv.Itoa(os.Getpid()), "c", model.StepDone, i)); err != nil {
			return err
		}
		if i%5 == 0 {
			if err := doOne(ctx, l, "run"); err != nil {
				return err
			}
		}
	}
	return nil
}

// openKilled opens the ledger, with the fault that a test wants.
func openKilled(ctx context.Context, args []string, killing bool) (*Ledger, error) {
	l, err := Open(ctx, args[1])
	if err != nil || !killing {
		return l, err
	}
	count, err := strconv.Atoi(args[4])
	l.Now = func() time.Time { return noon.AddDate(0, 0, 5) }
	l.fault = func(point string) {
		if point != args[3] {
			return
		}
		if count--; count == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // until the signal comes
		}
	}
	return l, err
}

func doOne(ctx context.Context, l *Ledger, what string) (err error) {
	switch what {
	case "run":
		r := reportOf(sampleResults(4000))
		_, err = l.AppendRun(ctx, r, snapshotOf(r, "killed", strconv.Itoa(os.Getpid())), model.VerdictFail, model.VerdictPolicy{}, []byte("rules"))
	case "line":
		err = l.Append(ctx, line("killed", "c", model.StepStarted, 1))
	case "prune":
		_, err = l.Prune(ctx, noon.AddDate(0, 0, 1), false)
	case "lease":
		_, err = l.Acquire(ctx, "changes", "killed", time.Hour)
	}
	return err
}

func startChild(t *testing.T, verb ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), childEnv+"="+strings.Join(verb, " "))
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	return cmd
}

// TestProcesses has four processes write to a ledger that none of them has seen
// before, all at once.
func TestProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "ledger.db")
	var children []*exec.Cmd
	for range 4 {
		children = append(children, startChild(t, "many", path, "10"))
	}
	for _, c := range children {
		require.NoError(t, c.Wait())
	}
	got, err := verify(t, path, nil)
	require.NoError(t, err)
	require.Equal(t, [3]int{48, 8, 40}, [3]int{got.Head.Links, got.Runs, got.Lines})
}

// TestKilled ends a process at every point of every write. Afterwards the record
// is whole and either has what was written or has nothing of it, and what comes
// next can be written.
func TestKilled(t *testing.T) {
	for _, c := range []struct {
		what, point string
		count       int
		recorded    bool
	}{
		{"run", "spooled", 1, false}, {"run", "snapshot-written", 1, false}, {"run", "snapshot-named", 1, false},
		{"run", "linked", 1, false}, {"run", "part", 1, false}, {"run", "part", 3, false}, {"run", "before-commit", 1, false}, {"run", "after-commit", 1, true},
		{"line", "linked", 1, false}, {"line", "part", 1, false}, {"line", "before-commit", 1, false}, {"line", "after-commit", 1, true},
		{"prune", "linked", 1, false}, {"prune", "before-commit", 1, false}, {"prune", "after-commit", 1, true}, {"prune", "before-commit", 2, true},
		{"lease", "before-commit", 1, false}, {"lease", "after-commit", 1, true},
	} {
		t.Run(fmt.Sprintf("%s at %s %d", c.what, c.point, c.count), func(t *testing.T) {
			l := newLedger(t)
			appendSample(t, l, "a")
			before, err := l.Head(t.Context())
			require.NoError(t, err)

			err = startChild(t, "killed", l.Path(), c.what, c.point, strconv.Itoa(c.count)).Wait()
			var ended *exec.ExitError
			require.ErrorAs(t, err, &ended)
			require.Equal(t, syscall.SIGKILL, ended.Sys().(syscall.WaitStatus).Signal(), "it came to the point")

			got, err := l.Verify(t.Context(), &before.Hash)
			require.NoError(t, err)
			if c.what == "lease" {
				l.Now = func() time.Time { return noon.AddDate(0, 0, 5) } // as the killed one had it
				_, err = l.Acquire(t.Context(), "changes", "next", time.Minute)
				require.Equal(t, c.recorded, errors.As(err, new(*HeldError)))
			} else {
				want := before.Links
				if c.recorded {
					want++
				}
				require.Equal(t, want, got.Head.Links)
			}
			require.NoError(t, l.Append(t.Context(), line("next", "c", model.StepDone, 1)))
			if c.what == "prune" {
				_, err = l.Prune(t.Context(), noon.AddDate(0, 0, 1), false)
				require.NoError(t, err)
				left, err := os.ReadDir(l.snapshotDir())
				require.NoError(t, err)
				require.Empty(t, left, "what the killed process did not delete is swept")
			}
			_, err = l.Verify(t.Context(), &before.Hash)
			require.NoError(t, err)
		})
	}
}

// TestKilledAnywhere ends a process that writes on and on, at times that nobody
// chose.
func TestKilledAnywhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	for n := range 8 {
		c := startChild(t, "many", path, "100000")
		time.Sleep(time.Duration(40+35*n) * time.Millisecond)
		require.NoError(t, c.Process.Kill())
		require.Error(t, c.Wait())
		l, err := Open(t.Context(), path)
		require.NoError(t, err)
		require.NoError(t, l.Append(t.Context(), line("mine", "c", model.StepDone, n)))
		got, err := l.Verify(t.Context(), nil)
		require.NoError(t, err)
		require.Positive(t, got.Lines)
		require.NoError(t, l.Close())
	}
}
