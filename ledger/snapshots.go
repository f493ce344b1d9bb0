package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
)

const (
	snapshotSuffix = ".ndjson.zst" // as of `keyproof scan --save`, which the files are
	incoming       = "incoming-"   // begins the name of a file that is being written
)

// snapshotDir is the folder of the snapshots, beside the file of the ledger.
func (l *Ledger) snapshotDir() string { return l.path + ".snapshots" }

func (l *Ledger) snapshotPath(h Hash) string {
	return filepath.Join(l.snapshotDir(), h.String()+snapshotSuffix)
}

// keepSnapshot saves a snapshot under the name of its own hash. It is on the
// disk when it returns.
func (l *Ledger) keepSnapshot(snap *model.Snapshot) (hash Hash, err error) {
	dir := l.snapshotDir()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return hash, explainFile(dir, err)
	}
	// A name that nobody else has; snapfile replaces the file by a whole one.
	f, err := os.CreateTemp(dir, incoming+"*"+snapshotSuffix)
	if err != nil {
		return hash, explainFile(dir, err)
	}
	defer os.Remove(f.Name()) // what stays when the process ends before, Prune sweeps
	if err := f.Close(); err != nil {
		return hash, explainFile(dir, err)
	}
	if err := snapfile.Write(f.Name(), snap); err != nil {
		return hash, fmt.Errorf("record the run: %w", err)
	}
	l.at("snapshot-written")
	if hash, err = hashFile(f.Name()); err != nil {
		return hash, explainFile(dir, err)
	}
	if err := os.Rename(f.Name(), l.snapshotPath(hash)); err != nil {
		return hash, explainFile(dir, err)
	}
	l.at("snapshot-named")
	return hash, syncDir(dir)
}

func hashFile(path string) (h Hash, err error) {
	f, err := os.Open(path)
	if err != nil {
		return h, err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return h, err
	}
	return Hash(sum.Sum(nil)), nil
}

// checkSnapshot says what is wrong with a stored snapshot; nil for nothing.
func (l *Ledger) checkSnapshot(run *Run) error {
	path := l.snapshotPath(*run.Snapshot)
	broken := &BrokenError{Table: "snapshots", Row: filepath.Base(path)}
	switch hash, err := hashFile(path); {
	case errors.Is(err, fs.ErrNotExist):
		broken.What = fmt.Sprintf("the file is gone, and run %s rests on it", run.ID)
	case err != nil:
		broken.What = err.Error()
	case hash != *run.Snapshot:
		broken.What = fmt.Sprintf("the content has another hash, %s; run %s rests on it", hash, run.ID)
	default:
		return nil
	}
	return broken
}

// ErrPruned says that what is asked for was removed by retention.
var ErrPruned = errors.New("its results and its snapshot were pruned")

// Snapshot opens the snapshot of a run, after having made sure that it is the
// one that was recorded.
func (l *Ledger) Snapshot(ctx context.Context, id RunID) (*model.Snapshot, error) {
	run, err := l.Run(ctx, string(id))
	switch {
	case err != nil:
		return nil, err
	case run.Pruned:
		return nil, fmt.Errorf("the snapshot of run %s: %w", run.ID, ErrPruned)
	case run.Snapshot == nil:
		return nil, fmt.Errorf("run %s was recorded without its snapshot", run.ID)
	}
	if err := l.checkSnapshot(&run); err != nil {
		return nil, err
	}
	return snapfile.Open(l.snapshotPath(*run.Snapshot))
}
