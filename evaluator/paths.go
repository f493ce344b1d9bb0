package evaluator

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// path is one thing that a rule can read: an attribute of the resource (Role
// empty) or of a related one. Parameters are constant and are not paths.
type path struct {
	Role string // "", a role of roles(kind), or usedBy
	Name string // attribute
}

const usedBy = "used_by"

// identity are the members of input.resource that every resource has.
var identity = []string{"id", "account", "region", "kind"}

func (p path) String() string {
	if p.Role == "" {
		return "resource." + p.Name
	}
	return "related." + p.Role + "." + p.Name
}

// ref is the path as OPA writes it.
func (p path) ref() *ast.Term {
	terms := []*ast.Term{ast.InputRootDocument}
	for _, part := range strings.Split(p.String(), ".") {
		terms = append(terms, ast.StringTerm(part))
	}
	return ast.NewTerm(ast.Ref(terms))
}

// roles are the references that a kind can have, and to which kind.
func roles(kind model.Kind) map[string]model.Kind {
	r := map[string]model.Kind{"account": model.KindAccount}
	switch kind {
	case model.KindSecret:
		r["key"], r["rotation_function"], r["primary"] = model.KindKey, model.KindFunction, model.KindSecret
	case model.KindParameter, model.KindTrail:
		r["key"] = model.KindKey
	case model.KindDatabase:
		r["secret"], r["secret_key"] = model.KindSecret, model.KindKey
	}
	return r
}

// users are the kinds whose references to a kind are counted as uses.
func users(kind model.Kind) []model.Kind {
	switch kind {
	case model.KindKey:
		return []model.Kind{model.KindDatabase, model.KindParameter, model.KindSecret, model.KindTrail}
	case model.KindFunction:
		return []model.Kind{model.KindSecret}
	default:
		return nil
	}
}

// readSet is every path that a query can read, through whatever rules and
// functions it uses. It errs on the side of more: a reference that stops short
// of an attribute, such as input.resource handed to a function, reads all.
func readSet(c *ast.Compiler, kind model.Kind, query string) []path {
	set := map[path]bool{}
	seen := map[*ast.Rule]bool{}
	var visit func(r *ast.Rule)
	visit = func(r *ast.Rule) {
		if seen[r] {
			return
		}
		seen[r] = true
		ast.WalkRefs(r, func(ref ast.Ref) bool {
			if ref.HasPrefix(ast.InputRootRef) {
				addPaths(set, kind, ref)
			}
			return false
		})
		for dep := range c.Graph.Dependencies(r) {
			if dep, ok := dep.(*ast.Rule); ok {
				visit(dep)
			}
		}
	}
	for _, r := range c.GetRulesExact(ast.MustParseRef(query)) {
		visit(r)
	}
	paths := make([]path, 0, len(set))
	for p := range set {
		paths = append(paths, p)
	}
	slices.SortFunc(paths, func(a, b path) int { return strings.Compare(a.String(), b.String()) })
	return paths
}

// addPaths adds what a reference into the input can read.
func addPaths(set map[path]bool, kind model.Kind, ref ast.Ref) {
	want := make([]string, 0, 4)
	for _, t := range ref[1:] {
		s, ok := t.Value.(ast.String)
		if !ok {
			break // a variable: everything below
		}
		want = append(want, string(s))
	}
	if len(want) > 0 && want[0] == "params" {
		return
	}
	for _, p := range allPaths(kind) {
		full := strings.Split(p.String(), ".")
		n := min(len(want), len(full))
		if slices.Equal(want[:n], full[:n]) {
			set[p] = true
		}
	}
}

func allPaths(kind model.Kind) []path {
	var all []path
	for _, name := range identity {
		all = append(all, path{"", name})
	}
	for _, f := range model.Fields(kind) {
		all = append(all, path{"", f.Name})
	}
	for _, role := range sortedKeys(roles(kind)) {
		all = append(all, path{role, "exists"})
		for _, f := range model.Fields(roles(kind)[role]) {
			all = append(all, path{role, f.Name})
		}
	}
	for _, k := range users(kind) {
		all = append(all, path{usedBy, string(k)})
	}
	return all
}
