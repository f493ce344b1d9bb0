package events

import (
	"bytes"
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
	r    io.Reader
	buf  []byte
	pos  int   // the next byte
	end  int   // buf[:end] is filled
	keep int   // bytes from here on stay in buf; -1: nothing before pos has to
	base int64 // place in the text of buf[0]
	err  error // what r ended with
	// slash is the place in buf of the next backslash from where it was last looked
	// for; end when there is none.
	slash int
}

func (s *scanner) reset(r io.Reader) {
	if s.buf == nil {
		s.buf = make([]byte, 256<<10)
	}
	*s = scanner{r: r, buf: s.buf, keep: -1, slash: -1}
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
	s.slash = -1 // look again
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

// slashes tells whether there are backslashes among the next n bytes.
func (s *scanner) slashes(n int) bool {
	if s.slash < s.pos {
		s.slash = s.end
		if i := bytes.IndexByte(s.buf[s.pos:s.end], '\\'); i >= 0 {
			s.slash = s.pos + i
		}
	}
	return s.slash < s.pos+n
}

// window is the next 64 bytes; at the end of the text fewer, and zeros.
func (s *scanner) window(pad *[64]byte) (w *[64]byte, n int) {
	for s.end-s.pos < 64 && s.more() {
	}
	if s.end-s.pos >= 64 {
		return (*[64]byte)(s.buf[s.pos:]), 64
	}
	*pad = [64]byte{}
	return pad, copy(pad[:], s.buf[s.pos:s.end])
}

// nested goes over an array or object that begins at pos, 64 bytes at a time, and
// looks only at brackets that are in no string: what is decoded later is checked
// there, what is not has no say. With rec, it shows rec what stands between the
// brackets of an object's own members. It reports whether the brackets match and
// are all there; if not, pos is where they do not.
func (s *scanner) nested(rec *record) bool {
	var pad [64]byte
	depth, arrays := 0, uint64(0) // bit d: level d is an array
	own := 0                      // where the text of the own members began last, from keep
	var in inside
	for {
		w, n := &pad, 64
		if s.end-s.pos >= 64 {
			w = (*[64]byte)(s.buf[s.pos:])
		} else if w, n = s.window(&pad); n == 0 {
			return false
		}
		slashes := s.slash < s.pos+n && s.slashes(n)
		for found := in.structure(w, slashes); found != 0; found &= found - 1 {
			k := bits.TrailingZeros64(found)
			switch c := w[k]; c {
			case '{', '[':
				if depth == 1 && rec != nil && s.keep >= 0 {
					rec.look(s.buf[s.keep:s.end], own, s.pos+k-s.keep)
				}
				if depth++; depth > maxDepth {
					s.pos += k
					return false
				}
				arrays &^= 1 << depth
				if c == '[' {
					arrays |= 1 << depth
				}
			case '}', ']':
				if (arrays>>depth&1 == 1) != (c == ']') {
					s.pos += k
					return false
				}
				switch depth--; depth {
				case 1:
					own = s.pos + k - s.keep
				case 0:
					if rec != nil && s.keep >= 0 {
						rec.look(s.buf[s.keep:s.end], own, s.pos+k-s.keep)
					}
					s.pos += k + 1
					return true
				}
			}
		}
		s.pos += n
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
