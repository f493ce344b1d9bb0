package evaluator

import (
	"fmt"
	"regexp"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Many rules on a kind begin alike: they do not apply to replicas, to what is
// about to be deleted, to what a service owns. Such a clause is asked once for
// each resource, whichever of the rules comes first.

// canonical is the text of a compiled body with its variables named in the order
// in which they appear: the compiler gives each rule its own. Only variables are
// named: a text that looks like one of them stays what it is.
func canonical(body ast.Body) string {
	names := map[ast.Var]ast.Var{}
	named, err := ast.TransformVars(body.Copy(), func(v ast.Var) (ast.Value, error) {
		if !madeUp.MatchString(string(v)) {
			return v, nil
		}
		if names[v] == "" {
			names[v] = ast.Var(fmt.Sprintf("local %d", len(names))) // which no rule can write
		}
		return names[v], nil
	})
	if err != nil {
		return body.String() // it is told apart by the variables' own names
	}
	return fmt.Sprint(named)
}

// madeUp matches the variables that the compiler makes up.
var madeUp = regexp.MustCompile(`^__local[0-9]+__[0-9]*$`)

// usesParams says whether rules can see their parameters, which are another
// rule's elsewhere.
func usesParams(rules []*ast.Rule) bool {
	found := false
	for _, r := range rules {
		ast.WalkRefs(r, func(ref ast.Ref) bool {
			if ref.HasPrefix(ast.InputRootRef) {
				names := constants(ref)
				found = found || len(names) == 0 || names[0] == "params"
			}
			return found
		})
	}
	return found
}

// number gives entry points and clauses their numbers.
func (j *Judge) number() {
	type saying struct {
		kind      string
		violation bool
		text      string
	}
	first := map[saying]*clause{}
	j.entries, j.clauses, j.locals = 0, 0, 0
	for _, r := range j.rules {
		for _, e := range r.entries() {
			e.number = j.entries
			j.entries++
			for _, c := range e.clauses {
				j.locals = max(j.locals, c.screen.locals)
				c.shared = false
				same := saying{string(r.Kind), e == r.violation, c.text}
				if of := first[same]; of != nil && c.text != "" {
					c.number, c.shared, of.shared = of.number, true, true
					continue
				}
				first[same] = c
				c.number = j.clauses
				j.clauses++
			}
		}
	}
}
