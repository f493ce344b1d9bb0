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
	if line := tooDeep(raw); line > 0 {
		return fmt.Errorf("line %d: it is nested more than %d levels deep, as no file of terraform is", line, maxDepth)
	}
	if !gjson.ValidBytes(raw) {
		return syntaxError(raw)
	}
	return twice(raw)
}

// tooDeep returns the line in which the nesting goes beyond the limit, or 0. It
// needs no valid JSON: it comes before anything that calls itself.
func tooDeep(raw []byte) int {
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i = endOfString(raw, i)
		case '{', '[':
			if depth++; depth > maxDepth {
				return 1 + bytes.Count(raw[:i], []byte("\n"))
			}
		case '}', ']':
			depth--
		}
	}
	return 0
}

// endOfString returns where the string that begins at i ends.
func endOfString(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		next := bytes.IndexAny(raw[i:min(i+64, len(raw))], `"\`)
		if next < 0 {
			i = min(i+64, len(raw)) - 1
			continue
		}
		if i += next; raw[i] == '"' {
			return i
		}
		i++ // what follows a backslash
	}
	return i
}

// twice finds a name that occurs twice in an object of valid JSON.
func twice(raw []byte) error {
	var stack []names
	expectName := false
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{', '[':
			stack = append(stack, names{object: raw[i] == '{'})
			expectName = raw[i] == '{'
		case '}', ']':
			stack = stack[:len(stack)-1]
			expectName = false
		case ',':
			expectName = stack[len(stack)-1].object
		case '"':
			end := endOfString(raw, i)
			if expectName && !stack[len(stack)-1].add(raw[i+1:end]) {
				return fmt.Errorf("line %d: the name %q is there twice in one object", 1+bytes.Count(raw[:i], []byte("\n")), raw[i+1:end])
			}
			expectName, i = false, end
		}
	}
	return nil
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
