package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

// TestWhichRun finds the run that undo and resume are about, in a ledger with runs
// that changed something, nothing, were given up, and were pruned.
func TestWhichRun(t *testing.T) {
	l, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "l.db"))
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	at := scriptNow.AddDate(-1, 0, 0)
	l.Now = func() time.Time { return at }
	write := func(run string, change string, state model.StepState, detail, data string) {
		at = at.Add(time.Minute)
		require.NoError(t, l.Append(t.Context(), model.JournalEntry{
			At: at, Run: run, Change: model.ChangeID(change), State: state, Detail: detail, Data: []byte(data),
		}))
	}
	planned := func(run, change string) {
		write(run, "", model.StepPlanned, "", `{"by":"jane","changes":[{"id":"`+change+`"}]}`)
	}
	made := func(run, change string, state model.StepState) {
		planned(run, change)
		write(run, change, model.StepStarted, "", `{"before":{"x":1},"by":"jane as arn:aws:iam::111122223333:role/Repair"}`)
		write(run, change, state, "", "null")
	}
	made("fix-old", "chg-old", model.StepVerified)
	_, err = l.Prune(t.Context(), scriptNow, false)
	require.NoError(t, err)
	at = scriptNow
	made("fix-a", "chg-1", model.StepVerified)
	find := func(name string, wanted func(*remediator.Run) bool) string {
		run, only, err := findRun(t.Context(), journal{Ledger: l}, name, wanted)
		require.NoError(t, err)
		if run == nil {
			return "none"
		}
		if len(only) > 0 {
			return run.ID + " " + string(only[0])
		}
		return run.ID
	}
	require.Equal(t, "fix-a", find("last", undoable))
	require.Equal(t, "fix-a chg-1", find("chg-1", undoable))
	require.Equal(t, "fix-old chg-old", find("chg-old", undoable), "it is named, and said to be pruned")
	run, _, err := findRun(t.Context(), journal{Ledger: l}, "fix-old", undoable)
	require.NoError(t, err)
	require.ErrorContains(t, notPruned(run), "the details of run fix-old were pruned from the ledger")

	planned("fix-b", "chg-1")
	write("fix-b", "chg-1", model.StepSkipped, "it is so already: nothing was written", "null")
	require.Equal(t, "fix-a", find("last", undoable), "fix-b changed nothing")
	require.Equal(t, "fix-a chg-1", find("chg-1", undoable), "where it was made")
	made("fix-c", "chg-2", model.StepUndone)
	require.Equal(t, "fix-c", find("last", undoable), "undo said twice does not go on to fix-a")
	require.Equal(t, "fix-c chg-2", find("chg-2", undoable))
	planned("fix-d", "chg-3")
	require.Equal(t, "fix-d", find("last", undoable), "it can be given up")
	write("fix-d", "chg-3", model.StepSkipped, remediator.GivenUp, "null")
	require.Equal(t, "fix-d", find("last", undoable), "it was")
	require.Equal(t, "fix-d chg-3", find("chg-3", undoable), "status shows what was never begun")
	require.Equal(t, "none", find("last", func(r *remediator.Run) bool { return !r.Ended }))

	runs, err := remediator.Runs(t.Context(), journal{Ledger: l})
	require.NoError(t, err)
	require.Len(t, runs, 5, "a run that was pruned keeps no other from being read")
	require.True(t, runs[0].Pruned)
	require.Equal(t, "jane as arn:aws:iam::111122223333:role/Repair", runs[1].Records[0].By)
}
