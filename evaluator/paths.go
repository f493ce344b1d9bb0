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

// identity are the members of input.resource that every resource has. Events are
// no resources: what a record does not say of its account is unknown.
func identity(kind model.Kind) map[string]func(model.ResourceID) string {
	if kind == model.KindEvent {
		return nil
	}
	return map[string]func(model.ResourceID) string{
		"id":      func(id model.ResourceID) string { return id.ID },
		"account": func(id model.ResourceID) string { return id.Account },
		"region":  func(id model.ResourceID) string { return id.Region },
		"kind":    func(id model.ResourceID) string { return string(id.Kind) },
	}
}

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

// reach lists rules and the helpers and functions that they can use, at however
// many removes.
func reach(c *ast.Compiler, from ...*ast.Rule) []*ast.Rule {
	var list []*ast.Rule
	seen := map[*ast.Rule]bool{}
	var visit func(r *ast.Rule)
	visit = func(r *ast.Rule) {
		if seen[r] {
			return
		}
		seen[r] = true
		list = append(list, r)
		// What an else uses is that one's in the graph, not the rule's. Where rules
		// are found by name, and not by the graph, nothing else leads there.
		if r.Else != nil {
			visit(r.Else)
		}
		for dep := range c.Graph.Dependencies(r) {
			if dep, ok := dep.(*ast.Rule); ok {
				visit(dep)
			}
		}
	}
	for _, r := range from {
		visit(r)
	}
	return list
}

// reachFrom lists what part of a rule's body can use.
func reachFrom(c *ast.Compiler, body ast.Body) []*ast.Rule {
	var direct []*ast.Rule
	ast.WalkRefs(body, func(ref ast.Ref) bool {
		if ref.HasPrefix(ast.DefaultRootRef) {
			direct = append(direct, c.GetRulesDynamicWithOpts(ref, ast.RulesOptions{})...)
		}
		return false
	})
	return reach(c, direct...)
}

// readSet is every path that rules, and parts of bodies, can read. It errs on
// the side of more: a reference that stops short of an attribute, such as
// input.resource handed to a function, reads all.
func readSet(kind model.Kind, rules []*ast.Rule, bodies ...ast.Body) []path {
	set := map[path]bool{}
	add := func(ref ast.Ref) bool {
		if ref.HasPrefix(ast.InputRootRef) {
			addPaths(set, kind, ref)
		}
		return false
	}
	for _, r := range rules {
		ast.WalkRefs(r, add)
	}
	for _, body := range bodies {
		ast.WalkRefs(body, add)
	}
	return sorted(set)
}

// sorted lists a set of paths by how they are written.
func sorted(set map[path]bool) []path {
	paths := make([]path, 0, len(set))
	for p := range set {
		paths = append(paths, p)
	}
	slices.SortFunc(paths, func(a, b path) int { return strings.Compare(a.String(), b.String()) })
	return paths
}

// addPaths adds what a reference into the input can read.
func addPaths(set map[path]bool, kind model.Kind, ref ast.Ref) {
	want := constants(ref) // behind a variable: everything below
	if len(want) > 0 && want[0] == "params" {
		return
	}
	switch {
	case len(want) >= 2 && want[0] == "resource":
		addIf(set, kind, path{"", want[1]})
		return
	case len(want) >= 3 && want[0] == "related":
		addIf(set, kind, path{want[1], want[2]})
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

// addIf adds a path that exists. Most references name one, so it does not list
// all.
func addIf(set map[path]bool, kind model.Kind, p path) {
	has := func(kind model.Kind) bool {
		return slices.ContainsFunc(model.Fields(kind), func(f model.Field) bool { return f.Name == p.Name })
	}
	switch p.Role {
	case "":
		set[p] = set[p] || has(kind) || identity(kind)[p.Name] != nil
	case usedBy:
		set[p] = set[p] || slices.Contains(users(kind), model.Kind(p.Name))
	default:
		for _, r := range roles(kind) {
			set[p] = set[p] || r.name == p.Role && (p.Name == "exists" || has(r.to))
		}
	}
	if !set[p] {
		delete(set, p)
	}
}

// constants are the members that a reference names before its first variable.
func constants(ref ast.Ref) []string {
	names := make([]string, 0, 4)
	for _, t := range ref[1:] {
		s, ok := t.Value.(ast.String)
		if !ok {
			break
		}
		names = append(names, string(s))
	}
	return names
}

func allPaths(kind model.Kind) []path {
	var all []path
	for name := range identity(kind) {
		all = append(all, path{"", name})
	}
	for _, f := range model.Fields(kind) {
		all = append(all, path{"", f.Name})
	}
	for _, role := range roles(kind) {
		all = append(all, path{role.name, "exists"})
		for _, f := range model.Fields(role.to) {
			all = append(all, path{role.name, f.Name})
		}
	}
	for _, k := range users(kind) {
		all = append(all, path{usedBy, string(k)})
	}
	return all
}
