package reports

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// Columns of a row: name, place, reasons.
const (
	rowIndent = 2
	rowGap    = 2
	whyLeast  = 30 // columns that a reason needs beside the others
)

// row is what is printed of one failure: clean and short.
type row struct {
	name, where string
	why         []string
	ink         ink           // of the name
	waiver      *model.Waiver // of a waived failure; nil in others
}

// cols are the widths of the columns. name is 0 when names stand on lines of
// their own, above the rest.
type cols struct{ name, where int }

// cols fits columns to rows: names up to two fifths of the page and as far as
// reasons leave room. A longer name gets a line of its own, and when more than a
// third of the names are longer, all do.
func (p *page) cols(rows []row) cols {
	var c cols
	for _, r := range rows {
		c.where = max(c.where, columns(r.where))
	}
	room, longer := min(p.width*2/5, p.width-c.whyAt()-whyLeast), 0
	for _, r := range rows {
		if n := columns(r.name); n <= room {
			c.name = max(c.name, n)
		} else {
			longer++
		}
	}
	if 3*longer > len(rows) {
		c.name = 0
	}
	return c
}

// whyAt is the column at which reasons start.
func (c cols) whyAt() int {
	at := rowIndent + c.name + rowGap
	if c.where > 0 {
		at += c.where + rowGap
	}
	return at
}

func (p *page) row(c cols, r row) {
	name := r.name
	if columns(name) > c.name {
		p.verbatim(rowIndent, span{clip(name, 2*(p.width-rowIndent)), r.ink})
		name = ""
	}
	lead := []span{
		plain(strings.Repeat(" ", rowIndent)), painted(r.ink, name),
		plain(strings.Repeat(" ", c.name-columns(name)+rowGap)),
		painted(faint, pad(clip(r.where, c.where), c.where)),
	}
	first, hang := c.whyAt(), c.whyAt()
	if p.width-hang < whyLeast { // a long place on a narrow page
		hang = 3 * rowIndent
	}
	for _, why := range r.why {
		p.para(lead, first, hang, plain(why))
		lead, first = nil, hang
	}
}

// rows lists the resources that fail a rule. When all are wanted and more fail
// than are held in memory, the results are read again and written as they come.
func (p *page) rows(r *model.Report, o Options, g *group) error {
	c, shown := p.cols(g.rows), 0
	wanted := g.fails
	if o.Limit > 0 {
		wanted = min(wanted, o.Limit)
	}
	if wanted <= len(g.rows) {
		for _, row := range g.rows[:wanted] {
			p.row(c, row)
		}
		shown = wanted
	}
	if shown < wanted {
		for res, err := range r.Results {
			if err != nil {
				return readError(err)
			}
			if res.Rule != g.rule.ID || res.Status != model.StatusFail {
				continue
			}
			p.row(c, rowOf(res, p.width))
			if shown++; shown == wanted {
				break
			}
		}
	}
	if n := g.fails - shown; n > 0 {
		p.para(nil, rowIndent, 2*rowIndent, painted(faint, "and "+num(n)+" more; --limit 0 shows all"))
	}
	return nil
}
