package events

import (
	"fmt"
	"io"
)

// docError is why a document could not be read to its end.
type docError struct {
	kind   Kind
	detail string
}

func (e *docError) Error() string { return e.detail }

// next is the next byte that is not white space, at pos.
func (s *scanner) next() (byte, bool) {
	for {
		for ; s.pos < s.end; s.pos++ {
			switch c := s.buf[s.pos]; c {
			case ' ', '\t', '\n', '\r':
			default:
				return c, true
			}
		}
		if !s.more() {
			return 0, false
		}
	}
}

// str reads a string whose quote is at pos. A name that is too long to be kept is
// none that anybody looks for.
func (s *scanner) str() (string, bool) {
	s.keep = s.pos
	s.pos++
	if !s.slowString() {
		return "", false
	}
	s.pos++
	name := ""
	if s.keep >= 0 {
		name = unquoted(s.buf[s.keep+1 : s.pos-1])
	}
	s.keep = -1
	return name, true
}

// skip goes over any value at pos.
func (s *scanner) skip() bool {
	switch s.buf[s.pos] {
	case '{', '[':
		return s.nested(nil)
	case '"':
		s.pos++
		if !s.slowString() {
			return false
		}
		s.pos++
		return true
	}
	for from := s.pos; ; {
		for ; s.pos < s.end; s.pos++ {
			c := s.buf[s.pos]
			if c != '+' && c != '-' && c != '.' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && c != 'E' {
				return s.pos > from
			}
		}
		if !s.more() {
			return false
		}
		from = -1
	}
}

// broken is the error of text that does not go on as it should: that it is no
// JSON from pos on, or that it ends there, or the stream's own.
func (s *scanner) broken() error {
	switch {
	case s.pos < s.end || s.err == nil:
		return &docError{KindJSON, fmt.Sprintf("not JSON from byte %d of its text on", s.base+int64(s.pos))}
	case s.err == io.EOF:
		return &docError{KindTruncated, fmt.Sprintf("its text ends too early, after %d bytes", s.base+int64(s.end))}
	default:
		return s.err
	}
}
