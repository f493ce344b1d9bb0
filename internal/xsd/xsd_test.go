package xsd_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/xsd"
)

// TestValidate makes sure that a schema can refuse.
func TestValidate(t *testing.T) {
	s, err := xsd.Parse([]byte(`<schema><simpleType name="N"><restriction><pattern value="[0-9]+"/></restriction></simpleType>
		<element name="a"><complexType><sequence><choice><element ref="b"/></choice></sequence><attribute name="n" type="N" use="required"/></complexType></element>
		<element name="b"><complexType mixed="true"/></element></schema>`))
	require.NoError(t, err)
	require.NoError(t, s.Validate(`<a n="1"><b>text</b></a>`))
	for doc, want := range map[string]string{
		`<c/>`: "no element c", `<a/>`: "a without n", `<a n="x"/>`: "is no N", `<a n="1" m="2"/>`: "no attribute m", `<a n="1">text</a>`: "text",
		`<b><a n="1"/></b>`: "no a in b", "<b>\x1b</b>": "illegal character", `<b>`: "unexpected EOF",
	} {
		require.ErrorContains(t, s.Validate(doc), want, doc)
	}
}

func TestParse(t *testing.T) {
	_, err := xsd.Parse([]byte(`<schema/>`))
	require.ErrorContains(t, err, "no elements")
	_, err = xsd.Read(t.TempDir())
	require.Error(t, err)
}
