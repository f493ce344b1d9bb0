package events

import (
	"errors"
	"io/fs"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// far is a file system that takes its time to list.
type far struct {
	fstest.MapFS
	ahead     int
	mu        sync.Mutex
	now, most int
	broken    string
	listed    []string
}

func (f *far) Ahead() int { return f.ahead }

func (f *far) ReadDir(name string) ([]fs.DirEntry, error) {
	f.mu.Lock()
	f.now++
	f.most = max(f.most, f.now)
	f.listed = append(f.listed, name)
	f.mu.Unlock()
	time.Sleep(2 * time.Millisecond)
	f.mu.Lock()
	f.now--
	f.mu.Unlock()
	entries, err := f.MapFS.ReadDir(name)
	if name == f.broken {
		return entries[:1], errors.New("broken")
	}
	return entries, err
}

// TestWalk goes the way of fs.WalkDir, whether folders are listed ahead or not.
func TestWalk(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"a.json", "b/x/1", "b/x/2", "b/y/1", "b/z", "c/1/1/1", "c/1/2/1", "c/2/1/1", "c/3/1/1", "d", "e/skipped/1"} {
		files[name] = &fstest.MapFile{}
	}
	var want []string
	require.NoError(t, fs.WalkDir(files, ".", func(path string, d fs.DirEntry, _ error) error {
		if !d.IsDir() && path != "e/skipped/1" {
			want = append(want, path)
		}
		return nil
	}))
	for _, ahead := range []int{0, 1, 3, 20} {
		f := &far{MapFS: files, ahead: ahead}
		var got []string
		asked := map[string]int{}
		err := Walk(t.Context(), f, func(name string, _ fs.DirEntry) bool {
			asked[name]++
			return name == "e/skipped"
		}, func(name string, entry fs.DirEntry, err error) error {
			require.NoError(t, err)
			require.False(t, entry.IsDir())
			got = append(got, name)
			return nil
		})
		require.NoError(t, err)
		assert.Equal(t, want, got)
		assert.LessOrEqual(t, f.most, 1+ahead*3, "ahead %d", ahead)
		assert.Equal(t, ahead > 0, f.most > 1)
		for name, n := range asked {
			assert.Equal(t, 1, n, name)
		}
		assert.NotContains(t, f.listed, "e/skipped")
	}

	// What could be listed of a folder counts, and the error is told.
	f := &far{MapFS: files, broken: "b/x"}
	var told []string
	require.NoError(t, Walk(t.Context(), f, func(string, fs.DirEntry) bool { return false }, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || name == "b/x/1" || name == "b/x/2" {
			told = append(told, name)
		}
		return nil
	}))
	assert.Equal(t, []string{"b/x", "b/x/1"}, told)
	stop := errors.New("stop")
	require.ErrorIs(t, Walk(t.Context(), &far{MapFS: files, ahead: 4}, func(string, fs.DirEntry) bool { return false },
		func(string, fs.DirEntry, error) error { return stop }), stop)
}
