package ledger

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// partSpool keeps the parts of a body in a temporary file until they are added
// in one short transaction: other processes wait for that only.
type partSpool struct {
	file  *os.File // unlinked
	w     *bufio.Writer
	sizes []int
}

func newPartSpool() (*partSpool, error) {
	f, err := os.CreateTemp("", "keyproof-*.blocks")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w; set TMPDIR to a writable directory", err)
	}
	_ = os.Remove(f.Name()) // without a name nothing is left behind; Close does it where that cannot be
	return &partSpool{file: f, w: bufio.NewWriterSize(f, 1<<16)}, nil
}

func (s *partSpool) put(raw []byte) error {
	s.sizes = append(s.sizes, len(raw))
	if _, err := s.w.Write(raw); err != nil {
		return spoolError(err)
	}
	return nil
}

func spoolError(err error) error {
	return fmt.Errorf("write the temporary file: %w; free space in its directory or set TMPDIR", err)
}

// parts returns what was put, numbered from first.
func (s *partSpool) parts(first int) iter.Seq2[part, error] {
	return func(yield func(part, error) bool) {
		if err := s.w.Flush(); err != nil {
			yield(part{}, spoolError(err))
			return
		}
		off := int64(0)
		for i, size := range s.sizes {
			raw := make([]byte, size)
			if _, err := s.file.ReadAt(raw, off); err != nil && !errors.Is(err, io.EOF) {
				yield(part{}, fmt.Errorf("read the temporary file: %w", err))
				return
			}
			off += int64(size)
			if !yield(part{first + i, raw}, nil) {
				return
			}
		}
	}
}

func (s *partSpool) close() error {
	err := os.Remove(s.file.Name())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(s.file.Close(), err)
}
