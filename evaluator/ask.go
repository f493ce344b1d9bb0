package evaluator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/keyproof/keyproof/model"
)

// answer is what an entry point says to all resources that look alike to it:
// what holds for certain, and, when that is not the whole answer, the unknown
// places in its read set.
type answer struct {
	findings []model.Finding // of violation
	reasons  []string        // of not_applicable
	unknown  []int
	failed   *model.Unknown // it could not be evaluated
}

// evaluate asks OPA. An error means that the scan was cancelled; a rule that
// goes wrong is an unknown result that names what went wrong.
func (w *worker) evaluate(ctx context.Context, r *rule, e *entry, seen *view) (*answer, error) {
	limit := w.judge.limits.evaluation
	inner, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	a, err := w.ask(inner, r, e, seen)
	switch {
	case err == nil:
		return a, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case inner.Err() != nil:
		err = fmt.Errorf("it took longer than %s", limit)
	}
	detail := fmt.Sprintf("rule %s (%s): %s", r.ID, r.file, strings.Join(strings.Fields(err.Error()), " "))
	return &answer{failed: &model.Unknown{Reason: model.ReasonFailed, Detail: detail}}, nil
}

func (w *worker) ask(ctx context.Context, r *rule, e *entry, seen *view) (*answer, error) {
	a := &answer{}
	for _, place := range e.places {
		if seen.numbers[place] == numberUnknown {
			a.unknown = append(a.unknown, place)
		}
	}
	values, err := w.certain(ctx, r, e, seen, a.unknown)
	if err != nil {
		return nil, err
	}
	if e == r.violation {
		a.findings, err = findings(values)
	} else {
		a.reasons, err = texts(values)
	}
	return a, err
}

// certain are the members of the entry point's set that hold whatever the
// unknowns are: all of them when there is none.
func (w *worker) certain(ctx context.Context, r *rule, e *entry, seen *view, unknown []int) ([]any, error) {
	input := w.input(r, e, seen)
	if len(unknown) == 0 {
		rs, err := e.total.Eval(ctx, rego.EvalParsedInput(input))
		if err != nil || len(rs) == 0 {
			return nil, err
		}
		values, ok := rs[0].Expressions[0].Value.([]any)
		if !ok {
			return nil, errors.New("it is not a set")
		}
		return values, nil
	}
	terms := make([]*ast.Term, len(unknown))
	for i, place := range unknown {
		terms[i] = w.judge.layouts[r.Kind].paths[place].ref()
	}
	pq, err := e.partial.Partial(ctx, rego.EvalParsedInput(input), rego.EvalParsedUnknowns(terms))
	if err != nil {
		return nil, err
	}
	var values []any
	for _, body := range pq.Queries {
		if value, ok := constant(body); ok {
			values = append(values, value)
		}
	}
	return values, nil
}

// constant returns the value of x in a residual query that no longer depends on
// anything: its only expression is x = value.
func constant(body ast.Body) (any, bool) {
	if len(body) != 1 || !body[0].IsEquality() || body[0].Negated || len(body[0].With) > 0 {
		return nil, false
	}
	for _, term := range body[0].Operands() {
		if _, isVar := term.Value.(ast.Var); isVar || !term.IsGround() || hasRef(term) {
			continue
		}
		value, err := ast.JSON(term.Value)
		return value, err == nil
	}
	return nil, false
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

// input is the document for one entry point: only what it can read, so that
// nothing else can matter.
func (w *worker) input(r *rule, e *entry, seen *view) ast.Value {
	docs := map[string]ast.Object{"": ast.NewObject()}
	for i, p := range e.reads {
		n := seen.numbers[e.places[i]]
		if n == numberUnknown || n == numberAbsent {
			continue
		}
		if docs[p.Role] == nil {
			docs[p.Role] = ast.NewObject()
		}
		docs[p.Role].Insert(ast.StringTerm(p.Name), ast.NewTerm(w.values.value(n)))
	}
	related := ast.NewObject()
	for role, doc := range docs {
		if role != "" {
			related.Insert(ast.StringTerm(role), ast.NewTerm(doc))
		}
	}
	return ast.NewObject(
		ast.Item(ast.StringTerm("resource"), ast.NewTerm(docs[""])),
		ast.Item(ast.StringTerm("related"), ast.NewTerm(related)),
		ast.Item(ast.StringTerm("params"), ast.NewTerm(r.params)),
	)
}

func texts(values []any) ([]string, error) {
	if len(values) == 0 {
		return nil, nil
	}
	list := make([]string, 0, len(values))
	for _, v := range values {
		s, ok := v.(string)
		if !ok || s == "" {
			return nil, errors.New("not_applicable must hold strings that say why")
		}
		list = append(list, s)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

func findings(values []any) ([]model.Finding, error) {
	if len(values) == 0 {
		return nil, nil
	}
	list := make([]model.Finding, 0, len(values))
	for _, v := range values {
		f, err := finding(v)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b model.Finding) int {
		return strings.Compare(a.Attribute+"\x00"+a.Message, b.Attribute+"\x00"+b.Message)
	})
	return slices.Compact(list), nil
}

func finding(v any) (f model.Finding, err error) {
	o, _ := v.(map[string]any)
	for _, name := range sortedKeys(o) {
		text, ok := o[name].(string)
		switch {
		case name == "message" && ok:
			f.Message = text
		case name == "attribute" && ok:
			f.Attribute = text
		default:
			return f, fmt.Errorf(`violation must hold objects with a "message" and perhaps an "attribute", not %s: %v`, name, o[name])
		}
	}
	if f.Message == "" {
		return f, errors.New(`violation must hold objects with a "message"`)
	}
	return f, nil
}
