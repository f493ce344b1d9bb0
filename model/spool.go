package model

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"sync"
)

// Spool keeps resources outside memory while they are collected, and gives them
// back sorted and merged. Only an index stays in memory (an ID and two numbers
// a resource). It is safe for concurrent use.
type Spool struct {
	mu    sync.Mutex
	file  *os.File // unlinked temporary file
	size  int64
	index []spooled
	dirty bool // not sorted since the last Append
}

type spooled struct {
	id  ResourceID
	off int64
	len int
}

// NewSpool makes an empty spool in the directory dir, or in the system's
// temporary directory when dir is empty.
func NewSpool(dir string) (*Spool, error) {
	f, err := os.CreateTemp(dir, "keyproof-*.spool")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w; set TMPDIR to a writable directory", err)
	}
	// Without a name nothing is left behind, whatever ends the process. Where
	// an open file cannot be removed, Close does it.
	_ = os.Remove(f.Name())
	return &Spool{file: f}, nil
}

// Append adds a resource. Resources with the same ID are merged when they are
// read.
func (s *Spool) Append(r *Resource) error {
	raw, err := r.MarshalJSON() // which json.Marshal would check and copy
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.file.WriteAt(raw, s.size); err != nil {
		return fmt.Errorf("write the temporary file: %w; free space in its directory or set TMPDIR", err)
	}
	s.index = append(s.index, spooled{r.ID, s.size, len(raw)})
	s.size += int64(len(raw))
	s.dirty = true
	return nil
}

// Resources returns the resources sorted by ID, merged. Appending while the
// sequence is read is not allowed.
func (s *Spool) Resources() iter.Seq2[*Resource, error] {
	return s.Outlines(func(ResourceID) bool { return true })
}

// Outlines is like Resources, but decodes the bodies only of those resources
// for which full answers true; see Snapshot.Outlines.
func (s *Spool) Outlines(full func(ResourceID) bool) iter.Seq2[*Resource, error] {
	return func(yield func(*Resource, error) bool) {
		s.sort()
		var buf bytes.Buffer
		for i := 0; i < len(s.index); {
			r, err := s.read(s.index[i], full, &buf)
			for i++; err == nil && i < len(s.index) && s.index[i].id == r.ID; i++ {
				var more *Resource
				if more, err = s.read(s.index[i], full, &buf); err == nil {
					err = r.Merge(more)
				}
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func (s *Spool) sort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.dirty {
		return
	}
	slices.SortFunc(s.index, func(a, b spooled) int {
		return cmp.Or(a.id.Compare(b.id), cmp.Compare(a.off, b.off))
	})
	s.dirty = false
}

func (s *Spool) read(at spooled, full func(ResourceID) bool, buf *bytes.Buffer) (*Resource, error) {
	buf.Reset()
	if _, err := io.Copy(buf, io.NewSectionReader(s.file, at.off, int64(at.len))); err != nil {
		return nil, fmt.Errorf("read the temporary file: %w", err)
	}
	// It is the spool's own text: there is no need to validate it first.
	r := new(Resource)
	err := r.readOutline(buf.Bytes())
	if err == nil && full(at.id) {
		err = r.ReadBody()
	}
	if err != nil {
		return nil, fmt.Errorf("read %s back: %w", at.id, err)
	}
	return r, nil
}

// Close frees the temporary file.
func (s *Spool) Close() error {
	err := os.Remove(s.file.Name())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(s.file.Close(), err)
}
