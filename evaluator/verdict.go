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

// verdict is the answer of a rule to all resources that look alike to it.
type verdict struct {
	status        model.Status
	findings      []model.Finding
	notApplicable []string
	unknown       []int          // places of the unknown paths that kept it from an answer
	failed        *model.Unknown // the rule itself could not be evaluated
}

// reasons says why the verdict is unknown for a particular resource.
func (v *verdict) reasons(l *layout, seen *view) map[string]model.Unknown {
	if v.failed != nil {
		return map[string]model.Unknown{"rule": *v.failed}
	}
	if len(v.unknown) == 0 {
		return nil
	}
	reasons := make(map[string]model.Unknown, len(v.unknown))
	for _, place := range v.unknown {
		reasons[l.paths[place].String()] = orNotCollected(seen.why[place])
	}
	return reasons
}

func orNotCollected(u model.Unknown) model.Unknown {
	if u.Reason == "" {
		u.Reason = model.ReasonNotCollected
	}
	return u
}

// evaluate asks OPA. An error means that the scan was cancelled; a rule that
// goes wrong is an unknown result that names what went wrong.
func (w *worker) evaluate(ctx context.Context, r *rule, seen *view) (*verdict, error) {
	inner, cancel := context.WithTimeout(ctx, w.judge.limits.evaluation)
	defer cancel()
	v, err := w.ask(inner, r, seen)
	switch {
	case err == nil:
		return v, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case inner.Err() != nil:
		err = fmt.Errorf("it took longer than %s", w.judge.limits.evaluation)
	}
	why := model.Unknown{Reason: model.ReasonFailed, Detail: fmt.Sprintf("rule %s (%s): %s", r.ID, r.file, oneLine(err))}
	return &verdict{status: model.StatusUnknown, failed: &why}, nil
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func (w *worker) ask(ctx context.Context, r *rule, seen *view) (*verdict, error) {
	applies := answer{}
	if r.applicable != nil {
		var err error
		if applies, err = w.answer(ctx, r, r.applicable, seen); err != nil {
			return nil, err
		}
		if len(applies.values) > 0 {
			reasons, err := texts(applies.values)
			return &verdict{status: model.StatusNotApplicable, notApplicable: reasons}, err
		}
	}
	fails, err := w.answer(ctx, r, r.violation, seen)
	if err != nil {
		return nil, err
	}
	unknown := slices.Compact(slices.Sorted(slices.Values(append(applies.unknown, fails.unknown...))))
	switch {
	case len(applies.unknown) > 0:
		// It may not apply at all, so not even a certain violation is a failure.
		return &verdict{status: model.StatusUnknown, unknown: unknown}, nil
	case len(fails.values) > 0:
		findings, err := findings(fails.values)
		return &verdict{status: model.StatusFail, findings: findings}, err
	case len(unknown) > 0:
		return &verdict{status: model.StatusUnknown, unknown: unknown}, nil
	default:
		return &verdict{status: model.StatusPass}, nil
	}
}

// answer is what an entry point says: the values that hold for certain, and,
// when that is not the whole answer, the unknown places in its read set.
type answer struct {
	values  []any
	unknown []int
}

func (w *worker) answer(ctx context.Context, r *rule, e *entry, seen *view) (answer, error) {
	var unknown []int
	for _, place := range e.places {
		if seen.numbers[place] == numberUnknown {
			unknown = append(unknown, place)
		}
	}
	input := w.input(r, e, seen)
	if len(unknown) == 0 {
		rs, err := e.total.Eval(ctx, rego.EvalParsedInput(input))
		if err != nil || len(rs) == 0 {
			return answer{}, err
		}
		values, ok := rs[0].Expressions[0].Value.([]any)
		if !ok {
			return answer{}, errors.New("it is not a set")
		}
		return answer{values: values}, nil
	}
	terms := make([]*ast.Term, len(unknown))
	for i, place := range unknown {
		terms[i] = w.judge.layouts[r.Kind].paths[place].ref()
	}
	pq, err := e.partial.Partial(ctx, rego.EvalParsedInput(input), rego.EvalParsedUnknowns(terms))
	if err != nil {
		return answer{}, err
	}
	a := answer{unknown: unknown}
	for _, body := range pq.Queries {
		if value, ok := certain(body); ok {
			a.values = append(a.values, value)
		}
	}
	return a, nil
}

// certain returns the value of x in a residual query that no longer depends on
// anything: its only expression is x = value.
func certain(body ast.Body) (any, bool) {
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
		case ast.Ref, ast.Call, *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
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
	list := make([]model.Finding, 0, len(values))
	for _, v := range values {
		var f model.Finding
		o, _ := v.(map[string]any)
		for _, name := range sortedKeys(o) {
			member := o[name]
			text, ok := member.(string)
			switch {
			case name == "message" && ok:
				f.Message = text
			case name == "attribute" && ok:
				f.Attribute = text
			default:
				return nil, fmt.Errorf(`violation must hold objects with a "message" and perhaps an "attribute", not %s: %v`, name, member)
			}
		}
		if f.Message == "" {
			return nil, errors.New(`violation must hold objects with a "message"`)
		}
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b model.Finding) int {
		return strings.Compare(a.Attribute+"\x00"+a.Message, b.Attribute+"\x00"+b.Message)
	})
	return slices.Compact(list), nil
}
