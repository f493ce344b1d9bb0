package reports

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParaWraps(t *testing.T) {
	for _, c := range []struct {
		name        string
		lead        []span
		first, hang int
		body        []span
		want        string
	}{
		{"short", nil, 0, 0, []span{plain("a b")}, "a b\n"},
		{"nothing", nil, 0, 0, nil, "\n"},
		{"hanging", nil, 2, 4, []span{plain(strings.Repeat("word ", 14))}, "  " + strings.Repeat("word ", 11)[:54] + "\n    word word word\n"},
		{"after a lead", []span{plain("  fix")}, 7, 7, []span{plain(strings.Repeat("word ", 12))}, "  fix  " + strings.Repeat("word ", 10)[:49] + "\n       word word\n"},
		{"one word in two spans", nil, 0, 0, []span{painted(red, "ab"), plain("cd ef")}, "abcd ef\n"},
		{"a word longer than a line", nil, 0, 2, []span{plain("x " + strings.Repeat("y", 61))}, "x\n  " + strings.Repeat("y", 58) + "\n  yyy\n"},
		{"a path longer than a line", nil, 0, 2, []span{plain(strings.Repeat("y", 50) + "/" + strings.Repeat("z", 20))}, strings.Repeat("y", 50) + "/\n  " + strings.Repeat("z", 20) + "\n"},
		{"wide characters", nil, 0, 0, []span{plain(strings.Repeat("本", 31))}, strings.Repeat("本", 30) + "\n本\n"},
		{"marks take no room", nil, 0, 0, []span{plain(strings.Repeat("e\u0301", 60))}, strings.Repeat("e\u0301", 60) + "\n"},
		{"nothing acts on a terminal", []span{plain("\x1b[2J")}, 8, 8, []span{plain("\x07\n\u202e")}, `\x1b[2J \x07\n\u202e` + "\n"},
	} {
		var out bytes.Buffer
		p := newPage(&out, Options{Width: minWidth})
		p.para(c.lead, c.first, c.hang, c.body...)
		require.NoError(t, p.flush())
		require.Equal(t, c.want, out.String(), c.name)
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"short", 5, "short"},
		{"prod/payments/stripe", 11, "prod/…tripe"},
		{"本番環境/決済サービス", 9, "本番…ビス"},
		{"abcdef", 3, "abc"},
		{"", 0, ""},
	} {
		got := clip(c.in, c.n)
		require.Equal(t, c.want, got)
		require.LessOrEqual(t, columns(got), c.n)
	}
}

func TestWords(t *testing.T) {
	require.Equal(t, "1,234,567", num(1234567))
	require.Equal(t, "999", num(999))
	require.Equal(t, "1 key", count(1, "key"))
	require.Equal(t, "0 keys", count(0, "key"))
	require.Equal(t, "2 policies", count(2, "policy"))
	require.Equal(t, "", list(nil))
	require.Equal(t, "a, b and c", list([]string{"a", "b", "c"}))
	require.Equal(t, "a, b and 2 more regions", some([]string{"a", "b", "c", "d"}, 2, "region"))
	require.Equal(t, "a and 1 more region", some([]string{"a", "b"}, 1, "region"))
}
