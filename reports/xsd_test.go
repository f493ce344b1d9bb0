package reports_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// xsd is what the tests need of XML Schema: which elements and attributes an
// element may and must have, whether it may have text, and patterns of values.
// It is enough for a schema of references, sequences and choices that repeat.
type xsd struct {
	Elements []xsdElement `xml:"element"`
	Types    []struct {
		Name    string `xml:"name,attr"`
		Pattern struct {
			Value string `xml:"value,attr"`
		} `xml:"restriction>pattern"`
	} `xml:"simpleType"`
}

type xsdElement struct {
	Name    string `xml:"name,attr"`
	Ref     string `xml:"ref,attr"`
	Type    string `xml:"type,attr"`
	Complex struct {
		xsdGroup
		Mixed      bool `xml:"mixed,attr"`
		Attributes []struct {
			Name string `xml:"name,attr"`
			Type string `xml:"type,attr"`
			Use  string `xml:"use,attr"`
		} `xml:"attribute"`
	} `xml:"complexType"`
}

type xsdGroup struct {
	Elements  []xsdElement `xml:"element"`
	Sequences []xsdGroup   `xml:"sequence"`
	Choices   []xsdGroup   `xml:"choice"`
}

func (g *xsdGroup) names() map[string]bool {
	all := map[string]bool{}
	for _, e := range g.Elements {
		all[e.Ref+e.Name] = true
	}
	for _, of := range append(append([]xsdGroup{}, g.Sequences...), g.Choices...) {
		for name := range of.names() {
			all[name] = true
		}
	}
	return all
}

func readXSD(t *testing.T, path string) *xsd {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	s := &xsd{}
	require.NoError(t, xml.Unmarshal(raw, s))
	require.NotEmpty(t, s.Elements)
	return s
}

// validate reads a document, which refuses characters that XML does not allow,
// and compares it with the schema.
func (s *xsd) validate(doc string) error {
	elements := map[string]*xsdElement{}
	for i := range s.Elements {
		elements[s.Elements[i].Name] = &s.Elements[i]
	}
	var open []*xsdElement
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

func (s *xsd) attributes(e *xsdElement, attributes []xml.Attr) error {
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

// TestXSD makes sure that the schema of the tests can refuse.
func TestXSD(t *testing.T) {
	s := &xsd{}
	require.NoError(t, xml.Unmarshal([]byte(`<schema><simpleType name="N"><restriction><pattern value="[0-9]+"/></restriction></simpleType>
		<element name="a"><complexType><sequence><choice><element ref="b"/></choice></sequence><attribute name="n" type="N" use="required"/></complexType></element>
		<element name="b"><complexType mixed="true"/></element></schema>`), s))
	require.NoError(t, s.validate(`<a n="1"><b>text</b></a>`))
	for doc, want := range map[string]string{
		`<c/>`: "no element c", `<a/>`: "a without n", `<a n="x"/>`: "is no N", `<a n="1" m="2"/>`: "no attribute m", `<a n="1">text</a>`: "text",
		`<b><a n="1"/></b>`: "no a in b", "<b>\x1b</b>": "illegal character", `<b>`: "unexpected EOF",
	} {
		require.ErrorContains(t, s.validate(doc), want, doc)
	}
}
