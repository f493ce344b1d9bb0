package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// members calls f for each member of a JSON object, with its value as it
// stands. It reads a resource many times faster than a map of raw messages
// would, because nothing is looked at twice.
//
// The text must be valid JSON (encoding/json has made sure of that before it
// calls UnmarshalJSON); what is not is an error or ends early, never a panic.
// Names come decoded, as values do.
func members(raw []byte, f func(name string, value []byte) error) error {
	i := skipSpace(raw, 0)
	if i >= len(raw) || raw[i] != '{' {
		return errNotObject
	}
	for i = skipSpace(raw, i+1); i < len(raw) && raw[i] == '"'; {
		start := i + 1
		if i = skipString(raw, i); i > len(raw) || i <= start {
			return errNotObject
		}
		name := raw[start : i-1]
		if i = skipSpace(raw, i); i >= len(raw) || raw[i] != ':' {
			return errNotObject
		}
		start = skipSpace(raw, i+1)
		if i = skipValue(raw, start); i > len(raw) {
			return errNotObject
		}
		if err := f(nameOf(name), raw[start:i]); err != nil {
			return err
		}
		if i = skipSpace(raw, i); i < len(raw) && raw[i] == ',' {
			i = skipSpace(raw, i+1)
		}
	}
	if i >= len(raw) || raw[i] != '}' {
		return errNotObject
	}
	return nil
}

// nameOf is a name from its text between the quotes. None of ours has an escape or
// is more than ASCII; those of references that others wrote may be.
func nameOf(text []byte) string {
	var name string
	if isPlain(text) || json.Unmarshal(fmt.Appendf(nil, `"%s"`, text), &name) != nil {
		return string(text)
	}
	return name
}

var errNotObject = errors.New("it is not an object")

func skipSpace(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\t' || raw[i] == '\n' || raw[i] == '\r') {
		i++
	}
	return i
}

// skipString returns the place after a string that starts at i.
func skipString(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(raw) + 1
}

// skipValue returns the place after a value that starts at i.
func skipValue(raw []byte, i int) int {
	depth := 0
	for i < len(raw) {
		switch raw[i] {
		case '"':
			if i = skipString(raw, i); depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i // of the object around it
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return len(raw) + 1
}

// quick decodes the types that most attributes have without reflection. It
// answers false for everything that encoding/json has to look at.
func quick(raw []byte, to any) bool {
	switch to := to.(type) {
	case *bool:
		*to = string(raw) == "true"
		return *to || string(raw) == "false"
	case *int:
		n, err := strconv.Atoi(string(raw))
		*to = n
		return err == nil && strconv.Itoa(n) == string(raw)
	case *string:
		s, ok := plain(raw)
		*to = s
		return ok
	case *time.Time:
		s, ok := plain(raw)
		if !ok {
			return false
		}
		t, err := time.Parse(time.RFC3339Nano, s)
		// What encoding/json writes is what it reads; anything else is for it
		// to judge.
		if err != nil || t.Format(time.RFC3339Nano) != s {
			return false
		}
		*to = t
		return true
	default:
		return false
	}
}

// plain returns a string that has no escape and is ASCII.
func plain(raw []byte) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return "", false
	}
	if text := raw[1 : len(raw)-1]; isPlain(text) {
		return string(text), true
	}
	return "", false
}

// isPlain tells whether a string has no escape and is ASCII.
func isPlain(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c > '~' || c == '\\' || c == '"' {
			return false
		}
	}
	return true
}

// decode reads JSON into a value, the quick way where there is one.
func decode(raw []byte, to any) error {
	if quick(raw, to) {
		return nil
	}
	return json.Unmarshal(raw, to)
}
