package remediator

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/testaccount"
	"github.com/keyproof/keyproof/model"
)

// crash ends a run at a fault point as a killed process would: nothing after it
// happens. In-process it is a panic; TestKilled does it to a real process.
type crash struct{ point string }

// dies runs the engine until the nth point, and returns its name; "" when the run
// ended before. Nothing happens between a point that is before something and the
// one that is after what came last, so that the latter stands for both.
func dies(n int, e *Engine, f func(*Engine)) (point string) {
	e.Fault = func(p string) {
		if !strings.HasPrefix(p, "after") {
			return
		}
		if n--; n == 0 {
			panic(crash{p})
		}
	}
	defer func() {
		if c, ok := recover().(crash); ok {
			point = c.point
		} else if c != (crash{}) {
			panic(c)
		}
	}()
	f(e)
	return ""
}

// TestCrashMatrix kills every repair at every point of its journal and of its
// calls, and then goes on in each of the two ways that there are: nothing is
// lost, nothing is made twice, and the record says what is so.
func TestCrashMatrix(t *testing.T) {
	for _, r := range repairs() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			first := newBench(t, r)
			p := first.planned(t)
			ways := []string{"resume", "undo"}
			if p.Changes[0].Undo == model.UndoNone {
				ways = ways[:1]
			}
			for _, way := range ways {
				for n := 1; ; n++ {
					b := newBench(t, r)
					b.trusting = true
					point := dies(n, b.engine(), func(e *Engine) { _, _ = e.Apply(t.Context(), run, p) })
					if point == "" {
						require.Greater(t, n, 8, "too few fault points")
						break
					}
					b.goOn(t, way, way+" after "+point)
				}
			}
			// Undoing is killed too, and gone on with.
			for n := 1; len(ways) > 1; n++ {
				b := newBench(t, r)
				b.trusting = true
				_, err := b.engine().Apply(t.Context(), run, p)
				require.NoError(t, err)
				point := dies(n, b.engine(), func(e *Engine) { _, _ = e.Undo(t.Context(), run) })
				if point == "" {
					break
				}
				way := []string{"resume", "undo"}[n%2]
				b.journal.leases = nil
				if way == "resume" {
					_, err = b.engine().Resume(t.Context(), run)
				} else {
					_, err = b.engine().Undo(t.Context(), run)
				}
				require.NoError(t, err)
				b.requireEnd(t, model.StepUndone, sum(r.apply, r.undo), way+" after undo's "+point)
			}
		})
	}
}

// goOn resumes or undoes a run that was killed, and looks at what is so then.
func (b *bench) goOn(t *testing.T, way, when string) {
	t.Helper()
	b.journal.leases = nil // they run out
	runs, err := Runs(t.Context(), b.journal)
	require.NoError(t, err, when)
	if len(runs) == 0 {
		require.Empty(t, b.writes(), "%s: written without a record", when)
		return
	}
	touched := runs[0].Records[0].Before != nil
	if way == "resume" {
		_, err = b.engine().Resume(t.Context(), run)
		require.NoError(t, err, when)
		b.requireEnd(t, model.StepVerified, b.apply, when)
		return
	}
	made := b.writes() // of an action that makes several calls, perhaps not all
	_, err = b.engine().Undo(t.Context(), run)
	require.NoError(t, err, when)
	switch {
	case !touched:
		b.requireEnd(t, model.StepSkipped, map[string]int{}, when)
	case len(made) == 0:
		b.requireEnd(t, model.StepUndone, map[string]int{}, when)
	default:
		b.requireEnd(t, model.StepUndone, sum(made, b.undo), when)
	}
}

// requireEnd says how the run must have ended: in the record, in the account, and
// with which calls.
func (b *bench) requireEnd(t *testing.T, state model.StepState, calls map[string]int, when string) {
	t.Helper()
	got, err := Load(t.Context(), b.journal, run)
	require.NoError(t, err, when)
	require.Equal(t, state, got.Records[0].State, when)
	require.True(t, got.Ended, when)
	require.Equal(t, calls, b.writes(), when)
	now, err := b.action.Read(t.Context(), b.engine().env(run), got.Records[0].Change)
	require.NoError(t, err, when)
	want := map[string]any{}
	for field := range got.Records[0].Change.After { // others are AWS's to choose
		if was, seen := got.Records[0].Change.Before[field]; seen {
			want[field] = was
		}
	}
	if state == model.StepVerified {
		want = got.Records[0].Change.After
	}
	require.True(t, now.is(want), "%s: %s, want %s", when, written(now), written(want))
}

// TestKilled does it to a process: this test's own program runs the engine and
// kills itself, without a chance to tidy up.
func TestKilled(t *testing.T) {
	if path := os.Getenv("KEYPROOF_TEST_KILL"); path != "" {
		killed(t, path)
		return
	}
	done := map[string]bool{}
	for _, r := range repairs() {
		if done[r.action.Name()] {
			continue
		}
		done[r.action.Name()] = true
		t.Run(r.action.Name(), func(t *testing.T) {
			t.Parallel()
			first := newBench(t, r)
			plan := filepath.Join(t.TempDir(), "plan.json")
			f, err := os.Create(plan)
			require.NoError(t, err)
			require.NoError(t, WritePlan(f, first.plan(t)))
			require.NoError(t, f.Close())
			counting := first.engine()
			counting.Judge = nil
			points := 0
			counting.Fault = func(string) { points++ }
			p, err := planOf(plan)
			require.NoError(t, err)
			_, err = counting.Apply(t.Context(), run, p)
			require.NoError(t, err)
			require.Greater(t, points, 10)
			for n := 3; n <= points; n += 4 {
				b := newBench(t, r)
				b.trusting = true
				cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$")
				cmd.Env = append(os.Environ(), "KEYPROOF_TEST_KILL="+plan, "KEYPROOF_TEST_JOURNAL="+b.journal.path,
					"KEYPROOF_TEST_URL="+b.URL(), "KEYPROOF_TEST_POINT="+strconv.Itoa(n))
				out, err := cmd.CombinedOutput()
				var exit *exec.ExitError
				require.ErrorAs(t, err, &exit, "%s", out)
				require.Equal(t, syscall.SIGKILL, exit.Sys().(syscall.WaitStatus).Signal(), "%s", out)
				b.goOn(t, "resume", fmt.Sprintf("point %d", n))
			}
		})
	}
}

func planOf(path string) (*Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadPlan(f)
}

// killed is the process that is killed.
func killed(t *testing.T, path string) {
	p, err := planOf(path)
	require.NoError(t, err)
	n, err := strconv.Atoi(os.Getenv("KEYPROOF_TEST_POINT"))
	require.NoError(t, err)
	config := func(_, region string) aws.Config {
		return aws.Config{
			Region: region, BaseEndpoint: aws.String(os.Getenv("KEYPROOF_TEST_URL")),
			Credentials: credentials.NewStaticCredentialsProvider("A1", "x", ""),
		}
	}
	e := &Engine{
		Actions: Actions(), Access: access{config}, Journal: &fileJournal{path: os.Getenv("KEYPROOF_TEST_JOURNAL")}, By: "killed",
		Now: testaccount.Now, Sleep: quick, PerMinute: 1e6,
		Judge: nil, // the point may be after the last entry without it: verifying is resumed
	}
	e.Fault = func(string) {
		if n--; n == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	_, err = e.Apply(t.Context(), run, p)
	t.Fatalf("not killed: %v %s", err, strings.Repeat(".", n))
}
