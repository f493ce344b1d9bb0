package atomicfile

import (
	"os"
	"path/filepath"
)

// Check says, in the words of Write, why a file could not be written at path. It is
// for before long work whose result would be lost. It leaves nothing behind, and
// does not open a device or a pipe, since whoever reads a pipe would see its end.
func Check(path string) error {
	target, mode, err := follow(path)
	if err != nil || !mode.IsRegular() {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(target), ".keyproof-*.tmp")
	if err != nil {
		return explain(path, err)
	}
	_ = f.Close() // nothing was written
	return os.Remove(f.Name())
}
