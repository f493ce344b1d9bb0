package model

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"sync"
)

// EventSpool keeps events outside memory and gives them back by their time, each
// once: two trails that deliver to one place record an event twice, with the same
// id. It is a merge sort: maxSpooled bytes of events are sorted in memory and
// written to a temporary file as one run, and reading merges the runs, each through
// a small buffer. It is safe for concurrent use while events are added.
type EventSpool struct {
	mu     sync.Mutex
	dir    string
	file   *os.File // unlinked; nil until there is a run
	size   int64
	runs   []run
	recent []spooledEvent // in memory
	bytes  int            // of recent
	max    int            // maxSpooled but for tests
	sorted bool           // recent is
}

// maxSpooled is how much text of events is sorted at once.
const maxSpooled = 32 << 20

// run is a sorted part of the file.
type run struct{ off, len int64 }

// spooledEvent is an event as text, with what it is sorted by.
type spooledEvent struct {
	time int64    // Unix seconds
	key  [16]byte // of account and id; of the whole text where there is no id
	line []byte
}

func (a *spooledEvent) compare(b *spooledEvent) int {
	return cmp.Or(cmp.Compare(a.time, b.time), bytes.Compare(a.key[:], b.key[:]), bytes.Compare(a.line, b.line))
}

// same tells an event that was recorded twice.
func (a *spooledEvent) same(b *spooledEvent) bool { return a.time == b.time && a.key == b.key }

// NewEventSpool makes an empty spool, whose file is made in the directory dir, or
// in the system's temporary directory when dir is empty, once it is needed.
func NewEventSpool(dir string) *EventSpool { return &EventSpool{dir: dir, max: maxSpooled} }

// Append adds an event.
func (s *EventSpool) Append(e *Event) error {
	line, err := e.Line()
	if err != nil {
		return err
	}
	kept := spooledEvent{time: e.Time.Unix(), line: line}
	of := line
	if id, ok := e.ID.Get(); ok && id != "" {
		of = []byte(e.Account.Or("") + "\x00" + id)
	}
	sum := sha256.Sum256(of)
	copy(kept.key[:], sum[:])
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recent, s.sorted = append(s.recent, kept), false
	if s.bytes += len(line); s.bytes >= s.max {
		return s.flush()
	}
	return nil
}

// sort brings what is in memory into order, each event once.
func (s *EventSpool) sort() {
	if !s.sorted {
		slices.SortFunc(s.recent, func(a, b spooledEvent) int { return a.compare(&b) })
		s.recent = slices.CompactFunc(s.recent, func(a, b spooledEvent) bool { return a.same(&b) })
		s.sorted = true
	}
}

// flush writes what is in memory as a run.
func (s *EventSpool) flush() error {
	s.sort()
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, "keyproof-*.events")
		if err != nil {
			return fmt.Errorf("make a temporary file: %w; set TMPDIR to a writable directory", err)
		}
		_ = os.Remove(f.Name()) // see NewSpool
		s.file = f
	}
	w := bufio.NewWriterSize(io.NewOffsetWriter(s.file, s.size), 256<<10)
	var n int64
	var head [28]byte
	for _, e := range s.recent {
		binary.BigEndian.PutUint64(head[:], uint64(e.time))
		copy(head[8:], e.key[:])
		binary.BigEndian.PutUint32(head[24:], uint32(len(e.line)))
		_, _ = w.Write(head[:]) // Flush reports it
		_, _ = w.Write(e.line)
		n += int64(len(head) + len(e.line))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the temporary file: %w; free space in its directory or set TMPDIR", err)
	}
	s.runs, s.size = append(s.runs, run{s.size, n}), s.size+n
	s.recent, s.bytes = nil, 0
	return nil
}

// Events returns the events by their time, each once. Appending while the sequence
// is read is not allowed.
func (s *EventSpool) Events() iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		var last *spooledEvent
		for e, err := range s.lines() {
			if err != nil {
				yield(nil, err)
				return
			}
			if last != nil && last.same(e) {
				continue
			}
			last = e
			event, err := ReadEvent(e.line)
			if err != nil {
				err = fmt.Errorf("read an event back: %w", err)
			}
			if !yield(event, err) || err != nil {
				return
			}
		}
	}
}

// Close frees the temporary file.
func (s *EventSpool) Close() error {
	if s.file == nil {
		return nil
	}
	err := os.Remove(s.file.Name())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(s.file.Close(), err)
}
