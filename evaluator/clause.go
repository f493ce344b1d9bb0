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
	body     ast.Body // with x = the member of the set
}

const answerVar = ast.Var("x") // no compiled rule has such a name: all are rewritten

func newClause(c *ast.Compiler, head *ast.Rule, doc document) *clause {
	t := &clause{document: doc, compiler: c, body: append(ast.Body(nil), head.Body...)}
	t.body.Append(ast.Equality.Expr(ast.NewTerm(answerVar), head.Head.Key))
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

// eval returns what the clause adds to the set.
func (c *clause) eval(ctx context.Context, cancel topdown.Cancel, input *ast.Term) ([]ast.Value, error) {
	var members []ast.Value
	q := topdown.NewQuery(c.body).WithCompiler(c.compiler).WithInput(input).
		WithStore(noData{}).WithStrictBuiltinErrors(true).WithCancel(cancel)
	err := q.Iter(ctx, func(result topdown.QueryResult) error {
		members = append(members, result[answerVar].Value)
		return nil
	})
	return members, err
}
