package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/ledger"
)

// TestMistypedLedger: what reads a ledger makes none.
func TestMistypedLedger(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "mistyped.db")
	for _, args := range [][]string{
		{"remediate", "undo", "last"}, {"remediate", "undo", "last", "--yes"}, {"remediate", "resume"}, {"remediate", "resume", "fix-1"}, {"remediate", "status"},
		{"history"}, {"report"}, {"drift"}, {"dr", "--lose", "eu-west-1", "--run", "last"}, {"ledger", "verify"}, {"ledger", "prune", "--older-than", "400d"},
		{"evidence", "export", "-o", filepath.Join(dir, "b.zip")}, {"remediate", "plan", "--run", "last"},
	} {
		code, stdout, stderr := keyproof(t, append(args, "--ledger", path)...)
		require.Equal(t, 1, code, args)
		require.Empty(t, stdout, args)
		require.Contains(t, stderr, "there is no ledger at "+path, args)
		list, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, list, args)
	}
}

// TestMistakenLease says whose lease was not waited for.
func TestMistakenLease(t *testing.T) {
	l, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "l.db"))
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	l.Now = func() time.Time { return scriptNow.AddDate(3, 0, 0) }
	_, err = l.Acquire(t.Context(), "remediate/1", "jane", time.Minute)
	require.NoError(t, err)
	l.Now = func() time.Time { return scriptNow }
	said := ""
	_, err = journal{l, func(text string) { said += text }}.Acquire(t.Context(), "remediate/1", "bob", time.Minute)
	require.NoError(t, err)
	require.Equal(t, `jane had the lease "remediate/1" until 2029-03-14T09:27:53Z, which is so far ahead that a clock must have been wrong: it counts as dead`, said)
}
