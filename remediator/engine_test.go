package remediator

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/testaccount"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

// three is a run of three changes: secrets that never rotated.
func three() repair {
	return repair{
		name: "three", action: Rotation{}, resource: "*",
		regions: "us-east-1:\n  secrets: [{name: a, value: SENTINEL-a}, {name: b, value: SENTINEL-b}, {name: c, value: SENTINEL-c}]" + rotators,
		rules:   []model.RuleID{"SM-001"}, set: Settings{"function": "rotator"},
	}
}

// states are how far the changes of a run have come, by the secret's name.
func states(out *Outcome) map[string]model.StepState {
	all := map[string]model.StepState{}
	for _, r := range out.Run.Records {
		all[r.Change.Name] = r.State
	}
	return all
}

// TestMaxFailures stops a run after the failures that it is allowed; what was not
// begun is left for resuming.
func TestMaxFailures(t *testing.T) {
	for name, c := range map[string]struct {
		max  int
		want map[string]model.StepState
	}{
		"the first": {0, map[string]model.StepState{"a": model.StepFailed, "b": model.StepPlanned, "c": model.StepPlanned}},
		"two":       {2, map[string]model.StepState{"a": model.StepFailed, "b": model.StepFailed, "c": model.StepPlanned}},
		"all":       {9, map[string]model.StepState{"a": model.StepFailed, "b": model.StepFailed, "c": model.StepFailed}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, three())
			p := b.plan(t)
			require.Len(t, p.Changes, 3)
			b.SetFaults(fake.Fault{Operation: "RotateSecret", Kind: fake.Deny})
			e := b.engine()
			e.MaxFailures = c.max
			out, err := e.Apply(t.Context(), run, p)
			require.NoError(t, err)
			require.Equal(t, c.want, states(out))
			require.Contains(t, out.Run.Records[0].Detail, "allow secretsmanager:RotateSecret")
			b.SetFaults()
			out, err = b.engine().Resume(t.Context(), run)
			require.NoError(t, err)
			require.Equal(t, map[string]model.StepState{"a": model.StepVerified, "b": model.StepVerified, "c": model.StepVerified}, states(out))
		})
	}
}

// TestDrift leaves alone what somebody else changed: before the run, between its
// steps, and before undoing it.
func TestDrift(t *testing.T) {
	b := newBench(t, three())
	p := b.plan(t)
	client := sm.NewFromConfig(b.Config(testaccount.Here, testaccount.Virginia))
	meddle := func(name string, days int64) {
		_, err := client.RotateSecret(t.Context(), &sm.RotateSecretInput{
			SecretId: aws.String(name), RotationLambdaARN: aws.String("arn:aws:lambda:us-east-1:111122223333:function:rotator"),
			RotationRules: &types.RotationRulesType{AutomaticallyAfterDays: aws.Int64(days)}, RotateImmediately: aws.Bool(false),
		})
		require.NoError(t, err)
	}
	meddle("b", 7)
	out, err := b.engine().Apply(t.Context(), run, p)
	require.NoError(t, err)
	require.Equal(t, map[string]model.StepState{"a": model.StepVerified, "b": model.StepSkipped, "c": model.StepVerified}, states(out))
	require.Equal(t, 1, out.Refused)
	require.Equal(t, `rotation_enabled of `+p.Changes[1].Resource.ID+` is true and not false: somebody else changed it; scan and plan again`, out.Run.Records[1].Detail)

	meddle("c", 8)
	out, err = b.engine().Undo(t.Context(), run)
	require.NoError(t, err)
	require.Equal(t, model.StepVerified, states(out)["c"], "it is as it was left")
	require.Equal(t, 1, out.Refused)
	require.Equal(t, model.StepUndone, states(out)["a"], "the others are taken back")
	require.Contains(t, b.log.String(), "rotation_days of "+p.Changes[2].Resource.ID+" is 8 and not null or what the change makes of it")

	// Between the announcement and the write.
	b = newBench(t, three())
	e := b.engine()
	e.Fault = func(point string) {
		if point == "after change started" {
			e.Fault = nil
			client = sm.NewFromConfig(b.Config(testaccount.Here, testaccount.Virginia))
			meddle("a", 9)
		}
	}
	out, err = e.Apply(t.Context(), run, p)
	require.NoError(t, err)
	require.Equal(t, model.StepFailed, states(out)["a"])
	require.Contains(t, out.Run.Records[0].Detail, "somebody else changed it")
}

