package model

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// The written form of Judged is the spool's own and lives only as long as the
// spool. It writes short what repeats: accounts, regions and details that many
// results share are written once and named by number from then on.

// maxNamed bounds how many of them have numbers, so that neither side needs more
// memory the longer the report is. What comes later is written in full.
const maxNamed = 1 << 14

// What is marked at the beginning.
const (
	markGap byte = 1 << iota
	markOrigin
)

type judgedEncoder struct {
	buf     []byte
	texts   map[string]uint64
	details map[*Detail]uint64
}

func newJudgedEncoder() *judgedEncoder {
	return &judgedEncoder{texts: map[string]uint64{}, details: map[*Detail]uint64{}}
}

// encode returns the written form, which is valid until the next call.
func (e *judgedEncoder) encode(j *Judged, list int) ([]byte, error) {
	e.buf = binary.AppendUvarint(e.buf[:0], uint64(list))
	e.named(string(j.Resource.Kind))
	e.named(j.Resource.Account)
	e.named(j.Resource.Region)
	e.text(j.Resource.ID)
	e.text(j.Name)
	mark := byte(0)
	if j.Gap {
		mark |= markGap
	}
	if j.Origin == (Origin{}) {
		e.buf = append(e.buf, mark)
	} else {
		e.buf = append(e.buf, mark|markOrigin)
		if err := e.object(&j.Origin); err != nil {
			return nil, err
		}
	}
	for place, status := range j.Statuses {
		letter := statusLetter(status)
		if d := j.Details[place]; d != nil {
			e.buf = append(e.buf, letter-'a'+'A')
			if err := e.detail(d); err != nil {
				return nil, err
			}
			continue
		}
		e.buf = append(e.buf, letter)
	}
	return e.buf, nil
}

func (e *judgedEncoder) text(s string) {
	e.buf = binary.AppendUvarint(e.buf, uint64(len(s)))
	e.buf = append(e.buf, s...)
}

// named writes the number of a text, and the text behind a number that is new.
// 0 is the number of no text: one follows that gets no number.
func (e *judgedEncoder) named(s string) {
	n, ok := e.texts[s]
	if ok {
		e.buf = binary.AppendUvarint(e.buf, n)
		return
	}
	if len(e.texts) < maxNamed {
		n = uint64(len(e.texts) + 1)
		e.texts[s] = n
	}
	e.buf = binary.AppendUvarint(e.buf, n)
	e.text(s)
}

// detail is like named.
func (e *judgedEncoder) detail(d *Detail) error {
	n, ok := e.details[d]
	if ok {
		e.buf = binary.AppendUvarint(e.buf, n)
		return nil
	}
	if len(e.details) < maxNamed {
		n = uint64(len(e.details) + 1)
		e.details[d] = n
	}
	e.buf = binary.AppendUvarint(e.buf, n)
	return e.object(d)
}

func (e *judgedEncoder) object(v any) error {
	raw, err := json.Marshal(v)
	e.buf = binary.AppendUvarint(e.buf, uint64(len(raw)))
	e.buf = append(e.buf, raw...)
	return err
}

type judgedDecoder struct {
	r       *bufio.Reader
	lists   [][]RuleID
	texts   []string
	details []*Detail
	buf     []byte
}

func newJudgedDecoder(r io.Reader, lists [][]RuleID) *judgedDecoder {
	return &judgedDecoder{r: bufio.NewReaderSize(r, 1<<16), lists: lists}
}

// decode returns the next resource's results, or io.EOF after the last.
func (d *judgedDecoder) decode() (*Judged, error) {
	list, err := binary.ReadUvarint(d.r)
	if err != nil {
		return nil, err // io.EOF only where nothing of another was read
	}
	if list >= uint64(len(d.lists)) {
		return nil, fmt.Errorf("list of rules %d does not exist", list)
	}
	j := &Judged{Rules: d.lists[list]}
	err = d.header(j)
	for i := 0; err == nil && i < len(j.Rules); i++ {
		err = d.result(j)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return j, err
}

func (d *judgedDecoder) header(j *Judged) error {
	var kind string
	for _, to := range []*string{&kind, &j.Resource.Account, &j.Resource.Region} {
		if err := d.named(to); err != nil {
			return err
		}
	}
	j.Resource.Kind = Kind(kind)
	for _, to := range []*string{&j.Resource.ID, &j.Name} {
		raw, err := d.bytes()
		if err != nil {
			return err
		}
		*to = string(raw)
	}
	mark, err := d.r.ReadByte()
	j.Gap = mark&markGap != 0
	if err != nil || mark&markOrigin == 0 {
		return err
	}
	return d.object(&j.Origin)
}

func (d *judgedDecoder) result(j *Judged) error {
	letter, err := d.r.ReadByte()
	if err != nil {
		return err
	}
	var detail *Detail
	if letter < 'a' {
		letter += 'a' - 'A'
		if detail, err = d.detail(); err != nil {
			return err
		}
	}
	j.Statuses, j.Details = append(j.Statuses, letterStatus(letter)), append(j.Details, detail)
	return nil
}

// bytes returns what is valid until the next call.
func (d *judgedDecoder) bytes() ([]byte, error) {
	n, err := binary.ReadUvarint(d.r)
	if err != nil {
		return nil, err
	}
	d.buf = slices.Grow(d.buf[:0], int(n))[:n]
	_, err = io.ReadFull(d.r, d.buf)
	return d.buf, err
}

func (d *judgedDecoder) named(to *string) error {
	n, err := binary.ReadUvarint(d.r)
	if err != nil {
		return err
	}
	if n > 0 && n <= uint64(len(d.texts)) {
		*to = d.texts[n-1]
		return nil
	}
	raw, err := d.bytes()
	*to = string(raw)
	if n > 0 {
		d.texts = append(d.texts, *to)
	}
	return err
}

func (d *judgedDecoder) detail() (*Detail, error) {
	n, err := binary.ReadUvarint(d.r)
	if err != nil {
		return nil, err
	}
	if n > 0 && n <= uint64(len(d.details)) {
		return d.details[n-1], nil
	}
	detail := new(Detail)
	err = d.object(detail)
	if n > 0 {
		d.details = append(d.details, detail)
	}
	return detail, err
}

func (d *judgedDecoder) object(to any) error {
	raw, err := d.bytes()
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, to)
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
	switch letter {
	case 'f':
		return StatusFail
	case 'p':
		return StatusPass
	case 'n':
		return StatusNotApplicable
	case 'w':
		return StatusWaived
	default:
		return StatusUnknown
	}
}
