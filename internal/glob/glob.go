// Package glob matches patterns of * (any characters, / and : included) and ?
// (one character), as IAM policies and our own configuration write them.
// Everything else in a pattern stands for itself, so there are no bad patterns.
package glob

import "strings"

// Match says whether a pattern matches all of s.
func Match(pattern, s string) bool {
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
