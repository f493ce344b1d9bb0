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

	"github.com/keyproof/keyproof/internal/atomicfile"
	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
)

const (
	snapshotSuffix = ".ndjson.zst" // as of `keyproof scan --save`, which the files are
	rulesSuffix    = ".rules"
	incoming       = "incoming-" // begins the name of a file that is being written
)

// snapshotDir is the folder of the snapshots, beside the file of the ledger.
func (l *Ledger) snapshotDir() string { return l.path + ".snapshots" }

func (l *Ledger) snapshotPath(h Hash) string {
	return filepath.Join(l.snapshotDir(), h.String()+snapshotSuffix)
}

func (l *Ledger) rulesPath(h Hash) string {
	return filepath.Join(l.snapshotDir(), h.String()+rulesSuffix)
}

// filesOf are the paths of the files that a run refers to.
func (l *Ledger) filesOf(run *Run) (list []string) {
	if run.Snapshot != nil {
		list = append(list, l.snapshotPath(*run.Snapshot))
	}
	if run.Rules != nil {
		list = append(list, l.rulesPath(*run.Rules))
	}
	return list
}

func (l *Ledger) keepSnapshot(snap *model.Snapshot) (Hash, error) {
	return l.keep(snapshotSuffix, func(path string) error { return snapfile.Write(path, snap) })
}

// keepRules stores rules once, however many runs are judged with them.
func (l *Ledger) keepRules(rules []byte) (Hash, error) {
	hash := Hash(sha256.Sum256(rules))
	if have, err := hashFile(l.rulesPath(hash)); err == nil && have == hash {
		return hash, nil
	}
	return l.keep(rulesSuffix, func(path string) error {
		return atomicfile.Write(path, func(w io.Writer) error {
			_, err := w.Write(rules)
			return err
		})
	})
}

// keep saves a file under the name of its own hash. It is on the disk when it
// returns.
func (l *Ledger) keep(suffix string, write func(path string) error) (hash Hash, err error) {
	dir := l.snapshotDir()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return hash, explainFile(dir, err)
	}
	// A name that nobody else has; write replaces the file by a whole one.
	f, err := os.CreateTemp(dir, incoming+"*"+suffix)
	if err != nil {
		return hash, explainFile(dir, err)
	}
	defer os.Remove(f.Name()) // what stays when the process ends before, Prune sweeps
	if err := f.Close(); err != nil {
		return hash, explainFile(dir, err)
	}
	if err := write(f.Name()); err != nil {
		return hash, fmt.Errorf("record the run: %w", err)
	}
	l.at("snapshot-written")
	if hash, err = hashFile(f.Name()); err != nil {
		return hash, explainFile(dir, err)
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, hash.String()+suffix)); err != nil {
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
	return check(run, l.snapshotPath(*run.Snapshot), *run.Snapshot)
}

// check says what is wrong with a file that a run rests on; nil for nothing.
func check(run *Run, path string, want Hash) error {
	broken := &BrokenError{Table: "snapshots", Row: filepath.Base(path)}
	switch hash, err := hashFile(path); {
	case errors.Is(err, fs.ErrNotExist):
		broken.What = fmt.Sprintf("the file is gone, and run %s rests on it", run.ID)
	case err != nil:
		broken.What = err.Error()
	case hash != want:
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
	path, err := l.SnapshotFile(ctx, id)
	if err != nil {
		return nil, err
	}
	return snapfile.Open(path)
}

// SnapshotFile is the path of the stored snapshot of a run, after having made sure
// that it is the one that was recorded.
func (l *Ledger) SnapshotFile(ctx context.Context, id RunID) (string, error) {
	run, err := l.Run(ctx, string(id))
	switch {
	case err != nil:
		return "", err
	case run.Pruned:
		return "", fmt.Errorf("the snapshot of run %s: %w", run.ID, ErrPruned)
	case run.Snapshot == nil:
		return "", fmt.Errorf("run %s was recorded without its snapshot", run.ID)
	}
	return l.snapshotPath(*run.Snapshot), l.checkSnapshot(&run)
}

// Rules returns the rules and settings of a run as they were recorded, after
// having made sure of it.
func (l *Ledger) Rules(ctx context.Context, id RunID) ([]byte, error) {
	run, err := l.Run(ctx, string(id))
	switch {
	case err != nil:
		return nil, err
	case run.Pruned:
		return nil, fmt.Errorf("the rules of run %s: %w", run.ID, ErrPruned)
	case run.Rules == nil:
		return nil, fmt.Errorf("run %s was recorded without its rules", run.ID)
	}
	if err := check(&run, l.rulesPath(*run.Rules), *run.Rules); err != nil {
		return nil, err
	}
	return os.ReadFile(l.rulesPath(*run.Rules))
}
