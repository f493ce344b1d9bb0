package evaluator

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/keyproof/keyproof/model"
)

// Explanation is a rule with its text, for a person who wants to know how it
// judges.
type Explanation struct {
	model.Rule
	File   string
	Source string // the text of its file
	// NotApplicable are the clauses that keep it from applying, as they are
	// written.
	NotApplicable []string
}

// Explain returns the rule with an id, which may be in lower case.
func (j *Judge) Explain(id model.RuleID) (*Explanation, error) {
	i := slices.IndexFunc(j.rules, func(r *rule) bool { return strings.EqualFold(string(r.ID), string(id)) })
	if i < 0 {
		var ids []model.RuleID
		for _, r := range j.rules {
			ids = append(ids, r.ID)
		}
		return nil, fmt.Errorf("rule %q does not exist%s; `keyproof rules` lists them", id, meant(string(id), ids))
	}
	r := j.rules[i]
	e := &Explanation{Rule: r.Rule, File: r.file, Source: r.source}
	for _, clause := range r.module.Rules {
		if clause.Head.Name == "not_applicable" {
			e.NotApplicable = append(e.NotApplicable, string(clause.Location.Text))
		}
	}
	return e, nil
}

// Examples are inputs, as JSON, of which a rule's own tests say what it finds.
type Examples struct {
	Fail, Pass string // empty where no test offers one
}

// ExamplesOf runs the tests beside a rule and returns the shortest input on
// which it finds something and the shortest on which it finds nothing.
func (j *Judge) ExamplesOf(ctx context.Context, e *Explanation, sources ...Source) (Examples, error) {
	modules, err := testModules(sources, j.refused...)
	if err != nil {
		return Examples{}, err
	}
	tests := "data." + e.Package + "_test"
	for file, m := range modules {
		if strings.HasSuffix(file, "_test.rego") && m.Package.Path.String() != tests {
			delete(modules, file)
		}
	}
	w := &inputs{rule: "data." + e.Package, found: map[string]bool{}, excused: map[string]bool{}}
	if _, err := runTests(ctx, modules, w); err != nil {
		return Examples{}, err
	}
	return w.examples(), nil
}

// inputs remembers on which inputs a rule was asked for violations and whether
// it found one, and to which it says that it does not apply.
type inputs struct {
	rule    string
	found   map[string]bool // by input
	excused map[string]bool // by input
}

func (w *inputs) Enabled() bool { return true }

func (w *inputs) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (w *inputs) TraceEvent(e topdown.Event) {
	r, ok := e.Node.(*ast.Rule)
	if !ok || e.Op != topdown.EnterOp && e.Op != topdown.ExitOp || r.Module == nil ||
		r.Module.Package.Path.String() != w.rule || e.Input() == nil {
		return
	}
	raw, err := ast.JSON(e.Input().Value)
	if err != nil {
		return
	}
	text, err := json.Marshal(raw)
	if err != nil {
		return
	}
	switch in := string(text); {
	case r.Head.Name == "violation":
		w.found[in] = w.found[in] || e.Op == topdown.ExitOp
	case r.Head.Name == "not_applicable" && e.Op == topdown.ExitOp:
		w.excused[in] = true
	}
}

// examples are the shortest inputs, and of those the first by alphabet: tests
// run in no certain order, and examples must always be the same.
func (w *inputs) examples() (e Examples) {
	order := slices.SortedFunc(maps.Keys(w.found), func(a, b string) int {
		return cmp.Or(len(a)-len(b), strings.Compare(a, b))
	})
	for _, in := range order {
		switch {
		case w.excused[in]:
		case w.found[in] && e.Fail == "":
			e.Fail = in
		case !w.found[in] && e.Pass == "":
			e.Pass = in
		}
	}
	return e
}
