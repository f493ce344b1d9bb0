package reports

import (
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
)

// word is what must stay together on a line, in parts of one look each.
type word []span

func (w word) columns() int {
	n := 0
	for _, s := range w {
		n += columns(s.text)
	}
	return n
}

// split cuts spans at spaces, cleaned. Two spans without a space between them
// make one word.
func split(spans []span) []word {
	var words []word
	var open word
	end := func() {
		if len(open) > 0 {
			words, open = append(words, open), nil
		}
	}
	for _, s := range spans {
		for i, part := range strings.Split(Clean(s.text), " ") {
			if i > 0 {
				end()
			}
			if part != "" {
				open = append(open, span{part, s.ink})
			}
		}
	}
	end()
	return words
}

// columns is how many columns of a terminal clean text takes: two for a wide
// character, none for a combining mark.
func columns(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return text.StringWidthWithoutEscSequences(s)
		}
	}
	return len(s) // as most names and messages are
}

// pad fills text with spaces up to n columns.
func pad(s string, n int) string { return text.Pad(s, n, ' ') }

// breakAt returns the beginning of a word that is longer than n columns: at most
// n columns, and where it can, up to a space or separator in the last third.
func breakAt(s string, n int) string {
	head := text.Trim(s, n)
	if head == "" { // a wide character in one column: go on rather than loop
		for i := range s {
			if i > 0 {
				return s[:i]
			}
		}
		return s
	}
	if i := strings.LastIndexAny(head, " /:,.-_=;&?") + 1; i < len(head) && columns(head[:i]) >= n*2/3 {
		return head[:i]
	}
	return head
}

// clipBytes is how many bytes a column may take: a wide character and its marks.
const clipBytes = 8

// clip shortens clean text to n columns by leaving out its middle: names of
// resources differ at both ends. Marks that take no column count by their bytes,
// so that the result is of bounded length.
func clip(s string, n int) string {
	if most := clipBytes * max(n, 1); len(s) > most {
		head, tail := s[:most/2], s[len(s)-most/2:]
		for !utf8.ValidString(head) {
			head = head[:len(head)-1]
		}
		for !utf8.ValidString(tail) {
			tail = tail[1:]
		}
		s = head + "…" + tail
	}
	if columns(s) <= n {
		return s
	}
	if n < 5 {
		return text.Trim(s, n)
	}
	tail := (n - 1) / 2
	head := text.Trim(s, n-1-tail)
	end := len(s)
	for left := tail; ; { // the longest end that fits
		r, size := utf8.DecodeLastRuneInString(s[:end])
		if left -= text.RuneWidth(r); left < 0 {
			break
		}
		end -= size
	}
	return head + "…" + s[end:]
}
