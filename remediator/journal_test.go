package remediator

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// fileJournal is a journal in a file, for tests: the ledger's contract without its
// chain. Leases are held in memory, by this process alone.
type fileJournal struct {
	path string
	// broken makes Append fail; nil for never.
	broken func(model.JournalEntry) error
	mu     sync.Mutex
	leases map[string]string
}

func (j *fileJournal) Append(_ context.Context, e model.JournalEntry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		if err := j.broken(e); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(j.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(e)
	if err == nil {
		_, err = f.Write(append(raw, '\n'))
	}
	// A process that is killed leaves what it wrote to the kernel: no sync is needed.
	return errors.Join(err, f.Close())
}

func (j *fileJournal) Entries(_ context.Context, run string) iter.Seq2[model.JournalEntry, error] {
	return func(yield func(model.JournalEntry, error) bool) {
		f, err := os.Open(j.path)
		if errors.Is(err, os.ErrNotExist) {
			return
		}
		if err != nil {
			yield(model.JournalEntry{}, err)
			return
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var e model.JournalEntry
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				yield(e, err)
				return
			}
			if (run == "" || e.Run == run) && !yield(e, nil) {
				return
			}
		}
	}
}

func (j *fileJournal) Acquire(_ context.Context, name, holder string, _ time.Duration) (Lease, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if by := j.leases[name]; by != "" {
		return nil, fmt.Errorf("%s is held by %s", name, by)
	}
	if j.leases == nil {
		j.leases = map[string]string{}
	}
	j.leases[name] = holder
	return &memoryLease{j, name}, nil
}

// prune takes the details of all entries away, as the ledger's retention does.
func (j *fileJournal) prune(t testing.TB) {
	t.Helper()
	var text []byte
	for e, err := range j.Entries(t.Context(), "") {
		require.NoError(t, err)
		e.Detail, e.Data = "", nil
		raw, err := json.Marshal(e)
		require.NoError(t, err)
		text = append(append(text, raw...), '\n')
	}
	require.NoError(t, os.WriteFile(j.path, text, 0o600))
}

type memoryLease struct {
	j    *fileJournal
	name string
}

func (l *memoryLease) Renew(context.Context) error { return nil }

func (l *memoryLease) Release(context.Context) error {
	l.j.mu.Lock()
	defer l.j.mu.Unlock()
	delete(l.j.leases, l.name)
	return nil
}
