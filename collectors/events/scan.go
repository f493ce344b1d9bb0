package events

import (
	"encoding/binary"
	"io"
	"math/bits"
)

// maxRecord is the longest record that is read. CloudTrail cuts records at 256
// KB ("CloudTrail record contents"): the rest is for what others wrote.
const maxRecord = 4 << 20

// maxDepth is how deep a record may nest.
const maxDepth = 63

// scanner goes over JSON text from a stream. It keeps one record in memory, at
// most maxRecord long, and looks at each byte once: strings are skipped eight
// bytes at a time, and nothing is decoded.
type scanner struct {
	r    io.Reader
	buf  []byte
	pos  int   // the next byte
	end  int   // buf[:end] is filled
	keep int   // bytes from here on stay in buf; -1: nothing before pos has to
	base int64 // place in the text of buf[0]
	err  error // what r ended with
}

func (s *scanner) reset(r io.Reader) {
	if s.buf == nil {
		s.buf = make([]byte, 256<<10)
	}
	*s = scanner{r: r, buf: s.buf, keep: -1}
}

// more reads on and reports whether there was more. What must stay moves to the
// front; a record that is longer than maxRecord is let go.
func (s *scanner) more() bool {
	if s.err != nil {
		return false
	}
	if s.keep == 0 && s.end == len(s.buf) {
		if len(s.buf) < maxRecord {
			s.buf = append(s.buf, make([]byte, len(s.buf))...)
		} else {
			s.keep = -1
		}
	}
	from := s.pos
	if s.keep >= 0 {
		from, s.keep = s.keep, 0
	}
	copy(s.buf, s.buf[from:s.end])
	s.pos, s.end, s.base = s.pos-from, s.end-from, s.base+int64(from)
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		s.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// record is what is found out about a record without decoding it.
type record struct {
	source, name text
	bad          string // why it cannot be a record; empty when it can
}

// text is a string within a record.
type text struct {
	from, to int // within the record, without the quotes
	escaped  bool
	found    bool
}

// The places of JSON's grammar at the level of a record's members.
const (
	atName = iota
	atColon
	atValue
	atComma
)

// nested goes over an array or object that begins at pos. With rec, it is an
// object whose members it looks at. Deeper down only brackets and strings are
// followed: what is decoded later is checked there, what is not has no say. It
// reports whether the brackets match and are all there.
func (s *scanner) nested(rec *record) bool {
	buf, i, end := s.buf, s.pos, s.end
	depth, arrays := 0, uint64(0) // bit d: level d is an array
	state, first := atName, true
	var want *text
	for {
		if i >= end {
			s.pos = i
			if !s.more() {
				return false
			}
			buf, i, end = s.buf, s.pos, s.end
		}
		switch c := buf[i]; c {
		case '"':
			s.pos = i + 1
			start := i + 1 - s.keep
			i = stop(buf[:end], i+1)
			escaped := false
			if i >= end || buf[i] == '\\' {
				s.pos = i
				if !s.slowString() {
					return false
				}
				escaped = true
				buf, i, end = s.buf, s.pos, s.end
			}
			if depth == 1 && rec != nil {
				switch state {
				case atName:
					state = atColon
					if s.keep >= 0 {
						want = rec.member(buf[s.keep+start:i], escaped)
					}
				case atValue:
					state = atComma
					if want != nil {
						want.from, want.to, want.escaped, want.found = start, i-s.keep, escaped, true
						want = nil
					}
				default:
					rec.refuse("its members are not well formed")
				}
				first = false
			}
			i++
		case '{', '[':
			if depth == 1 && rec != nil {
				if state != atValue {
					rec.refuse("its members are not well formed")
				}
				state = atComma
				rec.notText(&want)
			}
			if depth++; depth > maxDepth {
				s.pos = i
				return false
			}
			arrays &^= 1 << depth
			if c == '[' {
				arrays |= 1 << depth
			}
			i++
		case '}', ']':
			if (arrays>>depth&1 == 1) != (c == ']') {
				s.pos = i
				return false
			}
			i++
			if depth--; depth == 0 {
				s.pos = i
				if rec != nil && state != atComma && (state != atName || !first) {
					rec.refuse("its members are not well formed")
				}
				return true
			}
		default:
			if depth == 1 && rec != nil {
				state = rec.between(c, state, &want)
			}
			i++
		}
	}
}

// slowString goes to the closing quote from a place within a string, over
// escapes and over the end of what is in memory.
func (s *scanner) slowString() bool {
	for {
		s.pos = stop(s.buf[:s.end], s.pos)
		switch {
		case s.pos < s.end && s.buf[s.pos] == '"':
			return true
		case s.pos+1 < s.end: // a backslash and what it escapes
			s.pos += 2
		case !s.more():
			s.pos = s.end
			return false
		}
	}
}

// stop is the place of the first quote or backslash of b from i on, or len(b).
func stop(b []byte, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quotes, slashes := w^(ones*'"'), w^(ones*'\\')
		// A byte that is zero has its top bit set here; so may bytes above it, but
		// the lowest one is right.
		if zeros := ((quotes-ones)&^quotes | (slashes-ones)&^slashes) & tops; zeros != 0 {
			return i + bits.TrailingZeros64(zeros)>>3
		}
	}
	for ; i < len(b); i++ {
		if b[i] == '"' || b[i] == '\\' {
			return i
		}
	}
	return i
}
