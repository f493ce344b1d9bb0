package needs

import (
	"os"
	"path/filepath"
	"testing"
)

// Axe returns the path of axe-core's script ($KEYPROOF_AXE, or where `npm install
// --prefix .ci axe-core` puts it), or skips the test. root is the top folder of
// the repository.
func Axe(t testing.TB, root string) string {
	t.Helper()
	path := os.Getenv("KEYPROOF_AXE")
	if path == "" {
		path = filepath.Join(root, ".ci", "node_modules", "axe-core", "axe.min.js")
	}
	if _, err := os.Stat(path); err != nil {
		missing(t, "axe-core is not there: npm install --no-save --prefix .ci axe-core@4.14.1")
	}
	return path
}
