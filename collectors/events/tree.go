package events

import (
	"context"
	"io/fs"
	"path"
	"sync"
)

// distant is a file system in which listing takes long and can be done for many
// folders at a time: Ahead says for how many.
type distant interface{ Ahead() int }

// Walk goes over a file system in the order of its paths, as fs.WalkDir does, but
// lists the folders to come ahead of time where that pays. Of each file and folder
// skip is asked first, once: a folder that is skipped is not listed. found is
// called for each file, and with the error for each folder that could not be
// listed whole.
func Walk(ctx context.Context, fsys fs.FS, skip func(name string, entry fs.DirEntry) bool, found func(name string, entry fs.DirEntry, err error) error) error {
	w := walker{fsys: fsys, skip: skip, found: found}
	if d, ok := fsys.(distant); ok {
		w.ahead = d.Ahead()
	}
	return w.folder(ctx, ".", w.list("."))
}

type walker struct {
	fsys  fs.FS
	ahead int
	skip  func(string, fs.DirEntry) bool
	found func(string, fs.DirEntry, error) error
}

type listing func() ([]fs.DirEntry, error)

// list lists a folder when it is called for, or from now on.
func (w *walker) list(name string) listing {
	l := sync.OnceValues(func() ([]fs.DirEntry, error) { return fs.ReadDir(w.fsys, name) })
	if w.ahead > 0 {
		go func() { _, _ = l() }() // whoever calls for it has the error
	}
	return l
}

func (w *walker) folder(ctx context.Context, name string, list listing) error {
	entries, err := list()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		if err := w.found(name, nil, err); err != nil {
			return err
		}
	}
	kept, folders := entries[:0:0], []string(nil)
	for _, e := range entries {
		full := path.Join(name, e.Name())
		if w.skip(full, e) {
			continue
		}
		kept = append(kept, e)
		if e.IsDir() {
			folders = append(folders, full)
		}
	}
	coming := make([]listing, 0, w.ahead+1) // of folders, in order
	started, done := 0, 0
	for _, e := range kept {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !e.IsDir() {
			if err := w.found(path.Join(name, e.Name()), e, nil); err != nil {
				return err
			}
			continue
		}
		for ; started < len(folders) && started <= done+w.ahead; started++ {
			coming = append(coming, w.list(folders[started]))
		}
		next := coming[0]
		coming = coming[1:]
		done++
		if err := w.folder(ctx, folders[done-1], next); err != nil {
			return err
		}
	}
	return nil
}
