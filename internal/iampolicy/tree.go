package iampolicy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// object is a JSON object with the names in lower case. AWS does not say that
// names of elements are case-sensitive, and does say that condition keys are not.
type object map[string]any

// maxDepth is far deeper than the grammar allows.
const maxDepth = 12

// readTree reads JSON into objects, lists and strings; numbers and booleans
// may stand without quotes and mean the same (IAM User Guide, "Grammar of the
// IAM JSON policy language"). Unlike encoding/json it refuses an element that
// occurs twice, as that page does: the one it dropped could be the Deny.
func readTree(doc string) (any, error) {
	d := json.NewDecoder(strings.NewReader(doc))
	d.UseNumber()
	v, err := readValue(d, maxDepth)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errNotJSON
	}
	return v, nil
}

// errNotJSON stands for all errors of the decoder, whose text quotes the
// document.
var errNotJSON = errors.New("not valid JSON")

func readValue(d *json.Decoder, depth int) (any, error) {
	if depth == 0 {
		return nil, errors.New("nested too deeply")
	}
	t, err := d.Token()
	if err != nil {
		return nil, errNotJSON
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return readObject(d, depth)
		}
		list := []any{}
		for d.More() {
			v, err := readValue(d, depth-1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, closing(d)
	case json.Number:
		return t.String(), nil
	case bool:
		return fmt.Sprint(t), nil
	default:
		return t, nil // a string or nil
	}
}

func readObject(d *json.Decoder, depth int) (any, error) {
	o := object{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, errNotJSON
		}
		name := strings.ToLower(t.(string)) // the decoder allows nothing else here
		if _, ok := o[name]; ok {
			return nil, errors.New("an element occurs twice")
		}
		if o[name], err = readValue(d, depth-1); err != nil {
			return nil, err
		}
	}
	return o, closing(d)
}

func closing(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return errNotJSON
	}
	return nil
}

func (o object) only(names ...string) error {
	for name := range o {
		if !slices.Contains(names, name) {
			return fmt.Errorf("an element that the policy grammar does not have")
		}
	}
	return nil
}

// strings returns an element that is a string or a list of strings.
func (o object) strings(name string) ([]string, error) {
	switch v := o[name].(type) {
	case string:
		return []string{v}, nil
	case []any:
		list := make([]string, len(v))
		for i, item := range v {
			s, ok := item.(string)
			if !ok {
				return nil, fmt.Errorf("a list holds something other than strings")
			}
			list[i] = s
		}
		return list, nil
	case nil:
		if _, ok := o[name]; !ok {
			return nil, nil
		}
	}
	return nil, fmt.Errorf("an element is neither a string nor a list of strings")
}
