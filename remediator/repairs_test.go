package remediator

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestRepairs makes every repair, proves it, and takes it back: the account is
// then as before, but for what the change says that it leaves.
func TestRepairs(t *testing.T) {
	for _, r := range repairs() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, r)
			before := b.attributes(t, r.leaves...)
			p := b.planned(t)
			c := p.Changes[0]
			if len(r.leaves) > 0 {
				require.NotEmpty(t, c.UndoNote, "what undoing leaves must be said")
			}
			require.NotEmpty(t, c.Title)
			require.NotEmpty(t, c.Effects)
			require.Empty(t, b.writes(), "a plan writes nothing")

			out, err := b.engine().Apply(t.Context(), run, p)
			require.NoError(t, err)
			require.Equal(t, model.StepVerified, out.Run.Records[0].State, b.everything(t))
			require.True(t, out.Run.Ended)
			require.Equal(t, r.apply, b.writes())
			require.NotEqual(t, before, b.attributes(t, r.leaves...))

			// Resuming a run that has ended does nothing.
			_, err = b.engine().Resume(t.Context(), run)
			require.NoError(t, err)
			require.Equal(t, r.apply, b.writes())

			out, err = b.engine().Undo(t.Context(), run)
			require.NoError(t, err)
			require.NotContains(t, b.everything(t), "SENTINEL", "a value was kept")
			if c.Undo == model.UndoNone {
				require.NotEmpty(t, c.UndoNote, "why it cannot be undone must be said")
				require.Equal(t, 1, out.Refused, "an undo that cannot be is not passed over")
				require.Equal(t, r.apply, b.writes())
				return
			}
			require.Equal(t, model.StepUndone, out.Run.Records[0].State, b.everything(t))
			was, is := difference(before, b.attributes(t, r.leaves...))
			require.Empty(t, was, "is now %q", is)
			require.Empty(t, is)
			require.Equal(t, sum(r.apply, r.undo), b.writes())

			// What was undone is not undone again, and not resumed into being.
			_, err = b.engine().Undo(t.Context(), run)
			require.NoError(t, err)
			_, err = b.engine().Resume(t.Context(), run)
			require.NoError(t, err)
			require.Equal(t, sum(r.apply, r.undo), b.writes())
			require.NotContains(t, b.everything(t), "SENTINEL", "a value was kept")
		})
	}
}

// difference is what only the one and only the other list has.
func difference(a, b []string) (onlyA, onlyB []string) {
	only := func(a, b []string) (list []string) {
		for _, s := range a {
			if !slices.Contains(b, s) {
				list = append(list, s)
			}
		}
		return list
	}
	return only(a, b), only(b, a)
}

func sum(list ...map[string]int) map[string]int {
	all := map[string]int{}
	for _, m := range list {
		for k, n := range m {
			all[k] += n
		}
	}
	return all
}

// TestSoAlready applies a plan again: nothing is written, and whether the rules pass
// is judged.
func TestSoAlready(t *testing.T) {
	for _, r := range repairs() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, r)
			p := b.planned(t)
			_, err := b.engine().Apply(t.Context(), run, p)
			require.NoError(t, err)
			out, err := b.engine().Apply(t.Context(), "run-2", p)
			require.NoError(t, err)
			require.Equal(t, model.StepVerified, out.Run.Records[0].State)
			require.Equal(t, SoAlready, out.Run.Records[0].Detail)
			require.False(t, out.Run.Records[0].Touched(), "there is nothing to take back")

			blind := b.engine()
			blind.Judge = func(context.Context, []*model.Change) (map[model.ChangeID]map[model.RuleID]Judgement, error) {
				return nil, nil
			}
			out, err = blind.Apply(t.Context(), "run-3", p)
			require.NoError(t, err)
			require.Equal(t, model.StepUnproven, out.Run.Records[0].State)
			require.Contains(t, out.Run.Records[0].Detail, SoAlready+"; "+string(p.Changes[0].Rules[0])+" was not judged")
			require.Equal(t, r.apply, b.writes())
		})
	}
}

// TestActionsDescribeThemselves holds every action to what users and rules need.
func TestActionsDescribeThemselves(t *testing.T) {
	for _, a := range Actions() {
		require.NotEmpty(t, a.Name())
		require.NotEmpty(t, a.Doc())
		require.NotEmpty(t, a.Settles(), a.Name())
		require.NotEmpty(t, a.Permissions().Writes, a.Name())
		for _, p := range append(a.Permissions().Reads, a.Permissions().Writes...) {
			require.Regexp(t, `^[a-z]+:[A-Z]\w+$`, p)
			require.NotContains(t, []string{"secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"}, p)
		}
		covered := false
		for _, r := range repairs() {
			covered = covered || r.action.Name() == a.Name()
		}
		require.True(t, covered, "%s has no case in repairs()", a.Name())
		for _, s := range a.Settings() {
			require.NotEmpty(t, s.Doc, s.Name)
			require.False(t, strings.Contains(s.Name, "."), s.Name)
		}
	}
}

// TestInterrupted stops a run between and in its changes.
func TestInterrupted(t *testing.T) {
	for _, r := range repairs() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, r)
			p := b.planned(t)
			ctx, cancel := context.WithCancel(t.Context())
			e := b.engine()
			e.Fault = func(point string) {
				if strings.HasPrefix(point, "before call") {
					cancel() // while the first write is on its way
				}
			}
			out, err := e.Apply(ctx, run, p)
			require.NoError(t, err)
			require.True(t, out.Interrupted)
			made := 0
			for _, n := range b.writes() {
				made += n
			}
			require.Equal(t, 1, made, "the call in hand is not cut short, and no other is begun")
			out, err = b.engine().Resume(t.Context(), run)
			require.NoError(t, err)
			require.Equal(t, model.StepVerified, out.Run.Records[0].State, b.everything(t))
			require.Equal(t, r.apply, b.writes(), "nothing is made twice")
		})
	}
}
