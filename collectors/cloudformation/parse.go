package cloudformation

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxSize is four times the largest template that CloudFormation takes, 1 MB
// from a bucket (CloudFormation User Guide, "Quotas").
const maxSize = 4 << 20

// maxDepth is far deeper than people nest.
const maxDepth = 150

// template is a template as it is written.
type template struct {
	file string
	root *yaml.Node
}

func (t *template) errorf(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", t.file, max(1, line), fmt.Sprintf(format, args...))
}

// parse reads the text of a template.
func parse(data []byte, file string) (*template, error) {
	t := &template{file: file}
	switch {
	case len(data) > maxSize:
		return nil, fmt.Errorf("%s: it has %d MiB, and CloudFormation takes no template of more than 1 MB: name the template itself", file, len(data)>>20)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\x1f\x8b")):
		return nil, fmt.Errorf("%s: it is an archive: unpack it and name the template in it", file)
	}
	root, err := t.read(data)
	if err != nil {
		return nil, err
	}
	if root == nil || root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: it is no CloudFormation template: it does not begin with keys such as Resources", file)
	}
	t.root = root
	if err := t.check(root, 0); err != nil {
		return nil, err
	}
	if n := member(root, "Resources"); n == nil || n.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: it is no CloudFormation template: it has no Resources", file)
	}
	return t, nil
}

// read makes nodes of JSON or YAML. JSON has a reader of its own, because
// the one for YAML refuses tabs and the surrogate pairs of JSON's strings.
func (t *template) read(data []byte) (*yaml.Node, error) {
	var wrong error
	if text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n"); len(text) > 0 && text[0] == '{' {
		root, err := readJSON(data)
		if err == nil {
			return root, nil
		}
		wrong = fmt.Errorf("%s:%w", t.file, err)
	}
	root, err := t.readYAML(data)
	if err != nil && wrong != nil {
		return nil, wrong // it begins like JSON, so that is what it is taken for
	}
	return root, err
}

func (t *template) readYAML(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var top yaml.Node
	switch err := dec.Decode(&top); {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s: it is empty", t.file)
	case err != nil:
		// The library says "yaml: line 3: …".
		return nil, fmt.Errorf("%s: it is neither YAML nor JSON: %s", t.file, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, t.errorf(more.Line, "a second document begins here: a template is one document")
	}
	return top.Content[0], nil
}

// check refuses keys that are there twice, since nobody can say which of them
// counts, and nesting without end. Aliases are followed when they are evaluated.
func (t *template) check(n *yaml.Node, depth int) error {
	if depth > maxDepth {
		return t.errorf(n.Line, "it is nested too deeply for a template")
	}
	if n.Kind == yaml.MappingNode {
		lines := make(map[string]int, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode && key.Kind != yaml.AliasNode {
				return t.errorf(key.Line, "a key is a text, not a list or an object")
			}
			if first, ok := lines[key.Value]; ok && key.Kind == yaml.ScalarNode && key.Tag != "!!merge" {
				return t.errorf(key.Line, "the key %q is in line %d already: remove one of the two", shorten(key.Value), first)
			}
			lines[key.Value] = key.Line
		}
	}
	for _, c := range n.Content {
		if err := t.check(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func shorten(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}

// member returns the value of a key of a mapping, nil when there is none.
func member(n *yaml.Node, name string) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return resolved(n.Content[i+1])
		}
	}
	return nil
}

// resolved follows an alias to what it stands for.
func resolved(n *yaml.Node) *yaml.Node {
	for range maxDepth {
		if n == nil || n.Kind != yaml.AliasNode {
			return n
		}
		n = n.Alias
	}
	return nil
}
