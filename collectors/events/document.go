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

// document goes over one JSON document with records: an object whose member
// Records is a list, as CloudTrail writes it, or just the list. Each record goes
// to visit, whose raw is nil for what is no record and gone after the call. It
// returns io.EOF when there is no document.
func (s *scanner) document(visit func(rec *record, raw []byte)) error {
	switch c, ok := s.next(); {
	case !ok && s.err == io.EOF:
		return io.EOF
	case ok && c == '[':
		return s.records(visit)
	case ok && c == '{':
		return s.object(visit)
	case !ok:
		return s.broken()
	}
	return s.broken()
}

func (s *scanner) object(visit func(*record, []byte)) error {
	s.pos++
	found := false
	for first := true; ; first = false {
		c, ok := s.next()
		if ok && c == '}' && first {
			break
		}
		if !ok || c != '"' {
			return s.broken()
		}
		name, ok := s.str()
		if !ok {
			return s.broken()
		}
		if c, ok = s.next(); !ok || c != ':' {
			return s.broken()
		}
		s.pos++
		c, ok = s.next()
		switch {
		case !ok:
			return s.broken()
		case name != "Records":
			if !s.skip() {
				return s.broken()
			}
		case c != '[':
			return &docError{KindShape, "its Records are not a list"}
		default:
			found = true
			if err := s.records(visit); err != nil {
				return err
			}
		}
		if c, ok = s.next(); ok && c == ',' {
			s.pos++
		} else if ok && c == '}' {
			break
		} else {
			return s.broken()
		}
	}
	s.pos++
	if !found {
		return &docError{KindShape, "it has no Records"}
	}
	return nil
}

// records goes over a list.
func (s *scanner) records(visit func(*record, []byte)) error {
	s.pos++
	var rec record // one for all: it would be allocated anew for each
	for first := true; ; first = false {
		c, ok := s.next()
		switch {
		case ok && c == ']' && first:
			s.pos++
			return nil
		case !ok || c == ']' || c == ',':
			return s.broken()
		case c == '{':
			rec = record{}
			s.keep = s.pos
			if !s.nested(&rec) {
				return s.broken()
			}
			if s.keep < 0 {
				rec = record{bad: fmt.Sprintf("it is longer than %d MiB", maxRecord>>20)}
				visit(&rec, nil)
			} else {
				visit(&rec, s.buf[s.keep:s.pos])
			}
			s.keep = -1
		default:
			if !s.skip() {
				return s.broken()
			}
			visit(&record{bad: "it is not an object"}, nil)
		}
		if c, ok = s.next(); ok && c == ',' {
			s.pos++
		} else if ok && c == ']' {
			s.pos++
			return nil
		} else {
			return s.broken()
		}
	}
}

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
