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
	// lists are the lists of rules that were seen: one a kind, for resources of a
	// kind are judged by the same rules.
	lists [][]RuleID
	enc   *json.Encoder // to w
	// Of the resource that is being appended; kept to be used again.
	statuses []byte
	details  []wireDetails
}

// The written form of Judged: a letter for each status, and details only where
// there are any, since most results have none.
type wireJudged struct {
	Resource ResourceID    `json:"r"`
	Name     string        `json:"n,omitempty"`
	Origin   *Origin       `json:"o,omitempty"`
	Gap      bool          `json:"g,omitempty"`
	Rules    int           `json:"i"` // which list
	Statuses string        `json:"s"`
	Details  []wireDetails `json:"d,omitempty"` // by place
}

type wireDetails struct {
	Place         int                `json:"p"` // in the list of rules
	Findings      []Finding          `json:"f,omitempty"`
	Unknown       map[string]Unknown `json:"u,omitempty"`
	NotApplicable []string           `json:"n,omitempty"`
	Overrides     []int              `json:"o,omitempty"`
	Waiver        *Waiver            `json:"w,omitempty"`
	Delta         Delta              `json:"c,omitempty"`
}

func statusLetter(s Status) byte {
	switch s {
	case StatusFail:
		return 'f'
	case StatusPass:
		return 'p'
	case StatusNotApplicable:
		return 'n'
	case StatusWaived:
		return 'w'
	default:
		return 'u'
	}
}

func letterStatus(letter byte) Status {
	for _, s := range Statuses() {
		if statusLetter(s) == letter {
			return s
		}
	}
	return StatusUnknown
}

// NewResultSpool makes an empty spool in the directory dir, or in the system's
// temporary directory when dir is empty.
func NewResultSpool(dir string) (*ResultSpool, error) {
	f, err := os.CreateTemp(dir, "keyproof-*.results")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w; set TMPDIR to a writable directory", err)
	}
	_ = os.Remove(f.Name()) // see NewSpool
	w := bufio.NewWriterSize(f, 1<<16)
	return &ResultSpool{file: f, w: w, enc: json.NewEncoder(w)}, nil
}

// Append adds the results of one resource.
func (s *ResultSpool) Append(j *Judged) error {
	w := wireJudged{Resource: j.Resource, Name: j.Name, Gap: j.Gap, Rules: s.list(j.Results)}
	if j.Origin != (Origin{}) {
		w.Origin = &j.Origin
	}
	s.statuses, s.details = s.statuses[:0], s.details[:0]
	for i := range j.Results {
		r := &j.Results[i]
		s.statuses = append(s.statuses, statusLetter(r.Status))
		if len(r.Findings)+len(r.Unknown)+len(r.NotApplicable)+len(r.Overrides)+len(r.Delta) > 0 || r.Waiver != nil {
			s.details = append(s.details, wireDetails{i, r.Findings, r.Unknown, r.NotApplicable, r.Overrides, r.Waiver, r.Delta})
		}
	}
	w.Statuses, w.Details = string(s.statuses), s.details
	if err := s.enc.Encode(&w); err != nil {
		return fmt.Errorf("write the temporary file: %w; free space in its directory or set TMPDIR", err)
	}
	return nil
}

// list is the number of the list of the results' rules.
func (s *ResultSpool) list(results []Result) int {
	for n, list := range s.lists {
		if sameRules(list, results) {
			return n
		}
	}
	list := make([]RuleID, len(results))
	for i := range results {
		list[i] = results[i].Rule
	}
	s.lists = append(s.lists, list)
	return len(s.lists) - 1
}

func sameRules(list []RuleID, results []Result) bool {
	for i := range min(len(list), len(results)) {
		if list[i] != results[i].Rule {
			return false
		}
	}
	return len(list) == len(results)
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
			details := w.Details
			for i, id := range s.lists[w.Rules] {
				r := &Result{Rule: id, Resource: w.Resource, Name: w.Name, Origin: w.Origin, Gap: w.Gap, Status: letterStatus(w.Statuses[i])}
				if len(details) > 0 && details[0].Place == i {
					r.Findings, r.Unknown, r.NotApplicable = details[0].Findings, details[0].Unknown, details[0].NotApplicable
					r.Overrides, r.Waiver, r.Delta = details[0].Overrides, details[0].Waiver, details[0].Delta
					details = details[1:]
				}
				if !yield(r, nil) {
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
