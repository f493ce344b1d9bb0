package evaluator

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// clause is one of the rules that make up an entry point's set. It is asked
// only when all that it can read is known. It asks OPA's evaluator itself, with
// its body as the query: what package rego does around each call (a
// transaction, a goroutine, JSON) and the way through the tree of packages take
// longer than an ordinary rule.
type clause struct {
	document
	compiler *ast.Compiler
	body     ast.Body // with answerVar = the member of the set
	// guard is as much of the body, from its beginning, as reads less than the
	// whole: where it does not hold the rest need not be asked. Nil when that is
	// nothing.
	guard *clause
}

// answerVar is a name that no rule can use.
const answerVar = ast.Var("the member")

func newClause(c *ast.Compiler, r *rule, head *ast.Rule) *clause {
	t := &clause{
		document: newDocument(readSet(r.Kind, reach(c, head)), r.params),
		compiler: c, body: append(ast.Body(nil), head.Body...),
	}
	t.body.Append(ast.Equality.Expr(ast.NewTerm(answerVar), head.Head.Key))
	for n := len(head.Body) - 1; n > 0; n-- {
		begin := head.Body[:n]
		if reads := readSet(r.Kind, reachFrom(c, begin), begin); len(reads) < len(t.reads) {
			if len(reads) > 0 {
				t.guard = &clause{document: newDocument(reads, r.params), compiler: c, body: begin}
			}
			break
		}
	}
	return t
}

// noData is the store of documents beside the rules: rules have none.
type noData struct{ storage.Store }

func (noData) Read(_ context.Context, _ storage.Transaction, at storage.Path) (any, error) {
	if len(at) == 0 {
		return map[string]any{}, nil
	}
	return nil, &storage.Error{Code: storage.NotFoundErr}
}

// said is what a clause adds to its set, and whether its body holds.
type said struct {
	members []ast.Value
	held    bool
}

func (c *clause) eval(ctx context.Context, cancel topdown.Cancel, input *ast.Term) (said, error) {
	var s said
	q := topdown.NewQuery(c.body).WithCompiler(c.compiler).WithInput(input).
		WithStore(noData{}).WithStrictBuiltinErrors(true).WithCancel(cancel)
	err := q.Iter(ctx, func(result topdown.QueryResult) error {
		s.held = true
		if x := result[answerVar]; x != nil { // there is none in a guard
			s.members = append(s.members, x.Value)
		}
		return nil
	})
	return s, err
}
