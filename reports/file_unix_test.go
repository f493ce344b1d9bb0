//go:build unix

package reports_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/reports"
)

// A pipe of the test's own stands for what is not a regular file. Never test
// this on a device of the machine: a defect would replace it for everyone.
func TestWriteFileWritesToAPipeAsItIs(t *testing.T) {
	f, _ := reports.Find("text")
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	got := make(chan string, 1)
	go func() {
		raw, _ := os.ReadFile(pipe)
		got <- string(raw)
	}()
	require.NoError(t, reports.WriteFile(pipe, f, theReport(), reports.Options{}))
	info, err := os.Stat(pipe)
	require.NoError(t, err)
	require.Equal(t, os.ModeNamedPipe, info.Mode().Type(), "what is not a file must not be replaced by one")
	require.Equal(t, write(t, "text", theReport(), reports.Options{}), <-got)
}
