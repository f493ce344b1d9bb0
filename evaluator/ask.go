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
	"github.com/open-policy-agent/opa/v1/topdown"

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
	a, err := w.ask(ctx, r, e, seen)
	switch {
	case err == nil:
		return a, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case topdown.IsCancel(err):
		err = fmt.Errorf("it took longer than %s", w.judge.limits.evaluation)
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
	var members []ast.Value
	var err error
	if len(a.unknown) == 0 {
		w.judge.terms.RLock()
		defer w.judge.terms.RUnlock()
		members, err = w.total(ctx, e, seen)
	} else {
		w.judge.terms.Lock()
		defer w.judge.terms.Unlock()
		members, err = w.certain(ctx, r, e, seen, a.unknown)
	}
	if err != nil || len(members) == 0 {
		return a, err
	}
	if e == r.violation {
		a.findings, err = findings(members)
	} else {
		a.reasons, err = texts(members)
	}
	return a, err
}

// total are the members of the entry point's set when all is known.
func (w *worker) total(ctx context.Context, e *entry, seen *view) ([]ast.Value, error) {
	var members []ast.Value
	for _, c := range e.clauses {
		if c.guard != nil {
			if g, err := w.said(ctx, c.guard, seen); err != nil {
				return nil, err
			} else if !g.held {
				continue
			}
		}
		said, err := w.said(ctx, c, seen)
		if err != nil {
			return nil, err
		}
		members = append(members, said.members...)
	}
	return members, nil
}

// said is what a clause says, remembered if it was asked before.
func (w *worker) said(ctx context.Context, c *clause, seen *view) (said, error) {
	known := w.sayings[c] // nil when it is as well to remember the whole answer
	if known != nil {
		w.clauseKey = seen.key(w.clauseKey[:0], c.places)
		if s, ok := known[string(w.clauseKey)]; ok {
			return s, nil
		}
	}
	w.watch.start()
	defer func() { w.watch = w.watch.stop() }()
	s, err := c.eval(ctx, w.watch.cancel, c.input(w.values, seen))
	if err == nil && known != nil {
		known[string(w.clauseKey)] = s
		w.size++
	}
	return s, err
}

// certain are the members of the entry point's set that hold whatever the
// unknowns are.
func (w *worker) certain(ctx context.Context, r *rule, e *entry, seen *view, unknown []int) ([]ast.Value, error) {
	ctx, cancel := context.WithTimeout(ctx, w.judge.limits.evaluation)
	defer cancel()
	terms := make([]*ast.Term, len(unknown))
	for i, place := range unknown {
		terms[i] = w.judge.layouts[r.Kind].paths[place].ref()
	}
	pq, err := e.partial.Partial(ctx, rego.EvalParsedInput(e.input(w.values, seen).Value), rego.EvalParsedUnknowns(terms))
	if err != nil {
		return nil, err
	}
	var members []ast.Value
	for _, body := range pq.Queries {
		if value := constant(body); value != nil {
			members = append(members, value)
		}
	}
	return members, nil
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

func texts(members []ast.Value) ([]string, error) {
	list := make([]string, 0, len(members))
	for _, m := range members {
		s, ok := m.(ast.String)
		if !ok || s == "" {
			return nil, errors.New("not_applicable must hold strings that say why")
		}
		list = append(list, string(s))
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

func findings(members []ast.Value) ([]model.Finding, error) {
	list := make([]model.Finding, 0, len(members))
	for _, m := range members {
		f, err := finding(m)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b model.Finding) int {
		return cmp.Or(strings.Compare(a.Attribute, b.Attribute), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(list), nil
}

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
	if err == nil && f.Message == "" {
		err = errors.New(`violation must hold objects with a "message"`)
	}
	return f, err
}
