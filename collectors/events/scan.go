package events

import (
	"io"
	"math/bits"
)

// maxRecord is the longest record that is read. CloudTrail cuts records at 256
// KB ("CloudTrail record contents"): the rest is for what others wrote.
const maxRecord = 4 << 20

// maxDepth is how deep a record may nest.
const maxDepth = 63

// scanner goes over JSON text from a stream. It keeps one record in memory, at
// most maxRecord long, and decodes nothing.
type scanner struct {
	r     io.Reader
	buf   []byte
	pos   int   // the next byte
	end   int   // buf[:end] is filled
	keep  int   // bytes from here on stay in buf; -1: nothing before pos has to
	base  int64 // place in the text of buf[0]
	err   error // what r ended with
	masks [8]mask
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

// ahead fills the masks of the next windows and returns how many bytes they are for:
// none at the end of the text.
func (s *scanner) ahead() int {
	for s.end-s.pos < 64 && s.more() {
	}
	n := (s.end - s.pos) / 64
	if n == 0 { // the end: the rest, and zeros, which are nothing
		var pad [64]byte
		copy(pad[:], s.buf[s.pos:s.end])
		masks(pad[:], s.masks[:1])
		return s.end - s.pos
	}
	n = min(n, len(s.masks))
	masks(s.buf[s.pos:s.pos+64*n], s.masks[:n])
	return 64 * n
}

// nested goes over an array or object that begins at pos, 64 bytes at a time, and
// looks only at brackets that are in no string: what is decoded later is checked
// there, what is not has no say. With rec, it tells rec where names of an object's
// own members may be. It reports whether the brackets match and are all there; if
// not, pos is where they do not.
func (s *scanner) nested(rec *record) bool {
	depth, arrays := 0, uint64(0) // bit d: level d is an array
	slashes := uint64(0)
	var in inside
	for {
		size := s.ahead()
		if size == 0 {
			return false
		}
		for i := 0; i < size; i += 64 {
			m := &s.masks[i/64]
			slashes |= m.slashes
			for found := in.structure(m) | m.names; found != 0; found &= found - 1 {
				at := s.pos + bits.TrailingZeros64(found)
				switch c := s.buf[at]; c {
				case '{', '[':
					if depth++; depth > maxDepth {
						s.pos = at
						return false
					}
					arrays &^= 1 << depth
					if c == '[' {
						arrays |= 1 << depth
					}
				case '}', ']':
					if (arrays>>depth&1 == 1) != (c == ']') {
						s.pos = at
						return false
					}
					if depth--; depth == 0 {
						if rec != nil {
							rec.escapes = slashes != 0
						}
						s.pos = at + 1
						return true
					}
				default:
					if depth == 1 && rec != nil && s.keep >= 0 {
						rec.names = append(rec.names, at-s.keep)
					}
				}
			}
			s.pos += min(64, size-i)
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
	for i < len(b) && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}
