package events

import (
	"fmt"
	"io"
)

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
			rec = record{names: rec.names[:0]}
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
