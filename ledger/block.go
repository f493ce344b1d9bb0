package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/klauspost/compress/zstd"

	"github.com/keyproof/keyproof/model"
)

// Results are stored in blocks, each of which can be read by itself: zstd of
// JSON lines. The first line lists the rules that judged, one list for all
// resources of a kind; then comes one line a resource.

const (
	blockResults = 4096    // of a block
	blockBytes   = 1 << 20 // of its lines, for results that say much
	// maxBlock bounds what a block may become when it is read: one resource whose
	// results say very much can be longer than blockBytes.
	maxBlock = 256 << 20
)

// judgedLine is all results of one resource.
type judgedLine struct {
	Resource model.ResourceID      `json:"resource"`
	Name     string                `json:"name"`
	Origin   *model.Origin         `json:"origin,omitempty"`
	Gap      bool                  `json:"gap,omitempty"`
	List     int                   `json:"list"`              // of rules, of those in the first line
	Statuses string                `json:"statuses"`          // a letter a rule
	Details  map[int]*model.Detail `json:"details,omitempty"` // by place in the list, where there are any
}

type blockHead struct {
	Lists [][]model.RuleID `json:"lists"`
}

// letters are the statuses as they are stored. They never change.
func letters() map[model.Status]byte {
	return map[model.Status]byte{
		model.StatusUnknown: 'u', model.StatusFail: 'f', model.StatusPass: 'p', model.StatusNotApplicable: 'n', model.StatusWaived: 'w',
	}
}

// blockReader reads blocks. It is not safe for concurrent use.
type blockReader struct {
	zstd     *zstd.Decoder
	statuses [256]model.Status
}

func newBlockReader() (*blockReader, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlock))
	if err != nil {
		return nil, err
	}
	r := &blockReader{zstd: z}
	for s, letter := range letters() {
		r.statuses[letter] = s
	}
	return r, nil
}

func (r *blockReader) close() { r.zstd.Close() }

// results returns what is in a block. The sequence ends with its first error.
func (r *blockReader) results(block []byte) iter.Seq2[*model.Result, error] {
	return func(yield func(*model.Result, error) bool) {
		text, err := r.zstd.DecodeAll(block, nil)
		if err != nil {
			yield(nil, err)
			return
		}
		first, rest, _ := bytes.Cut(text, []byte{'\n'})
		var head blockHead
		if err := json.Unmarshal(first, &head); err != nil {
			yield(nil, fmt.Errorf("the list of rules: %w", err))
			return
		}
		for len(rest) > 0 {
			var raw []byte
			raw, rest, _ = bytes.Cut(rest, []byte{'\n'})
			if !r.line(raw, head.Lists, yield) {
				return
			}
		}
	}
}

func (r *blockReader) line(raw []byte, lists [][]model.RuleID, yield func(*model.Result, error) bool) bool {
	var j judgedLine
	err := json.Unmarshal(raw, &j)
	switch {
	case err != nil:
	case j.List < 0 || j.List >= len(lists):
		err = fmt.Errorf("%s: list of rules %d does not exist", j.Resource, j.List)
	case len(j.Statuses) != len(lists[j.List]):
		err = fmt.Errorf("%s: %d statuses of %d rules", j.Resource, len(j.Statuses), len(lists[j.List]))
	}
	for place := 0; err == nil && place < len(j.Statuses); place++ {
		status := r.statuses[j.Statuses[place]]
		if status == "" {
			err = errors.New("a status that does not exist")
			break
		}
		if !yield(j.result(lists[j.List][place], status, j.Details[place]), nil) {
			return false
		}
	}
	if err != nil {
		yield(nil, err)
	}
	return err == nil
}

func (j *judgedLine) result(rule model.RuleID, status model.Status, d *model.Detail) *model.Result {
	r := &model.Result{Rule: rule, Resource: j.Resource, Name: j.Name, Origin: j.Origin, Gap: j.Gap, Status: status}
	if d != nil {
		r.Findings, r.Unknown, r.NotApplicable = d.Findings, d.Unknown, d.NotApplicable
		r.Overrides, r.Waiver, r.Delta = d.Overrides, d.Waiver, d.Delta
	}
	return r
}

// detailOf is what a result says beside its status; nil for nothing.
func detailOf(r *model.Result) *model.Detail {
	if len(r.Findings)+len(r.Unknown)+len(r.NotApplicable)+len(r.Overrides) == 0 && r.Waiver == nil && r.Delta == "" {
		return nil
	}
	return &model.Detail{
		Findings: r.Findings, Unknown: r.Unknown, NotApplicable: r.NotApplicable,
		Overrides: r.Overrides, Waiver: r.Waiver, Delta: r.Delta,
	}
}
