package reports_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/reports"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                     "",
		"prod/db":              "prod/db",
		"a b":                  "a b",
		"\x1b[31mred\x1b[0m":   `\x1b[31mred\x1b[0m`,
		"a\nb\rc\td":           `a\nb\rc\td`,
		"nul\x00":              `nul\x00`,
		"del\x7f":              `del\x7f`,
		"c1\u009b31m":          `c1\u009b31m`, // CSI in one character
		"\u202egnp.exe":        `\u202egnp.exe`,
		"\u2066x\u2069":        `\u2066x\u2069`,
		"a\u200bb\u200dc":      `a\u200bb\u200dc`,
		"\ufeffbom":            `\ufeffbom`,
		"line\u2028para":       `line\u2028para`,
		"no\u00a0break":        `no\u00a0break`,
		"tag\U000e0041":        `tag\U000e0041`,
		"filler\u3164\u2800":   `filler\u3164\u2800`,
		"private\ue000":        `private\ue000`,
		"bad\xff\xfeutf8":      `bad\xff\xfeutf8`,
		"cut\xe6\x9c":          `cut\xe6\x9c`,
		"本番/клé/🔑/e\u0301/❤️":  "本番/клé/🔑/e\u0301/❤️",
		"replacement \ufffd":   "replacement \ufffd",
		`literal \x1b \ stays`: `literal \x1b \ stays`,
	} {
		require.Equal(t, want, reports.Clean(in), "%q", in)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "x", hostileANSI, hostileBidi, hostileNewline, hostileNUL, hostileCJK, hostileEmoji, "\xff\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := reports.Clean(s)
		require.True(t, utf8.ValidString(got))
		require.Equal(t, -1, strings.IndexFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", got)
		require.Equal(t, got, reports.Clean(got), "cleaning twice changes nothing")
		require.GreaterOrEqual(t, len(got), len(s), "nothing is dropped")
	})
}