// TestJournalRefuses: nothing is written that cannot be recorded, and a run ends
// when its record does.
func TestJournalRefuses(t *testing.T) {
	full := errors.New("the disk is full")
	for name, c := range map[string]struct {
		fails  func(model.JournalEntry) bool
		writes int
	}{
		"at once":             {func(model.JournalEntry) bool { return true }, 0},
		"before the change":   {func(e model.JournalEntry) bool { return e.Change != "" }, 0},
		"before the call":     {func(e model.JournalEntry) bool { return e.Step == "rotate" }, 0},
		"after the call":      {func(e model.JournalEntry) bool { return e.Step == "rotate" && e.State == model.StepDone }, 1},
		"after the whole":     {func(e model.JournalEntry) bool { return e.Step == "" && e.State == model.StepDone }, 1},
		"before the judgment": {func(e model.JournalEntry) bool { return e.State == model.StepVerified }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, three())
			b.trusting = true
			p := b.plan(t)
			b.journal.broken = func(e model.JournalEntry) error {
				if c.fails(e) {
					return full
				}
				return nil
			}
			out, err := b.engine().Apply(t.Context(), run, p)
			if out == nil {
				require.ErrorIs(t, err, full)
				require.ErrorContains(t, err, "nothing was changed")
			} else {
				require.NoError(t, err)
				require.Contains(t, out.Stopped, "the disk is full")
			}
			require.Equal(t, c.writes, b.writes()["secretsmanager:RotateSecret"])
			b.journal.broken = nil
			if out == nil {
				return
			}
			out, err = b.engine().Resume(t.Context(), run)
			require.NoError(t, err)
			require.Equal(t, map[string]model.StepState{"a": model.StepVerified, "b": model.StepVerified, "c": model.StepVerified}, states(out))
			require.Equal(t, 3, b.writes()["secretsmanager:RotateSecret"], "nothing is made twice")
		})
	}
}

// TestLeases keeps two people apart, and lets a run be resumed that was killed with
// its lease.
func TestLeases(t *testing.T) {
	b := newBench(t, three())
	b.trusting = true
	p := b.plan(t)
	b.journal.leases = map[string]string{"remediate/" + testaccount.Here: "somebody else"}
	_, err := b.engine().Apply(t.Context(), run, p)
	require.ErrorContains(t, err, "somebody else")
	require.ErrorContains(t, err, "nothing was changed")
	require.Empty(t, b.writes())

	b.journal.leases = nil
	e := b.engine()
	require.Equal(t, "after change started", dies(2, e, func(e *Engine) { _, _ = e.Apply(t.Context(), run, p) }))
	b.journal.leases = map[string]string{"remediate/" + testaccount.Here: "who was killed"}
	e = b.engine()
	slept := 0
	e.Sleep = func(context.Context, time.Duration) error {
		if slept++; slept == 3 {
			b.journal.leases = nil // it has run out
		}
		return nil
	}
	out, err := e.Resume(t.Context(), run)
	require.NoError(t, err)
	require.Equal(t, model.StepVerified, states(out)["a"])
	require.Contains(t, b.log.String(), "waiting for account "+testaccount.Here)

	b.journal.leases = map[string]string{"remediate/" + testaccount.Here: "who lives"}
	_, err = b.engine().Undo(t.Context(), run)
	require.ErrorContains(t, err, "who lives")
}

// TestUnproven: what is done and judged to fail all the same is no repair.
func TestUnproven(t *testing.T) {
	b := newBench(t, three())
	p := b.plan(t)
	e := b.engine()
	e.Judge = func(_ context.Context, changes []*model.Change) (map[model.ChangeID]map[model.RuleID]Judgement, error) {
		return map[model.ChangeID]map[model.RuleID]Judgement{
			changes[0].ID: {"SM-001": {Status: model.StatusFail, Why: "still off"}},
			changes[1].ID: {"SM-001": {Status: model.StatusUnknown, Why: "denied"}},
		}, nil
	}
	out, err := e.Apply(t.Context(), run, p)
	require.NoError(t, err)
	require.Equal(t, map[string]model.StepState{"a": model.StepUnproven, "b": model.StepUnproven, "c": model.StepUnproven}, states(out))
	var why []string
	for _, r := range out.Run.Records {
		why = append(why, r.Detail)
	}
	require.Equal(t, []string{"SM-001 is fail: still off", "SM-001 is unknown: denied", "SM-001 was not judged"}, why)
}

// TestEndpointGone loses the account in the middle of a run.
func TestEndpointGone(t *testing.T) {
	b := newBench(t, three())
	p := b.plan(t)
	e := b.engine()
	e.Fault = func(point string) {
		if strings.HasPrefix(point, "before call") {
			_ = b.Close()
		}
	}
	out, err := e.Apply(t.Context(), run, p)
	require.NoError(t, err)
	require.Equal(t, map[string]model.StepState{"a": model.StepFailed, "b": model.StepPlanned, "c": model.StepPlanned}, states(out))
	require.Contains(t, out.Run.Records[0].Detail, "no answer from 127.0.0.1")
	require.False(t, out.Run.Ended)
}

