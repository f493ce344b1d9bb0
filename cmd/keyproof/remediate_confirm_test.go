package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAgreed: only the whole word is yes, and neither the end of the input nor
// Ctrl-C is.
func TestAgreed(t *testing.T) {
	for answer, want := range map[string]bool{
		"yes\n": true, " yes \r\n": true, "yes": true, "": false, "\n": false, "y\n": false, "YES\n": false, "yes!\n": false, "no\nyes\n": false,
	} {
		require.Equal(t, want, agreed(t.Context(), strings.NewReader(answer)), "%q", answer)
	}
	require.False(t, agreed(t.Context(), iotest.ErrReader(io.ErrUnexpectedEOF)))

	ctx, cancel := context.WithCancel(t.Context())
	in, typed := io.Pipe()
	ended := make(chan bool, 1)
	go func() { ended <- agreed(ctx, in) }()
	cancel()
	select {
	case got := <-ended:
		require.False(t, got)
	case <-time.After(10 * time.Second):
		t.Fatal("Ctrl-C at the question waits for a line")
	}
	require.NoError(t, typed.Close())
	require.False(t, agreed(ctx, strings.NewReader("yes\n")), "what is typed after Ctrl-C is no answer")
}

// TestForgedLines: what is put into a line cannot end it.
func TestForgedLines(t *testing.T) {
	require.Equal(t, "a\\n1 planned: b\n   undo: x\\x1b[2J", cleanf("%s: %s\n   undo: %s", "a\n1 planned", "b", "x\x1b[2J"))
	require.Equal(t, "3 EOF\\n [a]", cleanf("%d %v %v", 3, &named{"EOF\n"}, []string{"a"}))
}

type named struct{ text string }

func (n *named) Error() string { return n.text }
