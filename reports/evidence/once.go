package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxDepth bounds how deep a JSON part may be nested. A report has about ten levels.
const maxDepth = 1000

// oneMeaning says why two programs may read two things in a JSON text: an object has
// a member twice, of which some take the first and some the last, or a second text
// follows. It streams.
func oneMeaning(r io.Reader) error {
	// level is an object (names is not nil) or an array that is being read.
	type level struct {
		names map[string]bool
		value bool // the next token is the value of a member
	}
	var stack []level
	dec := json.NewDecoder(r)
	for texts := 0; ; {
		t, err := dec.Token()
		if errors.Is(err, io.EOF) && len(stack) == 0 && texts == 1 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it is not JSON: %w", err)
		}
		if t == json.Delim('}') || t == json.Delim(']') {
			stack = stack[:len(stack)-1]
			continue
		}
		if len(stack) == 0 {
			if texts++; texts > 1 {
				return errors.New("something follows the end of its JSON text")
			}
		} else if top := &stack[len(stack)-1]; top.names != nil {
			if !top.value {
				name, _ := t.(string)
				if top.names[name] {
					return fmt.Errorf("the member %q is there twice in one object: two programs may read two things", name)
				}
				top.names[name] = true
			}
			top.value = !top.value
		}
		switch t {
		case json.Delim('{'):
			stack = append(stack, level{names: map[string]bool{}})
		case json.Delim('['):
			stack = append(stack, level{})
		}
		if len(stack) > maxDepth {
			return fmt.Errorf("it is nested deeper than %d levels", maxDepth)
		}
	}
}
