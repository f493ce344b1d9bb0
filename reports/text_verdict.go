package reports

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// verdict is the first line: the answer and the numbers.
func (p *page) verdict(r *model.Report, o Options) { p.line(o, answer(r, o)...) }

// line is the verdict with the numbers behind it.
func (p *page) line(o Options, numbers ...span) {
	label := " " + strings.ToUpper(o.Verdict.String()) + " "
	at := len(label) + 1
	if !p.color {
		label, at = label[1:], at-1
	}
	p.para([]span{painted(verdictInk(o.Verdict), label)}, at, at, numbers...)
}

// answer is the numbers behind a verdict in words.
func answer(r *model.Report, o Options) []span {
	c := r.Total()
	switch {
	case len(r.Rules) == 0:
		return []span{painted(bold, "no rule was loaded, so nothing was judged")}
	case c.Total() == 0:
		return []span{painted(bold, "nothing was found to judge")}
	case c.NotApplicable == c.Total():
		return []span{painted(bold, "no rule applies to what was found: "+count(c.Total(), "result")+" not applicable")}
	case o.Verdict == model.VerdictPass && c.Fail+c.Unknown+c.Waived == 0:
		return append([]span{painted(bold, everything(c.Pass))}, rest(c.NotApplicable, model.StatusNotApplicable, "not applicable")...)
	}
	body := []span{painted(statusInk(model.StatusFail), num(c.Fail)), plain(" failing")}
	if c.Fail == 0 {
		body = []span{plain("nothing fails")}
	}
	body = append(body, rest(c.Unknown, model.StatusUnknown, "unknown")...)
	body = append(body, rest(c.Waived, model.StatusWaived, "waived")...)
	body = append(body, rest(c.Pass, model.StatusPass, "passing")...)
	return append(body, rest(c.NotApplicable, model.StatusNotApplicable, "not applicable")...)
}

func everything(n int) string {
	if n == 1 {
		return "the only result passes"
	}
	return "all " + count(n, "result") + " pass"
}

func rest(n int, s model.Status, what string) []span {
	if n == 0 {
		return nil
	}
	return []span{painted(faint, " · "), painted(statusInk(s), num(n)), plain(" " + what)}
}

// about says what the report is of: where, when, from what, how much.
func (p *page) about(r *model.Report) {
	accounts, regions := places(r.Scopes)
	var parts []string
	if len(accounts) > 0 {
		parts = append(parts, verb(len(accounts), "account ", "accounts ")+some(accounts, 3, "account"))
	}
	if len(regions) > 0 {
		parts = append(parts, some(regions, 4, "region"))
	}
	p.facts(parts...)

	var found []string
	for _, k := range model.Kinds() {
		if n := r.Summary.Resources[k]; n > 0 && k != model.KindAccount {
			found = append(found, count(n, kindWord(k)))
		}
	}
	if n := r.Total().Total(); n > 0 {
		found = append(found, count(n, "result")+" of "+count(len(r.Rules), "rule"))
	}
	p.facts(found...)

	source := r.Source
	if source == "live" {
		source = "live account"
		if len(accounts) > 1 {
			source = "live accounts"
		}
	}
	taken := ""
	if !r.TakenAt.IsZero() {
		taken = r.TakenAt.UTC().Format(time.DateTime) + " UTC"
	}
	tool := r.Tool
	if tool != "" {
		tool = "keyproof " + strings.TrimPrefix(tool, "keyproof ")
	}
	p.facts(source, taken, tool)
	for _, line := range recordLines(r) {
		p.facts(line)
	}
}

// unread says how many rules need what nobody read.
func (p *page) unread(r *model.Report) {
	if line := unread(r); line != "" {
		p.newline()
		p.para(nil, 0, 2, plain(line))
	}
}

// facts is one quiet line of things that are not empty.
func (p *page) facts(parts ...string) {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	if len(parts) > 0 {
		p.para(nil, 0, 2, painted(faint, strings.Join(parts, " · ")))
	}
}

// places are the accounts and regions of scopes, sorted, without empty ones and
// without the one that stands for none.
func places(scopes []model.Scope) (accounts, regions []string) {
	a, g := map[string]bool{}, map[string]bool{}
	for _, s := range scopes {
		a[s.Account], g[s.Region] = true, true
	}
	delete(a, "")
	delete(g, "")
	delete(g, model.RegionGlobal)
	return slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(g))
}
