package reports_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/keyproof/keyproof/model"
)

// page is an HTML report as a browser reads it.
type page struct {
	ids     map[string]bool
	anchors []string
	scripts []string // that run
	styles  []string
	policy  string
	data    map[string]string
	text    string // all that a reader sees without scripts
}

// elements and attributes are all that the report has: nothing that loads,
// sends, or runs but the one script.
var (
	elements = strings.Fields(`html head meta title style body main header section h1 h2 h3 p span strong dl dt dd nav a svg text rect ul ol li div table caption thead tbody
		tr th td details summary pre script noscript label input select option button`)
	attributes = strings.Fields(`lang charset http-equiv content name class id href open viewbox role tabindex aria-label aria-labelledby aria-hidden aria-live aria-sort x y width height
		scope type value placeholder hidden data-column data-rule data-control data-unfold`)
)

// readHTML refuses what only a string from outside can have put there.
func readHTML(source string) (*page, error) {
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return nil, err
	}
	p := &page{ids: map[string]bool{}, data: map[string]string{}}
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			return nil, fmt.Errorf("comment %q", n.Data)
		}
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			p.text += n.Data
		}
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(elements, n.Data) {
			return nil, fmt.Errorf("element %q", n.Data)
		}
		a := map[string]string{}
		for _, attr := range n.Attr {
			if !slices.Contains(attributes, strings.ToLower(attr.Key)) {
				return nil, fmt.Errorf("attribute %q of %s", attr.Key, n.Data)
			}
			a[attr.Key] = attr.Val
		}
		if id, ok := a["id"]; ok {
			if p.ids[id] {
				return nil, fmt.Errorf("id %q twice", id)
			}
			p.ids[id] = true
		}
		content := ""
		if n.FirstChild != nil {
			content = n.FirstChild.Data
		}
		switch {
		case n.Data == "a":
			p.anchors = append(p.anchors, a["href"])
		case n.Data == "style":
			p.styles = append(p.styles, content)
		case n.Data == "script" && a["type"] == "application/json":
			p.data[a["id"]] = content
		case n.Data == "script":
			p.scripts = append(p.scripts, content)
		case a["http-equiv"] != "":
			p.policy += a["content"]
		}
	}
	for _, href := range p.anchors {
		if !p.ids[strings.TrimPrefix(href, "#")] {
			return nil, fmt.Errorf("link to %q", href)
		}
	}
	if len(p.scripts) != 1 || len(p.styles) != 1 {
		return nil, fmt.Errorf("%d scripts and %d styles", len(p.scripts), len(p.styles))
	}
	for name, raw := range p.data {
		if !json.Valid([]byte(raw)) {
			return nil, fmt.Errorf("%s is no JSON", name)
		}
	}
	return p, nil
}

func parsed(t *testing.T, r *model.Report) *page {
	t.Helper()
	p, err := readHTML(write(t, "html", r, judged(r, 0, 0)))
	require.NoError(t, err)
	return p
}

// TestHTMLReaderRefuses makes sure that the reader above can refuse.
func TestHTMLReaderRefuses(t *testing.T) {
	good := write(t, "html", gate(), judged(gate(), 0, 0))
	for what, bad := range map[string]string{
		"image": "<img src=x>", "handler": `<p onclick="x">`, "comment": "<!-- x -->", "script": "<script>x</script>", "address": `<a href="http://x">`, "id": `<p id="all">`,
	} {
		_, err := readHTML(strings.Replace(good, "<header>", "<header>"+bad, 1))
		require.Error(t, err, what)
	}
}

func TestHTMLNeedsNothingElse(t *testing.T) {
	p := parsed(t, theReport())
	digest := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	require.Contains(t, p.policy, "default-src 'none'; style-src "+digest(p.styles[0])+"; script-src "+digest(p.scripts[0])+";", "the browser runs what we wrote and nothing else")
	require.NotContains(t, p.policy, "unsafe")
	require.NotRegexp(t, `https?://|url\(|@import|innerHTML|eval\(`, p.styles[0]+p.scripts[0])
}

// TestHTMLHasAllResults: what the table shows is what the report has.
func TestHTMLHasAllResults(t *testing.T) {
	for _, r := range []*model.Report{theReport(), passing(), plan(), gate(), accepted(t), nothingFound(), newReport(nil, nil), eventful()} {
		p := parsed(t, r)
		var rows [][]any
		var statuses []model.Status
		var rules []struct{ ID, Severity string }
		require.NoError(t, json.Unmarshal([]byte(p.data["data-results"]), &rows))
		require.NoError(t, json.Unmarshal([]byte(p.data["data-statuses"]), &statuses))
		require.NoError(t, json.Unmarshal([]byte(p.data["data-rules"]), &rules))
		var counts model.Counts
		byRule := map[string]int{}
		for _, row := range rows {
			counts.Add(statuses[int(row[1].(float64))])
			byRule[rules[int(row[0].(float64))].ID]++
		}
		require.Equal(t, r.Total(), counts)
		for id, c := range r.Summary.ByRule {
			require.Equal(t, c.Total(), byRule[string(id)], id)
		}
	}
}

func TestHTMLSaysWhatAnAuditorAsks(t *testing.T) {
	text := strings.Join(strings.Fields(parsed(t, accepted(t)).text), " ")
	for _, want := range []string{
		"Compliance report: 2 accounts", "10 failing 11 unknown 6 waived 17 passing", "2026-03-14T09:26:53Z", "111122223333 and 444455556666",
		"164.308(a)(5)(ii)(D)", "Assessor: The rest.", "SOC 2 CC6.1 (proposed)",
		"SM-002: max_days is 30 days instead of 90: payment keys, decision of the board of 2026-01-12", "SM-012 is switched off: owners are kept elsewhere keyproof.yaml:3",
		"2026-06-30CISO; owner payments", `switched off in June \x1b[2J; instead: reads raise an alarm (keyproof.yaml:12)`, "allow secretsmanager:ListSecrets", "nothing of 444455556666 in me-south-1 could be read",
		"aws secretsmanager rotate-secret", "6 waived",
	} {
		require.Contains(t, text, want)
	}
	change := strings.Join(strings.Fields(parsed(t, gate()).text), " ")
	require.Contains(t, change, "4 introduced 1 existing 1 fixed")
	require.Contains(t, change, stripe+" modules/shop/secrets.tf:12 automatic rotation is off")
	require.Contains(t, change, `resource "aws_secretsmanager_secret_rotation" "this" {`)
	require.Contains(t, change, "Failed before the change too:")
}
