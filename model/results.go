package model

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// ResultSpool keeps results outside memory, in the order of appending. It is
// not safe for concurrent use.
type ResultSpool struct {
	file *os.File // unlinked temporary file
	w    *bufio.Writer
	enc  *judgedEncoder
	// lists are the lists of rules that were seen: one a kind, for resources of a
	// kind are judged by the same rules.
	lists [][]RuleID
}

// NewResultSpool makes an empty spool in the directory dir, or in the system's
// temporary directory when dir is empty.
func NewResultSpool(dir string) (*ResultSpool, error) {
	f, err := os.CreateTemp(dir, "keyproof-*.results")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w; set TMPDIR to a writable directory", err)
	}
	_ = os.Remove(f.Name()) // see NewSpool
	return &ResultSpool{file: f, w: bufio.NewWriterSize(f, 1<<16), enc: newJudgedEncoder()}, nil
}

// Append adds the results of one resource.
func (s *ResultSpool) Append(j *Judged) error {
	raw, err := s.enc.encode(j, s.list(j.Rules))
	if err != nil {
		return fmt.Errorf("write the results of %s: %w", j.Resource, err)
	}
	if _, err := s.w.Write(raw); err != nil {
		return fmt.Errorf("write the temporary file: %w; free space in its directory or set TMPDIR", err)
	}
	return nil
}

// Flush writes what is held back, so that an error shows now and not when
// somebody reads.
func (s *ResultSpool) Flush() error {
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("write the temporary file: %w; free space in its directory or set TMPDIR", err)
	}
	return nil
}

// list is the number of a list of rules.
func (s *ResultSpool) list(rules []RuleID) int {
	for n, list := range s.lists {
		if sameRules(list, rules) {
			return n
		}
	}
	s.lists = append(s.lists, rules)
	return len(s.lists) - 1
}

func sameRules(a, b []RuleID) bool {
	if len(a) != len(b) {
		return false
	}
	if len(a) == 0 || &a[0] == &b[0] {
		return true
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Results returns all results in the order of appending. Appending while the
// sequence is read is not allowed.
func (s *ResultSpool) Results() iter.Seq2[*Result, error] {
	return func(yield func(*Result, error) bool) {
		if err := s.Flush(); err != nil {
			yield(nil, err)
			return
		}
		dec := newJudgedDecoder(io.NewSectionReader(s.file, 0, 1<<62), s.lists)
		for {
			j, err := dec.decode()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("read the results back: %w", err))
				return
			}
			for place := range j.Rules {
				if !yield(j.result(place), nil) {
					return
				}
			}
		}
	}
}

// Close frees the temporary file.
func (s *ResultSpool) Close() error {
	err := os.Remove(s.file.Name())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(s.file.Close(), err)
}
