package reports

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// oscalVersion is the version of NIST's Open Security Controls Assessment
// Language.
const oscalVersion = "1.2.1"

// writeOSCAL writes assessment results. A finding is of a control and rests on
// an observation of each rule that is evidence for it; a rule that does not pass
// everywhere is a risk; every result is an observation of its own, which names
// its resource in the inventory and links to its rule. Results flow; 16 bytes of
// each resource are held, to list it once.
//
// The same report gives the same bytes: UUIDs are made of what they name, and
// times are those of the snapshot.
func writeOSCAL(w io.Writer, r *model.Report, o Options) error {
	if len(r.Rules) == 0 {
		return errors.New("write OSCAL: no rule was loaded, so there is no control to report on; use json")
	}
	x := &oscal{jsonWriter: newJSONWriter(w), report: r}
	x.taken = "1970-01-01T00:00:00Z" // the schema has no date for "not known"
	if !r.TakenAt.IsZero() {
		x.taken = r.TakenAt.UTC().Format(time.RFC3339)
	}
	plan := uuidOf("plan")
	x.w.WriteString(`{"assessment-results": {`)
	x.member("uuid", uuidOf("assessment", r.Source, x.taken, r.Tool))
	x.member("metadata", map[string]any{
		"title": "keyproof: " + oscalText(heading(r)), "last-modified": x.taken, "version": or(strings.TrimSpace(Clean(r.Tool)), "unknown"), "oscal-version": oscalVersion,
	})
	x.member("import-ap", map[string]any{"href": "#" + plan})
	x.name("results")
	x.w.WriteString("[{")
	x.members = 0
	if err := x.result(o); err != nil {
		return err
	}
	x.w.WriteString("}]")
	x.members = 1
	x.member("back-matter", map[string]any{"resources": []any{map[string]any{
		"uuid": plan, "title": "No assessment plan", "description": "keyproof judges by its rules, without a plan in OSCAL.",
	}}})
	x.w.WriteString("\n}}\n")
	if x.err != nil {
		return x.err
	}
	return x.w.Flush()
}

// oscal is a document in the making.
type oscal struct {
	*jsonWriter
	report *model.Report
	taken  string
	listed bool // the open list has begun
}

func (x *oscal) result(o Options) error {
	r := x.report
	x.member("uuid", uuidOf("result", r.Source, x.taken, r.Tool))
	x.member("title", oscalText(heading(r)))
	x.member("description", oscalText("verdict "+o.Verdict.String()+": "+meaning(r, o)))
	x.member("start", x.taken)
	x.member("end", x.taken)
	x.member("reviewed-controls", x.reviewed())
	if err := x.inventory(); err != nil {
		return err
	}
	if err := x.observations(); err != nil {
		return err
	}
	for i := range r.Rules {
		if risk := x.risk(&r.Rules[i]); risk != nil {
			x.item("risks", risk)
		}
	}
	x.end()
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		for j := range f.Controls {
			if c := r.ByControl(f.ID, f.Controls[j].ID); c.Total() > 0 {
				x.item("findings", x.finding(f, &f.Controls[j], c))
			}
		}
	}
	x.end()
	return x.err
}

// item adds to a list and begins it if need be: OSCAL has no empty lists.
func (x *oscal) item(list string, v any) {
	if !x.listed {
		x.open(list)
		x.listed = true
	}
	x.element(v)
}

// end ends the list, if there is one.
func (x *oscal) end() {
	if x.listed {
		x.shut()
	}
	x.listed = false
}
