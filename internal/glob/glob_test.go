package glob

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "prod/a:b", true},
		{"prod/*", "prod/a/b", true},
		{"prod/*", "prod/", true},
		{"prod/*", "xprod/a", false},
		{"*-west-?", "eu-west-1", true},
		{"*-west-?", "eu-west-12", false},
		{"a*b*c", "aXbbYcc", true},
		{"a*b*c", "aXcYb", false},
		{"[ab]", "a", false},
		{"[ab]", "[ab]", true},
	} {
		require.Equal(t, c.want, Match(c.pattern, c.s), "%s on %s", c.pattern, c.s)
	}
}
