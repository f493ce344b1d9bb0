package xlsx

import (
	"bufio"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Cell is a text, or a number when IsNumber says so.
type Cell struct {
	Text     string
	Number   int
	IsNumber bool
	Look     Look
}

// Text is a cell of a text.
func Text(s string) Cell { return Cell{Text: s} }

// Number is a cell of a number, which sums and sorts as one.
func Number(n int) Cell { return Cell{Number: n, IsNumber: true} }

func (c Cell) write(w *bufio.Writer, at string) {
	switch {
	case c.IsNumber:
		w.WriteString(`<c r="` + at + `" s="` + c.Look.number() + `"><v>` + strconv.Itoa(c.Number) + `</v></c>`)
	case c.Text != "":
		w.WriteString(`<c r="` + at + `" t="inlineStr" s="` + c.Look.text(formula(c.Text)) + `"><is><t xml:space="preserve">`)
		w.WriteString(escape(cut(c.Text, MaxChars)))
		w.WriteString(`</t></is></c>`)
	}
}

// formula says whether a text would be a formula if somebody typed it, or read it
// from a csv file that was made of the sheet (OWASP, "CSV Injection").
func formula(s string) bool {
	s = strings.TrimLeft(s, " \"'\t\r\n")
	return s != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(s)[0])
}

// escaped is how a text writes a character by its number (ECMA-376 part 1,
// 22.9.2.19): a text that has this in it must not be read as one.
var escaped = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

// escape writes text of an element. Characters that XML 1.0 does not have become
// U+FFFD; the reports' own texts have none.
func escape(s string) string {
	if strings.Contains(s, "_x") {
		s = escaped.ReplaceAllString(s, "_x005F_$1")
	}
	return markup.Replace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return '\ufffd'
		}
		return r
	}, s))
}

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// cut shortens a text to a number of UTF-16 code units, and shows that it did.
func cut(s string, limit int) string {
	if len(s) <= limit { // bytes: never fewer than units
		return s
	}
	units := 0
	for i, r := range s {
		n := utf16.RuneLen(r)
		if units+n > limit-1 {
			if len(utf16.Encode([]rune(s[i:]))) <= limit-units {
				return s
			}
			return s[:i] + "…"
		}
		units += n
	}
	return s
}
