package xlsx

import (
	"fmt"
	"strconv"
	"strings"
)

// Look is how a cell looks. Colour repeats what the words say.
type Look int

// The looks.
const (
	Plain Look = iota
	Heading
	Title
	Quiet
	Red
	Amber
	Green
	Blue
	looks
)

// The styles of a look are numbered one after the other: text, text that must
// stay text, and numbers.
func (l Look) text(guarded bool) string {
	if guarded {
		return strconv.Itoa(int(looks + l))
	}
	return strconv.Itoa(int(l))
}

func (l Look) number() string { return strconv.Itoa(int(2*looks + l)) }

// styles are the fonts by look, and for each the three kinds of cell. Text wraps
// and stands at the top; quotePrefix is what an apostrophe before a text sets.
func styles() string {
	fonts := []string{"", "<b/>", "<b/>", "", "", "", "", ""}
	colors := []string{"", "", "", "FF57606A", "FFB3261E", "FF8A5300", "FF1A6B34", "FF0B6477"}
	var b strings.Builder
	b.WriteString(`<styleSheet xmlns="` + nsMain + `"><fonts count="` + strconv.Itoa(int(looks)) + `">`)
	for l := range looks {
		size := 10
		if l == Title {
			size = 14
		}
		color := ""
		if colors[l] != "" {
			color = `<color rgb="` + colors[l] + `"/>`
		}
		fmt.Fprintf(&b, `<font>%s<sz val="%d"/>%s<name val="Calibri"/></font>`, fonts[l], size, color)
	}
	b.WriteString(`</fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FFE8ECF0"/></patternFill></fill></fills>` +
		`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="` + strconv.Itoa(int(3*looks)) + `">`)
	for kind := range 3 {
		for l := range looks {
			fill, quote, align := 0, "", `wrapText="1" vertical="top"`
			switch {
			case l == Heading:
				fill = 2
			case kind == 2:
				align = `vertical="top"`
			}
			if kind == 1 {
				quote = ` quotePrefix="1"`
			}
			format := 0
			if kind == 2 {
				format = 3 // #,##0
			}
			fmt.Fprintf(&b, `<xf numFmtId="%d" fontId="%d" fillId="%d" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"%s><alignment %s/></xf>`, format, l, fill, quote, align)
		}
	}
	b.WriteString(`</cellXfs></styleSheet>`)
	return b.String()
}
