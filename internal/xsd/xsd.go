// Package xsd is for tests: it compares a document with an XML schema, as far as
// the schemas of the reports go.
package xsd

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// Schema is what the tests need of XML Schema: which elements and attributes an
// element may and must have, whether it may have text, and patterns of values.
// It is enough for a schema of references, sequences and choices that repeat.
type Schema struct {
	Elements []element `xml:"element"`
	Types    []struct {
		Name    string `xml:"name,attr"`
		Pattern struct {
			Value string `xml:"value,attr"`
		} `xml:"restriction>pattern"`
	} `xml:"simpleType"`
}

type element struct {
	Name    string `xml:"name,attr"`
	Ref     string `xml:"ref,attr"`
	Type    string `xml:"type,attr"`
	Complex struct {
		group
		Mixed      bool `xml:"mixed,attr"`
		Attributes []struct {
			Name string `xml:"name,attr"`
			Type string `xml:"type,attr"`
			Use  string `xml:"use,attr"`
		} `xml:"attribute"`
	} `xml:"complexType"`
}

type group struct {
	Elements  []element `xml:"element"`
	Sequences []group   `xml:"sequence"`
	Choices   []group   `xml:"choice"`
}

func (g *group) names() map[string]bool {
	all := map[string]bool{}
	for _, e := range g.Elements {
		all[e.Ref+e.Name] = true
	}
	for _, of := range append(append([]group{}, g.Sequences...), g.Choices...) {
		for name := range of.names() {
			all[name] = true
		}
	}
	return all
}

// Read reads a schema from a file.
func Read(path string) (*Schema, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(raw)
}

// Parse reads a schema.
func Parse(raw []byte) (*Schema, error) {
	s := &Schema{}
	if err := xml.Unmarshal(raw, s); err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	if len(s.Elements) == 0 {
		return nil, errors.New("the schema has no elements")
	}
	return s, nil
}

// Validate reads a document, which refuses characters that XML does not allow,
// and compares it with the schema.
func (s *Schema) Validate(doc string) error {
	elements := map[string]*element{}
	for i := range s.Elements {
		elements[s.Elements[i].Name] = &s.Elements[i]
	}
	var open []*element
	for dec := xml.NewDecoder(strings.NewReader(doc)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := elements[token.Name.Local]
			if e == nil {
				return fmt.Errorf("no element %s", token.Name.Local)
			}
			if n := len(open); n > 0 && !open[n-1].Complex.names()[e.Name] {
				return fmt.Errorf("no %s in %s", e.Name, open[n-1].Name)
			}
			if err := s.attributes(e, token.Attr); err != nil {
				return err
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" && !open[len(open)-1].Complex.Mixed && open[len(open)-1].Type != "xs:string" {
				return fmt.Errorf("text %q in %s", text, open[len(open)-1].Name)
			}
		}
	}
}

func (s *Schema) attributes(e *element, attributes []xml.Attr) error {
	values := map[string]string{}
	for _, a := range attributes {
		values[a.Name.Local] = a.Value
	}
	for _, a := range e.Complex.Attributes {
		value, ok := values[a.Name]
		if !ok && a.Use == "required" {
			return fmt.Errorf("%s without %s", e.Name, a.Name)
		}
		for _, of := range s.Types {
			if ok && of.Name == a.Type && !regexp.MustCompile("^(?:"+of.Pattern.Value+")$").MatchString(value) {
				return fmt.Errorf("%s=%q of %s is no %s", a.Name, value, e.Name, of.Name)
			}
		}
		delete(values, a.Name)
	}
	for name := range values {
		return fmt.Errorf("no attribute %s of %s", name, e.Name)
	}
	return nil
}
