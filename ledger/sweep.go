package ledger

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// grace is how old a file must be that no run refers to, before it is taken for
// what an ended process left: another process may be about to record its run.
const grace = time.Hour

// sweep deletes snapshots that only pruned runs refer to, and what processes
// that ended in the middle left. It returns how many bytes that were.
//
// It keeps others from writing meanwhile: AppendRun makes sure in its own
// transaction that the file is there.
func (l *Ledger) sweep(ctx context.Context, p *Pruning) (freed int64, err error) {
	err = l.writing(ctx, func(conn *sql.Conn) error {
		needed, pruned, err := l.references(ctx, conn)
		if err != nil {
			return err
		}
		files, err := os.ReadDir(l.snapshotDir())
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return explainFile(l.snapshotDir(), err)
		}
		for _, f := range files {
			info, err := f.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // it has another name by now
			}
			if err != nil {
				return explainFile(l.snapshotDir(), err)
			}
			ours := strings.HasPrefix(f.Name(), incoming) || strings.HasPrefix(f.Name(), ".keyproof-") || strings.HasSuffix(f.Name(), snapshotSuffix) || strings.HasSuffix(f.Name(), rulesSuffix)
			if needed[f.Name()] || !ours || !pruned[f.Name()] && time.Since(info.ModTime()) < grace {
				continue
			}
			if err := os.Remove(filepath.Join(l.snapshotDir(), f.Name())); err != nil {
				return explainFile(l.snapshotDir(), err)
			}
			p.Files++
			freed += info.Size()
		}
		return nil
	})
	return freed, err
}

// references are the names of the files of runs that have their bodies, and
// of those that were pruned.
func (l *Ledger) references(ctx context.Context, conn *sql.Conn) (needed, pruned map[string]bool, err error) {
	list, err := l.runs(ctx, conn, selectRuns)
	if err != nil {
		return nil, nil, err
	}
	needed, pruned = map[string]bool{}, map[string]bool{}
	for i := range list {
		for _, path := range l.filesOf(&list[i]) {
			if list[i].Pruned {
				pruned[filepath.Base(path)] = true
			} else {
				needed[filepath.Base(path)] = true
			}
		}
	}
	return needed, pruned, nil
}
