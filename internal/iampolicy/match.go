package iampolicy

import (
	"strings"

	"github.com/keyproof/keyproof/internal/glob"
)

// matchAny says whether one of the patterns of an Action or Principal matches,
// ignoring case.
func matchAny(patterns []string, s string) bool {
	for _, p := range patterns {
		if match(strings.ToLower(p), strings.ToLower(s)) {
			return true
		}
	}
	return false
}

// match says whether a pattern of * (any characters) and ? (one character)
// matches all of s.
func match(pattern, s string) bool {
	return glob.Match(pattern, s)
}
