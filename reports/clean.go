package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean returns s with every character that does not print as itself written as
// an escape: control characters and with them ANSI sequences (\x1b), line
// breaks (\n), NUL (\x00), bidirectional overrides (\u202e), zero-width and other
// format characters, odd spaces, and bytes that are not UTF-8 (\xff). Letters of
// any script, their marks and emoji stay.
//
// Names, tags and messages come from whoever may write to the account. They must
// not move the cursor, forge a line of the report or look like another name.
func Clean(s string) string {
	i := firstUnclean(s)
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:i])
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if printable(r, size) {
			b.WriteString(s[i : i+size])
		} else {
			escape(&b, r, s[i:i+size])
		}
		i += size
	}
	return b.String()
}

func firstUnclean(s string) int {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !printable(r, size) {
			return i
		}
		i += size
	}
	return -1
}

// printable accepts letters, marks, numbers, punctuation, symbols and the
// ordinary space (unicode.IsPrint). All format characters (Unicode category Cf)
// are out, and two blank letters that print as nothing at all.
func printable(r rune, size int) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r < 0x7f
	}
	if r == utf8.RuneError && size == 1 {
		return false
	}
	return unicode.IsPrint(r) && !blank(r)
}

// blank are characters that Unicode calls letters, marks or symbols and that
// fonts draw as nothing (Default_Ignorable_Code_Point): names that differ only
// in them look the same. Variation selectors stay, emoji need them.
func blank(r rune) bool {
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0:
		return true
	}
	return false
}

func escape(b *strings.Builder, r rune, raw string) {
	const hex = "0123456789abcdef"
	digits := func(prefix string, v uint32, n int) {
		b.WriteString(prefix)
		for n--; n >= 0; n-- {
			b.WriteByte(hex[v>>(4*n)&0xf])
		}
	}
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		digits(`\x`, uint32(raw[0]), 2)
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\t':
		b.WriteString(`\t`)
	case r < utf8.RuneSelf:
		digits(`\x`, uint32(r), 2)
	case r <= 0xffff:
		digits(`\u`, uint32(r), 4)
	default:
		digits(`\U`, uint32(r), 8)
	}
}
