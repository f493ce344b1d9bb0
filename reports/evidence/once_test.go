package evidence

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOneMeaning(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": {"a": 1}, "b": [{"a": 1}, {"a": "a"}], "c": "a", "d": [], "e": {}}`: "",
		`[]`:                            "",
		`1`:                             "",
		`{"a": 1, "b": {}, "a": 1}`:     `the member "a" is there twice in one object`,
		`{"a": [{"b": 1, "\u0062":1}]}`: `the member "b" is there twice in one object`,
		`{"a": {}, "a": []}`:            `the member "a" is there twice in one object`,
		`{} {}`:                         "something follows the end",
		`{}]`:                           "it is not JSON",
		`{"a": 1`:                       "it is not JSON",
		``:                              "it is not JSON",
		strings.Repeat("[", 1e6):        "it is nested deeper than 1000 levels",
	} {
		if err := oneMeaning(strings.NewReader(text)); want == "" {
			require.NoError(t, err, text)
		} else {
			require.ErrorContains(t, err, want, text)
		}
	}
}

// TestMeanings signs reports and settings that can be read in two ways.
func TestMeanings(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"report.json":         {`{"verdict": "fail", "verdict": "pass"}`, `report.json: the member "verdict" is there twice`},
		"rules/settings.json": {`{} {"off": {}}`, "rules/settings.json: something follows the end"},
	} {
		list := parts()[:2]
		list = append(list, Bytes(name, []byte(c.text)))
		var b strings.Builder
		require.NoError(t, Write(t.Context(), &b, about, list, ed25519Signer{key(1)}))
		_, found := check(t, []byte(b.String()), verifier(t, key(1).Public()))
		require.Len(t, found.Problems, 1)
		require.Contains(t, found.Problems[0].File+": "+found.Problems[0].Detail, c.want)
	}
	envelope := edit(entries(t, bundle(t, ed25519Signer{key(1)})), SignatureName, func(b []byte) []byte {
		return append([]byte(`{"payloadType": "text/plain",`), b[1:]...)
	})
	_, found := check(t, zipped(t, envelope), verifier(t, key(1).Public()))
	require.Len(t, found.Problems, 1)
	require.Contains(t, found.Problems[0].Detail, `no DSSE envelope: the member "payloadType" is there twice`)
}
