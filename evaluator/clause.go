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
	number   int // among all clauses of a judge; those that say the same share one
	shared   bool
	text     string // the same for two clauses that say the same; empty when it depends on parameters
	compiler *ast.Compiler
	body     ast.Body // with answerVar = the member of the set
	// screen decides the beginning of the body. Where it holds, what the clause
	// says depends on rest alone, which is often less than the whole reads.
	screen     screen
	rest       []path
	restPlaces []int
}

// answerVar is a name that no rule can use.
const answerVar = ast.Var("the member")

func newClause(c *ast.Compiler, r *rule, head *ast.Rule) *clause {
	reached := reach(c, head)
	t := &clause{
		document: newDocument(readSet(r.Kind, reached), r.params),
		compiler: c, body: append(ast.Body(nil), head.Body...),
	}
	t.body.Append(ast.Equality.Expr(ast.NewTerm(answerVar), head.Head.Key))
	if !usesParams(reached) {
		t.text = canonical(t.body)
	}
	s := newScreener(c, r.Kind, r.params.Value.(ast.Object), 0)
	var n int
	t.screen, n = s.screen(head.Body)
	rest := t.body[n:]
	set := map[path]bool{}
	for _, p := range append(readSet(r.Kind, reachFrom(c, rest), rest), s.dependsOn(rest)...) {
		set[p] = true
	}
	t.rest = sorted(set)
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

// eval asks OPA for the members that the clause adds to its set.
func (c *clause) eval(ctx context.Context, cancel topdown.Cancel, input *ast.Term) (members []ast.Value, err error) {
	q := topdown.NewQuery(c.body).WithCompiler(c.compiler).WithInput(input).
		WithStore(noData{}).WithStrictBuiltinErrors(true).WithCancel(cancel)
	err = q.Iter(ctx, func(result topdown.QueryResult) error {
		members = append(members, result[answerVar].Value)
		return nil
	})
	return members, err
}
