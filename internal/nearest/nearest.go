// Package nearest finds what somebody who mistyped a name meant.
package nearest

import "strings"

// Name returns the name with the fewest differences from a mistyped one, or
// "" when none is close.
func Name(typed string, names []string) string {
	best, least := "", 3 // three slips of the finger are another word
	for _, name := range names {
		if d := Distance(strings.ToLower(typed), strings.ToLower(name)); d < least && d < len(name) {
			best, least = name, d
		}
	}
	return best
}

// Distance is the number of letters to insert, delete or replace to make a
// into b (Levenshtein).
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			above := row[j+1]
			row[j+1] = min(above+1, row[j]+1)
			if a[i] == b[j] {
				row[j+1] = min(row[j+1], diagonal)
			} else {
				row[j+1] = min(row[j+1], diagonal+1)
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
