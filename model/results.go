package model

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// Judged is all results of one resource, in the order of the rules.
type Judged struct {
	Resource ResourceID
	Name     string
	Origin   Origin
	Gap      bool
	Results  []Result
}

// ResultSpool keeps results outside memory, in the order of appending. It is
// not safe for concurrent use.
type ResultSpool struct {
	file *os.File // unlinked temporary file
	w    *bufio.Writer
	rank map[RuleID]int
	ids  []RuleID
}

// The written form of Judged: a letter for each status, and details only where
// there are any, since most results have none.
type wireJudged struct {
	Resource ResourceID           `json:"r"`
	Name     string               `json:"n,omitempty"`
	Origin   *Origin              `json:"o,omitempty"`
	Gap      bool                 `json:"g,omitempty"`
	Rules    []int                `json:"i"`
	Statuses string               `json:"s"`
	Details  map[int]*wireDetails `json:"d,omitempty"` // by place in Rules
}

type wireDetails struct {
	Findings      []Finding          `json:"f,omitempty"`
	Unknown       map[string]Unknown `json:"u,omitempty"`
	NotApplicable []string           `json:"n,omitempty"`
	Overrides     []int              `json:"o,omitempty"`
	Waiver        *Waiver            `json:"w,omitempty"`
}

var statusLetters = map[Status]byte{StatusUnknown: 'u', StatusFail: 'f', StatusPass: 'p', StatusNotApplicable: 'n', StatusWaived: 'w'}

// NewResultSpool makes an empty spool in the directory dir, or in the system's
// temporary directory when dir is empty.
func NewResultSpool(dir string) (*ResultSpool, error) {
	f, err := os.CreateTemp(dir, "keyproof-*.results")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w; set TMPDIR to a writable directory", err)
	}
	_ = os.Remove(f.Name()) // see NewSpool
	return &ResultSpool{file: f, w: bufio.NewWriterSize(f, 1<<16), rank: map[RuleID]int{}}, nil
}

// Append adds the results of one resource.
func (s *ResultSpool) Append(j *Judged) error {
	w := wireJudged{Resource: j.Resource, Name: j.Name, Gap: j.Gap}
	if j.Origin != (Origin{}) {
		w.Origin = &j.Origin
	}
	statuses := make([]byte, 0, len(j.Results))
	for i := range j.Results {
		r := &j.Results[i]
		w.Rules = append(w.Rules, s.number(r.Rule))
		letter := statusLetters[r.Status]
		if letter == 0 {
			letter = statusLetters[StatusUnknown]
		}
		statuses = append(statuses, letter)
		if len(r.Findings)+len(r.Unknown)+len(r.NotApplicable)+len(r.Overrides) > 0 || r.Waiver != nil {
			if w.Details == nil {
				w.Details = map[int]*wireDetails{}
			}
			w.Details[i] = &wireDetails{r.Findings, r.Unknown, r.NotApplicable, r.Overrides, r.Waiver}
		}
	}
	w.Statuses = string(statuses)
	raw, err := json.Marshal(w)
	if err != nil {
		return err
	}
	if _, err := s.w.Write(append(raw, '\n')); err != nil {
		return fmt.Errorf("write the temporary file: %w; free space in its directory or set TMPDIR", err)
	}
	return nil
}

func (s *ResultSpool) number(id RuleID) int {
	n, ok := s.rank[id]
	if !ok {
		n = len(s.ids)
		s.rank[id] = n
		s.ids = append(s.ids, id)
	}
	return n
}

// Results returns all results in the order of appending. Appending while the
// sequence is read is not allowed.
func (s *ResultSpool) Results() iter.Seq2[*Result, error] {
	return func(yield func(*Result, error) bool) {
		if err := s.w.Flush(); err != nil {
			yield(nil, fmt.Errorf("write the temporary file: %w; free space in its directory or set TMPDIR", err))
			return
		}
		dec := json.NewDecoder(bufio.NewReaderSize(io.NewSectionReader(s.file, 0, 1<<62), 1<<16))
		for {
			var w wireJudged
			err := dec.Decode(&w)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("read the results back: %w", err))
				return
			}
			for i := range w.Rules {
				if !yield(s.result(&w, i), nil) {
					return
				}
			}
		}
	}
}

func (s *ResultSpool) result(w *wireJudged, i int) *Result {
	r := &Result{Rule: s.ids[w.Rules[i]], Resource: w.Resource, Name: w.Name, Origin: w.Origin, Gap: w.Gap}
	for status, letter := range statusLetters {
		if letter == w.Statuses[i] {
			r.Status = status
		}
	}
	if d := w.Details[i]; d != nil {
		r.Findings, r.Unknown, r.NotApplicable = d.Findings, d.Unknown, d.NotApplicable
		r.Overrides, r.Waiver = d.Overrides, d.Waiver
	}
	return r
}

// Close frees the temporary file.
func (s *ResultSpool) Close() error {
	err := os.Remove(s.file.Name())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(s.file.Close(), err)
}