// TestUndoGivesUp: a run that is taken back is not resumed into being made, neither
// what it did not come to nor what failed before it was begun.
func TestUndoGivesUp(t *testing.T) {
	b := newBench(t, three())
	b.trusting = true
	p := b.plan(t)
	out, err := b.engine().Apply(t.Context(), "first", &Plan{Changes: p.Changes[:1]})
	require.NoError(t, err)
	require.Equal(t, model.StepVerified, states(out)["a"])
	_, err = b.engine().Undo(t.Context(), "first")
	require.NoError(t, err)

	e := b.engine()
	e.MaxFailures = 9
	e.Fault = func(point string) {
		if point == "after change verified" || point == "after change done" {
			b.SetFaults(fake.Fault{Operation: "DescribeSecret", Kind: fake.Deny}) // from the second on nothing can be read
		}
	}
	out, err = e.Apply(t.Context(), run, p)
	require.NoError(t, err)
	require.Equal(t, map[string]model.StepState{"a": model.StepVerified, "b": model.StepFailed, "c": model.StepFailed}, states(out))
	b.SetFaults()
	e = b.engine()
	e.As = func(account string) string { return "arn:aws:iam::" + account + ":role/Repair" }
	out, err = e.Undo(t.Context(), run)
	require.NoError(t, err)
	want := map[string]model.StepState{"a": model.StepUndone, "b": model.StepSkipped, "c": model.StepSkipped}
	require.Equal(t, want, states(out))
	require.Equal(t, "tester as arn:aws:iam::111122223333:role/Repair", out.Run.Records[0].By, "who took it back may be another than who made it")
	writes := b.writes()
	out, err = b.engine().Resume(t.Context(), run)
	require.NoError(t, err)
	require.Equal(t, want, states(out))
	require.Equal(t, writes, b.writes(), "nothing is left to resume")
	require.True(t, out.Run.Ended)
	require.Equal(t, "tester as arn:aws:iam::111122223333:role/Repair", out.Run.Records[0].By)
}

// TestPrunedRun: a run whose details retention removed is read, and neither resumed
// nor undone; it keeps no other run from it.
func TestPrunedRun(t *testing.T) {
	b := newBench(t, three())
	b.trusting = true
	_, err := b.engine().Apply(t.Context(), "old", b.plan(t))
	require.NoError(t, err)
	b.journal.prune(t)
	runs, err := Runs(t.Context(), b.journal)
	require.NoError(t, err)
	require.Len(t, runs, 1)
	require.True(t, runs[0].Pruned && runs[0].Ended)
	require.Len(t, runs[0].Records, 3)
	require.Equal(t, model.StepVerified, runs[0].Records[2].State)
	for _, again := range []func(context.Context, string) (*Outcome, error){
		b.engine().Resume, func(ctx context.Context, id string) (*Outcome, error) { return b.engine().Undo(ctx, id) },
	} {
		_, err = again(t.Context(), "old")
		require.ErrorContains(t, err, "the details of run old were pruned")
	}
	_, err = b.engine().Undo(t.Context(), "old")
	require.ErrorContains(t, err, "pruned")
}

// TestLeaseOfASleeper: who was stopped for longer than its lease finds out before it
// writes, and one whose clock was set back asks too.
func TestLeaseOfASleeper(t *testing.T) {
	for name, renewed := range map[string]time.Time{"slept": wallClock().Add(-time.Hour), "set back": wallClock().Add(time.Hour)} {
		lease := &countedLease{}
		l := &leases{held: []Lease{lease}, ttl: time.Minute, renewed: renewed}
		require.NoError(t, l.err(t.Context()), name)
		require.NoError(t, l.err(t.Context()), name)
		require.Equal(t, 1, lease.renewed, name)
		lease.gone = errors.New("another has it")
		l.renewed = renewed
		require.ErrorIs(t, l.err(t.Context()), lease.gone, name)
	}
}

type countedLease struct {
	renewed int
	gone    error
}

func (l *countedLease) Renew(context.Context) error {
	l.renewed++
	return l.gone
}

func (l *countedLease) Release(context.Context) error { return nil }

// TestForgedLine: a name cannot make a line of its own in what is said.
func TestForgedLine(t *testing.T) {
	b := newBench(t, three())
	b.trusting = true
	p := b.plan(t)
	p.Changes[0].Name = "a\nverified   everything"
	_, err := b.engine().Apply(t.Context(), run, p)
	require.NoError(t, err)
	require.NotContains(t, b.log.String(), "\nverified")
	require.Contains(t, b.log.String(), `a\nverified`)
}
