package reports

import (
	"bufio"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// The widths between which text is laid out. Below, columns make no sense;
// above, lines are too long to read.
const (
	minWidth     = 60
	maxWidth     = 200
	defaultWidth = 100 // when there is no terminal
)

// ink is how text looks where colour is allowed: the parameters of an ANSI SGR
// sequence (ECMA-48, 8.3.117). Empty is as it comes.
type ink string

// The inks. Colour repeats what the words say and never says it alone.
const (
	bold     ink = "1"
	faint    ink = "2"
	red      ink = "31"
	green    ink = "32"
	yellow   ink = "33"
	cyan     ink = "36"
	boldRed  ink = "1;31"
	onRed    ink = "1;7;31"
	onGreen  ink = "1;7;32"
	onYellow ink = "1;7;33"
)

// span is text of one look. It may come from anywhere: what prints it cleans it.
type span struct {
	text string
	ink  ink
}

func plain(s string) span          { return span{text: s} }
func painted(i ink, s string) span { return span{text: s, ink: i} }

// page lays text out in lines of a width. The first error of its writer is kept
// by the bufio.Writer and returned by Flush.
type page struct {
	w     *bufio.Writer
	width int
	color bool
	ink   ink // that is on; none at the start of every line
}

func newPage(w io.Writer, o Options) *page {
	width := o.Width
	if width == 0 {
		width = defaultWidth
	}
	return &page{w: bufio.NewWriter(w), width: min(max(width, minWidth), maxWidth), color: o.Color}
}

// newline ends a line; after the end of one it makes an empty line.
func (p *page) newline() {
	p.dip("")
	p.w.WriteByte('\n')
}

// para writes words from column first on, wrapped to the page, with the lines
// after the first starting at column hang. lead, cells that must not be wrapped,
// comes before and takes the columns up to first.
func (p *page) para(lead []span, first, hang int, body ...span) {
	col := 0
	for _, s := range lead {
		p.write(s)
		col += columns(Clean(s.text))
	}
	words := split(body)
	if len(words) == 0 {
		p.newline()
		return
	}
	p.dip("")
	p.spaces(first - col)
	col = first
	empty := true // the line has no word yet
	for _, word := range words {
		gap := 1
		if empty {
			gap = 0
		}
		if w := word.columns(); !empty && col+gap+w > p.width {
			p.newline()
			p.spaces(hang)
			col, gap = hang, 0
		}
		if word[0].ink != p.ink {
			p.dip("") // a gap between two inks has none
		}
		p.spaces(gap)
		col = p.word(word, col+gap, hang)
		empty = false
	}
	p.newline()
}

// word writes a word, in pieces if it is longer than a line, and returns the
// column after it.
func (p *page) word(word word, col, hang int) int {
	for _, s := range word {
		rest := s.text
		for col+columns(rest) > p.width {
			if col < p.width {
				piece := breakAt(rest, p.width-col)
				p.write(span{piece, s.ink})
				rest = rest[len(piece):]
			}
			p.newline()
			p.spaces(hang)
			col = hang
		}
		p.write(span{rest, s.ink})
		col += columns(rest)
	}
	return col
}

// verbatim writes text with all its spaces, over as many lines as it needs. It
// takes clean text.
func (p *page) verbatim(indent int, s span) {
	for rest := s.text; rest != ""; {
		piece := rest
		if columns(rest) > p.width-indent {
			piece = breakAt(rest, p.width-indent)
		}
		p.spaces(indent)
		p.write(span{strings.TrimRight(piece, " "), s.ink})
		p.newline()
		rest = rest[len(piece):]
	}
}

func (p *page) spaces(n int) {
	p.w.WriteString(strings.Repeat(" ", max(n, 0)))
}

// write is the only way for text to the writer, but for the frames of tables.
func (p *page) write(s span) {
	if s.text == "" {
		return
	}
	p.dip(s.ink)
	p.w.WriteString(Clean(s.text))
}

// dip changes the ink. Not by go-pretty's text.Color: that decides by the
// environment of the process, where Options.Color has decided already.
func (p *page) dip(i ink) {
	if !p.color || i == p.ink {
		return
	}
	if p.ink != "" {
		p.w.WriteString(text.EscapeReset)
	}
	p.ink = i
	if i != "" {
		p.w.WriteString(i.start())
	}
}

func (i ink) start() string { return text.EscapeStart + string(i) + text.EscapeStop }

// flush returns the first error of the writer.
func (p *page) flush() error { return p.w.Flush() }
