// Package needs is for tests that need more than Go: they are skipped with a
// printed reason where it is missing, and fail instead where KEYPROOF_REQUIRE
// is set, so that nothing is skipped unseen.
package needs

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Program returns the path of a program, or skips the test.
func Program(t testing.TB, name, install string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, "%s is not installed: %s", name, install)
	}
	return path
}

// Shared returns the path of a file of the collection of samples that lies
// beside a checkout for developers ($KEYPROOF_SHARED), or skips the test.
func Shared(t testing.TB, root string, name ...string) string {
	t.Helper()
	dir := os.Getenv("KEYPROOF_SHARED")
	if dir == "" {
		dir = filepath.Join(root, "..", "shared")
	}
	path, err := filepath.Abs(filepath.Join(append([]string{dir}, name...)...))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		missing(t, "%s is not there: set KEYPROOF_SHARED to the collection of samples", filepath.Join(name...))
	}
	return path
}

func missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("KEYPROOF_REQUIRE") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}
