package terraform

import (
	"bytes"
	"fmt"

	"github.com/tidwall/gjson"
)

// maxDepth is of nested objects and lists: modules in modules take three each.
const maxDepth = 500

// checkForm refuses what terraform never writes and what programs understand in
// different ways: text that is no JSON, and a name that occurs twice in an
// object, of which one reader would see the first and another the last.
func checkForm(raw []byte) error {
	twice, err := scan(raw)
	switch {
	case err != nil:
		return err
	case !gjson.ValidBytes(raw):
		return syntaxError(raw)
	default:
		return twice
	}
}

// scan goes through the text once. It needs no valid JSON, for it comes before
// anything that calls itself for each level of nesting. That a name is there twice
// counts only if it is JSON.
func scan(raw []byte) (twice, deep error) {
	var stack []names
	expectName := false
	line := func(at int) int { return 1 + bytes.Count(raw[:at], []byte("\n")) }
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{', '[':
			if len(stack) == maxDepth {
				return nil, fmt.Errorf("line %d: it is nested more than %d levels deep, as no file of terraform is", line(i), maxDepth)
			}
			stack = append(stack, names{object: raw[i] == '{'})
			expectName = raw[i] == '{'
		case '}', ']':
			stack = stack[:max(0, len(stack)-1)]
			expectName = false
		case ',':
			expectName = len(stack) > 0 && stack[len(stack)-1].object
		case '"':
			end := endOfString(raw, i)
			if expectName && !stack[len(stack)-1].add(raw[i+1:end]) && twice == nil {
				twice = fmt.Errorf("line %d: the name %q is there twice in one object", line(i), raw[i+1:end])
			}
			expectName, i = false, end
		}
	}
	return twice, nil
}

// endOfString returns where the string that begins at i ends: at the first quote
// before which there is an even number of backslashes.
func endOfString(raw []byte, i int) int {
	for at := i + 1; ; at++ {
		next := bytes.IndexByte(raw[min(at, len(raw)):], '"')
		if next < 0 {
			return len(raw)
		}
		at += next
		back := 0
		for at-1-back > i && raw[at-1-back] == '\\' {
			back++
		}
		if back%2 == 0 {
			return at
		}
	}
}

// names are the names of an object so far. Most objects are small.
type names struct {
	object bool
	few    [][]byte
	many   map[string]bool
}

func (n *names) add(name []byte) bool {
	if n.many != nil {
		if n.many[string(name)] {
			return false
		}
		n.many[string(name)] = true
		return true
	}
	for _, f := range n.few {
		if bytes.Equal(f, name) {
			return false
		}
	}
	if n.few = append(n.few, name); len(n.few) > 32 {
		n.many = make(map[string]bool, 64)
		for _, f := range n.few {
			n.many[string(f)] = true
		}
	}
	return true
}
