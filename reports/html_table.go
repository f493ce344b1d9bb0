package reports

import "strings"

// table begins a table, which scrolls by itself where the page is too narrow for
// it: by keyboard too, so it can have the focus and has a label. The names of
// columns of numbers end with #.
func (d *document) table(class, label, caption string, columns ...string) {
	d.raw("<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"")
	d.text(label)
	d.raw("\"><table class=\"" + class + "\">")
	if caption != "" {
		d.element("caption", "", caption)
	}
	d.raw("<thead><tr>")
	for _, name := range columns {
		name, number := strings.CutSuffix(name, "#")
		d.raw("<th scope=\"col\"")
		if number {
			d.raw(" class=\"n\"")
		}
		d.raw(">" + htmlText(name) + "</th>")
	}
	d.raw("</tr></thead><tbody>\n")
}

func (d *document) endTable() { d.raw("</tbody></table></div>\n") }

// number is a count in a table. Zero is a dot, so that what is there stands out.
func (d *document) number(n int, class string) {
	if n == 0 {
		d.raw("<td class=\"n quiet\">·</td>")
		return
	}
	d.raw("<td class=\"n " + class + "\">" + num(n) + "</td>")
}

// list writes texts as a list.
func (d *document) list(lines []string) {
	d.raw("<ul>\n")
	for _, line := range lines {
		d.element("li", "", strings.TrimSpace(line))
		d.raw("\n")
	}
	d.raw("</ul>\n")
}
