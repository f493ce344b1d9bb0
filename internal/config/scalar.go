package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/keyproof/keyproof/model"
)

// scalar is a single value of the file.
type scalar interface {
	// read takes the value of a node that is a scalar, or a list for value.
	read(n *yaml.Node) error
	schema() map[string]any
}

// line is where a mapping begins.
type line int

type (
	text     string
	flag     bool
	account  string
	severity string
	failOn   string
	action   string
	date     struct{ model.Date }
	value    struct{ any } // int, bool, string or []string
	choice   struct {
		name string
		line int
	}
)

func (t *text) read(n *yaml.Node) error {
	if n.Tag != "!!str" {
		return notText(n)
	}
	// Line breaks are the writer's, not the reader's.
	if *t = text(strings.Join(strings.Fields(n.Value), " ")); *t == "" {
		return errors.New("it is empty")
	}
	return nil
}

func notText(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
		return fmt.Errorf("%s is not text: write it in quotes, %q", n.Value, n.Value)
	}
	return fmt.Errorf("write text, not %s", kindOf(n))
}

func (*text) schema() map[string]any { return map[string]any{"type": "string", "pattern": `\S`} }

func (f *flag) read(n *yaml.Node) error {
	if n.Tag != "!!bool" {
		return fmt.Errorf("write true or false, not %s", shown(n))
	}
	return n.Decode((*bool)(f))
}

func (*flag) schema() map[string]any { return map[string]any{"type": "boolean"} }

const accountPattern = `^[0-9*?]{1,12}$`

func (a *account) read(n *yaml.Node) error {
	switch {
	case n.Tag != "!!str":
		return notText(n) // an account that begins with 0 would be another number
	case !regexp.MustCompile(accountPattern).MatchString(n.Value):
		return fmt.Errorf("%q is not an account: write its 12 digits, or some of them with * or ?", n.Value)
	}
	*a = account(n.Value)
	return nil
}

func (*account) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": accountPattern}
}

func (s *severity) read(n *yaml.Node) error {
	v, err := model.ParseSeverity(n.Value)
	*s = severity(v)
	return err
}

func (f *failOn) read(n *yaml.Node) error { return oneOf(n, f, failOns()) }

func failOns() []failOn { return []failOn{"introduced", "any"} }

func (*failOn) schema() map[string]any { return map[string]any{"enum": failOns()} }

func (a *action) read(n *yaml.Node) error { return oneOf(n, a, actions()) }

func actions() (list []action) {
	for _, a := range model.UnknownActions() {
		list = append(list, action(a))
	}
	return list
}

func (*action) schema() map[string]any { return map[string]any{"enum": actions()} }

// oneOf takes a value that must be one of a few words.
func oneOf[S ~string](n *yaml.Node, to *S, words []S) error {
	for _, word := range words {
		if n.Value == string(word) {
			*to = word
			return nil
		}
	}
	return fmt.Errorf("write one of %v, not %s", words, shown(n))
}

func (*severity) schema() map[string]any { return map[string]any{"enum": model.Severities()} }

func (d *date) read(n *yaml.Node) (err error) {
	d.Date, err = model.ParseDate(n.Value)
	return err
}

func (*date) schema() map[string]any {
	return map[string]any{"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
}

func (c *choice) read(n *yaml.Node) error {
	var t text
	err := t.read(n)
	*c = choice{string(t), n.Line}
	return err
}

func (*choice) schema() map[string]any { return (*text)(nil).schema() }

func (v *value) read(n *yaml.Node) error {
	switch {
	case n.Kind == yaml.SequenceNode:
		list := []string{}
		for _, e := range n.Content {
			if e.Kind != yaml.ScalarNode || e.Tag != "!!str" {
				return fmt.Errorf("a list holds texts, not %s", shown(e))
			}
			list = append(list, e.Value)
		}
		v.any = list
	case n.Tag == "!!int":
		var i int
		if n.Decode(&i) != nil {
			return fmt.Errorf("%s is too large", n.Value)
		}
		v.any = i
	case n.Tag == "!!bool":
		v.any = n.Value == "true"
		return n.Decode(&v.any)
	case n.Tag == "!!str":
		v.any = n.Value
	default:
		return fmt.Errorf("write a whole number, text, true, false or a list of texts, not %s", shown(n))
	}
	return nil
}

func (*value) schema() map[string]any {
	return map[string]any{"anyOf": []any{
		map[string]any{"type": "integer"}, map[string]any{"type": "string"}, map[string]any{"type": "boolean"},
		map[string]any{"type": "array", "items": map[string]any{"type": "string"}},
	}}
}

func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.MappingNode:
		return "keys with values"
	case n.Tag == "!!null":
		return "nothing"
	default:
		return "a single value"
	}
}

func shown(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
		return fmt.Sprintf("%q", n.Value)
	}
	return kindOf(n)
}
