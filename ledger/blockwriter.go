package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/klauspost/compress/zstd"

	"github.com/keyproof/keyproof/model"
)

// blockWriter gathers results into blocks and gives each to put.
type blockWriter struct {
	put     func(block []byte) error
	zstd    *zstd.Encoder
	letters map[model.Status]byte

	lists   [][]model.RuleID // of this block
	lines   bytes.Buffer
	results int

	line  judgedLine // of the resource that is being gathered
	rules []model.RuleID
}

func newBlockWriter(put func([]byte) error) (*blockWriter, error) {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return &blockWriter{put: put, zstd: z, letters: letters()}, nil
}

// add takes one result. Results of the same resource must follow each other.
func (w *blockWriter) add(r *model.Result) error {
	if len(w.rules) > 0 && !w.line.same(r) {
		if err := w.endLine(); err != nil {
			return err
		}
	}
	if len(w.rules) == 0 {
		w.line = judgedLine{Resource: r.Resource, Name: r.Name, Origin: r.Origin, Gap: r.Gap}
	}
	letter, ok := w.letters[r.Status]
	if !ok && r.Status != "" { // the zero status is unknown
		return fmt.Errorf("%s on %s has the status %q, which does not exist", r.Rule, r.Resource, r.Status)
	}
	if !ok {
		letter = 'u'
	}
	if d := detailOf(r); d != nil {
		if w.line.Details == nil {
			w.line.Details = map[int]*model.Detail{}
		}
		w.line.Details[len(w.rules)] = d
	}
	w.line.Statuses += string(letter)
	w.rules = append(w.rules, r.Rule)
	return nil
}

func (j *judgedLine) same(r *model.Result) bool {
	sameOrigin := j.Origin == r.Origin || j.Origin != nil && r.Origin != nil && *j.Origin == *r.Origin
	return j.Resource == r.Resource && j.Name == r.Name && j.Gap == r.Gap && sameOrigin
}

func (w *blockWriter) endLine() error {
	w.line.List = slices.IndexFunc(w.lists, func(l []model.RuleID) bool { return slices.Equal(l, w.rules) })
	if w.line.List < 0 {
		w.line.List = len(w.lists)
		w.lists = append(w.lists, slices.Clone(w.rules))
	}
	raw, err := json.Marshal(&w.line)
	if err != nil {
		return fmt.Errorf("store the results of %s: %w", w.line.Resource, err)
	}
	w.lines.Write(raw)
	w.lines.WriteByte('\n')
	w.results += len(w.rules)
	w.rules = w.rules[:0]
	if w.results >= blockResults || w.lines.Len() >= blockBytes {
		return w.endBlock()
	}
	return nil
}

func (w *blockWriter) endBlock() error {
	head, err := json.Marshal(blockHead{w.lists})
	if err != nil {
		return err
	}
	text := slices.Concat(head, []byte{'\n'}, w.lines.Bytes())
	w.lists, w.results = nil, 0
	w.lines.Reset()
	return w.put(w.zstd.EncodeAll(text, nil))
}

// finish writes what is left.
func (w *blockWriter) finish() error {
	if len(w.rules) > 0 {
		if err := w.endLine(); err != nil {
			return err
		}
	}
	if w.results > 0 {
		return w.endBlock()
	}
	return nil
}
