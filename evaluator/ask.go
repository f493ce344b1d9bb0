package evaluator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/keyproof/keyproof/model"
)

// certain is what the members of the entry point's set say that hold whatever the
// unknowns are.
func (w *worker) certain(ctx context.Context, r *rule, e *entry, seen *view, unknown []int) (*model.Detail, error) {
	ctx, cancel := context.WithTimeout(ctx, w.judge.limits.evaluation)
	defer cancel()
	terms := make([]*ast.Term, len(unknown))
	for i, place := range unknown {
		terms[i] = w.judge.layouts[r.Kind].paths[place].ref()
	}
	input, err := e.input(w.values, seen)
	if err != nil {
		return nil, err
	}
	w.judge.terms.Lock()
	defer w.judge.terms.Unlock()
	partial, err := e.partially(ctx)
	if err != nil {
		return nil, err
	}
	pq, err := partial.Partial(ctx, rego.EvalParsedInput(input.Value), rego.EvalParsedUnknowns(terms))
	if err != nil {
		return nil, err
	}
	var members []ast.Value
	for _, body := range pq.Queries {
		if value := constant(body); value != nil {
			members = append(members, value)
		}
	}
	return detail(e == r.violation, members)
}

// constant returns the value of x in a residual query that no longer depends on
// anything: its only expression is x = value. It is nil for any other query.
func constant(body ast.Body) ast.Value {
	if len(body) != 1 || !body[0].IsEquality() || body[0].Negated || len(body[0].With) > 0 {
		return nil
	}
	for _, term := range body[0].Operands() {
		if _, isVar := term.Value.(ast.Var); !isVar && term.IsGround() && !hasRef(term) {
			return term.Value
		}
	}
	return nil
}

// hasRef says whether a term refers to anything; a reference counts as ground.
func hasRef(t *ast.Term) bool {
	found := false
	ast.WalkTerms(t, func(t *ast.Term) bool {
		switch t.Value.(type) {
		case ast.Ref, ast.Call, *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension, *ast.TemplateString:
			found = true
		}
		return found
	})
	return found
}

// detail is what members of a set say; nil when there are none.
func detail(violation bool, members []ast.Value) (*model.Detail, error) {
	if len(members) == 0 {
		return nil, nil
	}
	d := &model.Detail{}
	for _, m := range members {
		if violation {
			f, err := finding(m)
			if err != nil {
				return nil, err
			}
			d.Findings = append(d.Findings, f)
			continue
		}
		s, ok := m.(ast.String)
		if !ok || strings.TrimSpace(string(s)) == "" {
			return nil, errors.New("not_applicable must hold strings that say why")
		}
		d.NotApplicable = append(d.NotApplicable, string(s))
	}
	tidy(d)
	return d, nil
}

// tidy sorts what is said and says nothing twice.
func tidy(d *model.Detail) {
	slices.Sort(d.NotApplicable)
	d.NotApplicable = slices.Compact(d.NotApplicable)
	slices.SortFunc(d.Findings, func(a, b model.Finding) int {
		return cmp.Or(strings.Compare(a.Attribute, b.Attribute), strings.Compare(a.Message, b.Message))
	})
	d.Findings = slices.Compact(d.Findings)
}

// longestFinding is in bytes: far more than anybody reads, and little enough that
// many resources may have it.
const longestFinding = 64 << 10

func finding(member ast.Value) (f model.Finding, err error) {
	if o, ok := member.(ast.Object); ok {
		err = o.Iter(func(name, value *ast.Term) error {
			text, ok := value.Value.(ast.String)
			switch {
			case name.Equal(ast.InternedTerm("message")) && ok:
				f.Message = string(text)
			case name.Equal(ast.InternedTerm("attribute")) && ok:
				f.Attribute = string(text)
			default:
				return fmt.Errorf(`violation must hold objects with a "message" and perhaps an "attribute", not %s: %s`, name, value)
			}
			return nil
		})
	}
	switch {
	case err != nil:
	case strings.TrimSpace(f.Message) == "":
		err = errors.New(`violation must hold objects with a "message"`)
	case len(f.Message)+len(f.Attribute) > longestFinding:
		err = fmt.Errorf("a finding of violation has %d bytes; it may have %d, since each resource that fails has it in every report", len(f.Message)+len(f.Attribute), longestFinding)
	}
	return f, err
}
