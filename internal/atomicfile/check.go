package atomicfile

import (
	"fmt"
	"os"
	"path/filepath"
)

// Check says, in the words of Write, why a file could not be written at path. It is
// for before long work whose result would be lost. It leaves nothing behind, and
// does not open a device or a pipe, since whoever reads a pipe would see its end.
func Check(path string) error {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		target = path
	}
	switch info, err := os.Stat(target); {
	case err != nil:
	case info.IsDir():
		return fmt.Errorf("write %s: it is a directory: name a file in it", path)
	case !info.Mode().IsRegular():
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(target), ".keyproof-*.tmp")
	if err != nil {
		return explain(path, err)
	}
	_ = f.Close() // nothing was written
	return os.Remove(f.Name())
}
