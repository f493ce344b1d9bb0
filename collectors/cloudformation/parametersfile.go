package cloudformation

import (
	"bytes"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// ReadParameters reads a file with values for the parameters of templates, in
// the form of the command line tool (a list of ParameterKey and ParameterValue),
// of CodePipeline (an object with Parameters) or as plain names with values, in
// JSON or YAML. A parameter that keeps its previous value (UsePreviousValue)
// is left out: which value that is, the file does not say.
func ReadParameters(data []byte) (map[string]string, error) {
	root, err := parameterNodes(data)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	put := func(name, v *yaml.Node) error {
		if _, twice := values[name.Value]; twice {
			return fmt.Errorf("%d: parameter %s is there twice", name.Line, shorten(name.Value))
		}
		switch {
		case v == nil || v.Kind == yaml.MappingNode || v.Tag == "!!null":
			return fmt.Errorf("%d: the value of parameter %s is no text", name.Line, shorten(name.Value))
		case v.Kind == yaml.SequenceNode: // CodePipeline takes lists
			var text []byte
			for i, item := range v.Content {
				if i > 0 {
					text = append(text, ',')
				}
				text = append(text, item.Value...)
			}
			values[name.Value] = string(text)
		default:
			values[name.Value] = v.Value
		}
		return nil
	}
	switch root.Kind {
	case yaml.SequenceNode:
		for _, item := range root.Content {
			name, v := member(item, "ParameterKey"), member(item, "ParameterValue")
			if name == nil {
				return nil, fmt.Errorf("%d: an item has no ParameterKey", item.Line)
			}
			if previous := member(item, "UsePreviousValue"); v == nil && previous != nil && previous.Value == "true" {
				continue
			}
			if err := put(name, v); err != nil {
				return nil, err
			}
		}
	case yaml.MappingNode:
		if inner := member(root, "Parameters"); inner != nil && inner.Kind == yaml.MappingNode {
			root = inner
		}
		for i := 0; i+1 < len(root.Content); i += 2 {
			if err := put(root.Content[i], resolved(root.Content[i+1])); err != nil {
				return nil, err
			}
		}
	default:
		return nil, errors.New("1: a file of parameters is a list of ParameterKey and ParameterValue, or an object of names and values")
	}
	return values, nil
}

func parameterNodes(data []byte) (*yaml.Node, error) {
	if len(data) > maxSize {
		return nil, errors.New("1: it is too large for a file of parameters")
	}
	if root, err := readJSON(data); err == nil {
		return root, nil
	} else if text := bytes.TrimSpace(data); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return nil, err
	}
	var top yaml.Node
	if err := yaml.Unmarshal(data, &top); err != nil || len(top.Content) == 0 {
		return nil, errors.New("1: it is neither JSON nor YAML")
	}
	t := &template{file: "parameters"}
	if err := t.check(top.Content[0], 0); err != nil {
		return nil, err
	}
	return top.Content[0], nil
}
