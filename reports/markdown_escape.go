package reports

import (
	"strings"
)

// mdText writes a string into a line of GitHub Flavored Markdown as plain text:
// nothing in it is markup, HTML or a link. A comment that shows as nothing comes
// after @ and #, since GitHub looks for people and issues to notify after
// Markdown is done, where a backslash has no effect.
func mdText(s string) string {
	var b strings.Builder
	s = strings.TrimSpace(Clean(s))
	for i, c := range s {
		switch c {
		case '\\', '`', '*', '_', '[', ']', '|', '~', '$':
			b.WriteByte('\\')
		case '<':
			b.WriteString("&lt;")
			continue
		case '>':
			b.WriteString("&gt;")
			continue
		case '&':
			b.WriteString("&amp;")
			continue
		case '@', '#':
			b.WriteRune(c)
			b.WriteString("<!-- -->")
			continue
		case ':':
			if strings.HasPrefix(s[i:], "://") { // an address becomes a link by itself
				b.WriteByte('\\')
			}
		case '.':
			if i >= 3 && strings.EqualFold(s[i-3:i], "www") {
				b.WriteByte('\\')
			}
		case '-', '+', '=': // a list or a heading at the beginning of a line
			if i == 0 {
				b.WriteByte('\\')
			}
		}
		b.WriteRune(c)
	}
	return escapeNumber(b.String())
}

// escapeNumber keeps a number at the beginning from starting a list.
func escapeNumber(s string) string {
	rest := strings.TrimLeft(s, "0123456789")
	if n := len(s) - len(rest); n > 0 && rest != "" && (rest[0] == '.' || rest[0] == ')') {
		return s[:n] + `\` + rest
	}
	return s
}

// tickRun is how many backticks in a row a code span may hold; GitHub's parser
// knows no fence longer than 80.
const tickRun = 8

// mdCode writes a string as a code span: nothing in it is markup or notifies
// anybody. Not for tables, where | ends a cell even there.
func mdCode(s string) string {
	s = Clean(s)
	if strings.TrimSpace(s) == "" {
		return `""`
	}
	run := longest(s, '`')
	if run > tickRun {
		s, run = strings.ReplaceAll(s, "`", `\x60`), 0
	}
	fence := strings.Repeat("`", run+1)
	if run > 0 || s[0] == ' ' && s[len(s)-1] == ' ' {
		s = " " + s + " "
	}
	return fence + s + fence
}

// longest is the length of the longest run of a character.
func longest(s string, c byte) int {
	most, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		most = max(most, run)
	}
	return most
}

// markdown is text that is written block by block.
type markdown struct{ strings.Builder }

// para writes a paragraph of Markdown.
func (m *markdown) para(s string) {
	if s != "" {
		m.WriteString(s + "\n\n")
	}
}

// fence writes clean lines as a code block of a language.
func (m *markdown) fence(language string, lines []string) {
	ticks := 2
	for _, line := range lines {
		ticks = max(ticks, longest(line, '`'))
	}
	fence := strings.Repeat("`", ticks+1)
	m.WriteString(fence + language + "\n" + strings.Join(lines, "\n") + "\n" + fence + "\n\n")
}

// table writes a table of a first column of names and others of numbers. Cells
// are Markdown.
func (m *markdown) table(head []string, rows [][]string) {
	m.row(head)
	m.WriteString("| --- |" + strings.Repeat(" ---: |", len(head)-1) + "\n")
	for _, cells := range rows {
		m.row(cells)
	}
	m.WriteString("\n")
}

func (m *markdown) row(cells []string) {
	m.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}
