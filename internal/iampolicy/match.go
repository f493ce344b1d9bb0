package iampolicy

import "strings"

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
	// On a mismatch the last * takes one more character, so the time is at
	// most the product of the lengths.
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
