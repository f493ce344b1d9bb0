package cloudformation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// jsonReader makes the nodes that YAML has of JSON, with their lines.
type jsonReader struct {
	data []byte
	dec  *json.Decoder
	at   int64 // up to which lines are counted
	line int
}

// readJSON reads a file. Its errors begin with the line.
func readJSON(data []byte) (*yaml.Node, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := &jsonReader{data: data, dec: json.NewDecoder(bytes.NewReader(data)), line: 1}
	r.dec.UseNumber()
	root, err := r.value(0)
	if err == nil {
		if _, more := r.dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the end of the template")
		}
	}
	if err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			r.count(min(syntax.Offset, int64(len(data))))
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the file ends too early")
		}
		return nil, fmt.Errorf("%d: it is no valid JSON: %w", r.line, err)
	}
	return root, nil
}

func (r *jsonReader) count(to int64) {
	if to > r.at {
		r.line += bytes.Count(r.data[r.at:to], []byte("\n"))
		r.at = to
	}
}

func (r *jsonReader) value(depth int) (*yaml.Node, error) {
	if depth > maxDepth {
		return nil, errors.New("it is nested too deeply for a template")
	}
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	r.count(r.dec.InputOffset())
	n := &yaml.Node{Line: r.line, Kind: yaml.ScalarNode}
	switch token := token.(type) {
	case json.Delim:
		n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		if token == '{' {
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
		}
		for r.dec.More() {
			// In an object names and values take turns, so that both are read alike.
			child, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, child)
		}
		_, err := r.dec.Token()
		return n, err
	case string:
		n.Tag, n.Value, n.Style = "!!str", token, yaml.DoubleQuotedStyle
	case json.Number:
		n.Tag, n.Value = "!!int", token.String()
	case bool:
		n.Tag, n.Value = "!!bool", fmt.Sprint(token)
	default:
		n.Tag, n.Value = "!!null", "null"
	}
	return n, nil
}
