package reports

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// placeCounts are the results by kind and by account and region.
type placeCounts struct {
	kinds map[string]*model.Counts
	spots map[string]*model.Counts
}

func countPlaces(r *model.Report) (*placeCounts, error) {
	by := &placeCounts{map[string]*model.Counts{}, map[string]*model.Counts{}}
	add := func(in map[string]*model.Counts, name string, s model.Status) {
		if name == "" {
			return
		}
		if in[name] == nil {
			in[name] = &model.Counts{}
		}
		in[name].Add(s)
	}
	for res, err := range r.Results {
		if err != nil {
			return nil, readError(err)
		}
		add(by.kinds, kindName(res.Resource.Kind), res.Status)
		if res.Resource.Account != "" { // a file names no account
			add(by.spots, strings.TrimSpace(res.Resource.Account+" "+res.Resource.Region), res.Status)
		}
	}
	return by, nil
}

// posture shows the controls by framework, and the results by severity, kind
// and place, as bars of shares.
func (d *document) posture(by *placeCounts) {
	r := d.report
	var frameworks, severities []bar
	for i := range r.Frameworks {
		frameworks = append(frameworks, controlsBar(r, &r.Frameworks[i]))
	}
	for _, s := range severitiesOf(r) {
		severities = append(severities, barOf(string(s), r.BySeverity(s)))
	}
	d.raw("<h2 id=\"posture\">Posture</h2>\n<p class=\"key\" aria-hidden=\"true\"><span class=\"fail\">fail</span><span class=\"unknown\">unknown</span><span class=\"waived\">waived</span><span class=\"pass\">pass</span><span class=\"manual\">manual or no result</span></p>\n<div class=\"charts\">\n")
	d.chart("Controls by framework", frameworks)
	d.chart("Results by severity", severities)
	d.chart("Results by kind of resource", bars(by.kinds))
	d.chart("Results by account and region", bars(by.spots))
	d.ages()
	d.trend()
	d.raw("</div>\n")
}

// controlsBar counts the controls of a framework by what the results say of
// them, those of which they say nothing included.
func controlsBar(r *model.Report, f *model.Framework) bar {
	n := map[string]int{}
	for i := range f.Controls {
		n[controlWord(&f.Controls[i], r.ByControl(f.ID, f.Controls[i].ID))]++
	}
	b := bar{name: frameworkTitle(f)}
	for _, s := range []model.Status{model.StatusFail, model.StatusUnknown, model.StatusWaived, model.StatusPass} {
		b.parts = append(b.parts, share{string(s), string(s), n[string(s)]})
	}
	return bar{name: b.name, parts: append(b.parts, share{"none", "not applicable", n[string(model.StatusNotApplicable)]}, share{"none", controlManual, n[controlManual]}, share{"none", controlSilent, n[controlSilent]})}
}

// bars are the counts with most failures first.
func bars(of map[string]*model.Counts) []bar {
	names := slices.SortedFunc(maps.Keys(of), func(a, b string) int {
		return cmp.Or(cmp.Compare(of[b].Fail, of[a].Fail), cmp.Compare(of[b].Unknown, of[a].Unknown), cmp.Compare(a, b))
	})
	var all []bar
	for _, name := range names {
		all = append(all, barOf(name, *of[name]))
	}
	return all
}
