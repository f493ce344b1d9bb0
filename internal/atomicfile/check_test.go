package atomicfile

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCheck: what Write would refuse is refused in the same words, and nothing is
// left or altered.
func TestCheck(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("sub", 0o755))
	require.NoError(t, os.WriteFile("old", []byte("old"), 0o644))
	require.NoError(t, syscall.Mkfifo("pipe", 0o600))
	for _, path := range []string{"missing/file", "old/file", "sub"} {
		want := Write(path, text("x"))
		require.EqualError(t, Check(path), want.Error())
	}
	require.NoError(t, Check("old"))
	require.NoError(t, Check("new"))
	require.NoError(t, Check(filepath.Join("sub", "new")))
	asked := make(chan error, 1)
	go func() { asked <- Check("pipe") }()
	select {
	case err := <-asked:
		require.NoError(t, err)
	case <-time.After(5 * time.Second):
		t.Fatal("Check waits for somebody to read the pipe")
	}
	requireNames(t, "old", "pipe", "sub")
	requireFile(t, "old", "old", 0o644)
}
