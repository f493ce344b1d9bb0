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
	compiler *ast.Compiler
	body     ast.Body // with x = the member of the set
	reads    []path
	places   []int // of reads, in the layout of the rule's kind
	roles    []roleTerms
	params   *ast.Term
}

// roleTerms are the names in one object of the input.
type roleTerms struct {
	role  *ast.Term // nil for input.resource
	names []*ast.Term
	reads []int // their places in clause.reads
}

const answerVar = ast.Var("x") // no compiled rule has such a name: all are rewritten

func newClause(c *ast.Compiler, head *ast.Rule, reads []path, params *ast.Term) *clause {
	t := &clause{compiler: c, reads: reads, params: params, roles: []roleTerms{{}}}
	t.body = append(t.body, head.Body...)
	t.body.Append(ast.Equality.Expr(ast.NewTerm(answerVar), head.Head.Key))
	at := map[string]int{"": 0}
	for i, p := range reads {
		n, ok := at[p.Role]
		if !ok {
			n = len(t.roles)
			at[p.Role] = n
			t.roles = append(t.roles, roleTerms{role: ast.StringTerm(p.Role)})
		}
		t.roles[n].names = append(t.roles[n].names, ast.StringTerm(p.Name))
		t.roles[n].reads = append(t.roles[n].reads, i)
	}
	return t
}

// input is the document for the clause: only what it can read, so that nothing
// else can matter. What is absent is left out.
func (t *clause) input(vs *values, numbers []number) *ast.Term {
	var resource, related *ast.Term
	for i := range t.roles {
		role := &t.roles[i]
		pairs := vs.pairs[:0]
		for k, name := range role.names {
			if n := numbers[t.places[role.reads[k]]]; n != numberUnknown && n != numberAbsent {
				pairs = append(pairs, [2]*ast.Term{name, vs.value(n)})
			}
		}
		vs.pairs = pairs
		switch {
		case role.role == nil:
			resource = ast.ObjectTerm(pairs...)
		case len(pairs) > 0 && related == nil:
			related = ast.ObjectTerm([2]*ast.Term{role.role, ast.ObjectTerm(pairs...)})
		case len(pairs) > 0:
			related.Value.(ast.Object).Insert(role.role, ast.ObjectTerm(pairs...))
		}
	}
	if related == nil {
		related = ast.InternedEmptyObject
	}
	return ast.ObjectTerm(
		[2]*ast.Term{ast.InternedTerm("resource"), resource}, [2]*ast.Term{ast.InternedTerm("related"), related},
		[2]*ast.Term{ast.InternedTerm("params"), t.params},
	)
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
func (t *clause) eval(ctx context.Context, cancel topdown.Cancel, input *ast.Term) ([]ast.Value, error) {
	var members []ast.Value
	q := topdown.NewQuery(t.body).WithCompiler(t.compiler).WithInput(input).
		WithStore(noData{}).WithStrictBuiltinErrors(true).WithCancel(cancel)
	err := q.Iter(ctx, func(result topdown.QueryResult) error {
		members = append(members, result[answerVar].Value)
		return nil
	})
	return members, err
}
