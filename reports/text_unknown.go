package reports

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// shownUnknown is how many lines of reasons and of gaps the summary shows.
const shownUnknown = 12

// settle says what kept results from being known and what a person can do.
func (p *page) settle(r *model.Report) {
	unknown := r.Total().Unknown
	if unknown == 0 {
		return
	}
	p.heading(count(unknown, "result") + " " + verb(unknown, "is", "are") + " unknown, neither pass nor fail. What would settle " + verb(unknown, "it", "them") + ":")
	var rows []row
	for _, u := range r.Summary.Unknowns[:min(shownUnknown, len(r.Summary.Unknowns))] {
		first, at := u.String(), spots(u.Accounts, u.Regions)
		if s := u.Settle(); s != "" && u.Reason == model.ReasonAccessDenied {
			first = s // names the action that is denied
		} else if s != "" {
			at = strings.TrimPrefix(at+"; "+s, "; ")
		}
		rows = append(rows, row{name: clip(Clean(first), 2*p.width), where: count(u.Results, "result"), why: []string{at}, ink: yellow})
	}
	c := p.cols(rows)
	for _, row := range rows {
		p.row(c, row)
	}
	if n := len(r.Summary.Unknowns) - len(rows); n > 0 {
		p.para(nil, rowIndent, rowIndent+2, painted(faint, "and "+count(n, "more reason")+", all in the json report"))
	}
}

// spots writes "111122223333 eu-west-1", with long lists cut.
func spots(accounts, regions []string) string {
	var parts []string
	if a := some(nonEmpty(accounts), 2, "account"); a != "" {
		parts = append(parts, a)
	}
	if g := some(nonEmpty(regions), 3, "region"); g != "" {
		parts = append(parts, g)
	}
	if len(parts) == 0 {
		return ""
	}
	if len(parts) == 2 && len(accounts)+len(regions) > 2 {
		return parts[0] + " (" + parts[1] + ")"
	}
	return strings.Join(parts, " ")
}

func nonEmpty(items []string) []string {
	return slices.DeleteFunc(slices.Clone(items), func(s string) bool { return s == "" })
}

// gaps says plainly which lists are missing. What is in them, nobody judged.
func (p *page) gaps(r *model.Report) {
	lines := gapLines(r.Gaps())
	if len(lines) == 0 {
		return
	}
	p.heading("What could not be listed at all, so that nobody knows how much is missing:")
	for i, line := range lines {
		if i == shownUnknown {
			p.para(nil, 2, 4, painted(faint, "and "+count(len(lines)-i, "more gap")+", all in the json report"))
			return
		}
		p.para(nil, 2, 4, plain(line))
	}
}

// gap is lists that share a reason: some kinds of an account in some regions.
type gap struct {
	account string
	kinds   string // as written
	why     model.Unknown
}

// gapLines writes gaps as sentences. Kinds that are missing together are one
// sentence, and so are regions in which the same kinds are missing.
func gapLines(scopes []model.Scope) []string {
	type spot struct {
		account, region string
		why             model.Unknown
	}
	missing := map[spot][]model.Kind{}
	for _, s := range scopes {
		at := spot{s.Account, s.Region, *s.Gap}
		missing[at] = append(missing[at], s.Kind)
	}
	regions := map[gap][]string{}
	for at, ks := range missing {
		slices.Sort(ks)
		ks = slices.Compact(ks)
		what := kinds(ks)
		if wholeRegion(ks) {
			what = "nothing"
		}
		g := gap{at.account, what, at.why}
		regions[g] = append(regions[g], at.region)
	}
	gaps := slices.SortedFunc(maps.Keys(regions), func(a, b gap) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.kinds, b.kinds), cmp.Compare(a.why.String(), b.why.String()))
	})
	var lines []string
	for _, g := range gaps {
		slices.Sort(regions[g])
		line := strings.TrimSpace(g.kinds + " " + where(g.account, some(nonEmpty(regions[g]), 4, "region")))
		if g.kinds == "nothing" {
			line += " could be read: "
		} else {
			line += " could not be listed: "
		}
		lines = append(lines, line+g.why.String())
	}
	return lines
}

// wholeRegion says whether the kinds are all that a region has. What belongs to
// no region may be missing besides.
func wholeRegion(ks []model.Kind) bool {
	return !slices.ContainsFunc(model.Kinds(), func(k model.Kind) bool { return !k.Global() && !slices.Contains(ks, k) })
}

// unknowns lists the unknown results in short, by rule and reason.
func (p *page) unknowns(groups []*group) {
	started := false
	for _, g := range groups {
		if g.unknown == 0 {
			continue
		}
		if !started {
			p.heading("Unknown")
			started = true
		}
		p.ruleLine(g.rule, num(g.unknown)+" unknown", yellow)
		reasons := slices.SortedFunc(maps.Values(g.reasons), func(a, b *reason) int {
			return cmp.Or(cmp.Compare(b.results, a.results), cmp.Compare(a.text, b.text))
		})
		for _, why := range reasons {
			names := strings.Join(why.names, ", ")
			if n := why.results - len(why.names); n > 0 {
				names += " and " + num(n) + " more"
			}
			p.para(nil, 2, 4, painted(yellow, clip(why.text, 3*p.width)), plain(": "+names))
		}
	}
}
