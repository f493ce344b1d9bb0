package evaluator

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// screener makes the screen of one body.
type screener struct {
	compiler *ast.Compiler
	kind     model.Kind
	params   ast.Object
	depth    int
	vars     map[ast.Var]int    // the variables that are bound, by number
	sources  map[ast.Var][]path // what their values depend on
	reads    []path             // what the expression at hand depends on
}

// maxDepth bounds how deep a screen follows rules that refer to rules.
const maxDepth = 4

func newScreener(c *ast.Compiler, kind model.Kind, params ast.Object, depth int) *screener {
	return &screener{compiler: c, kind: kind, params: params, depth: depth, vars: map[ast.Var]int{}, sources: map[ast.Var][]path{}}
}

// screen makes a screen of as many expressions as it can from the beginning of
// a body, and returns how many those are.
func (s *screener) screen(body ast.Body) (out screen, n int) {
	for _, expr := range body {
		s.reads = nil
		st, ok := s.step(expr)
		if !ok {
			break
		}
		out.steps = append(out.steps, st)
		n++
	}
	out.locals = len(s.vars)
	return out, n
}

// dependsOn is what the variables of a screen depend on that expressions use.
func (s *screener) dependsOn(body ast.Body) []path {
	var list []path
	ast.WalkVars(body, func(v ast.Var) bool {
		list = append(list, s.sources[v]...)
		return false
	})
	return list
}

var comparisons = map[string]operation{
	ast.Equal.Name: opEqual, ast.NotEqual.Name: opNotEqual, ast.LessThan.Name: opLess, ast.LessThanEq.Name: opLessOrEqual,
	ast.GreaterThan.Name: opGreater, ast.GreaterThanEq.Name: opGreaterOrEqual, ast.Member.Name: opMember,
}

var functions = map[string]operation{ast.Count.Name: opCount, ast.Plus.Name: opPlus, ast.Minus.Name: opMinus}

func (s *screener) step(expr *ast.Expr) (step, bool) {
	if len(expr.With) > 0 {
		return step{}, false
	}
	st := step{not: expr.Negated, out: -1}
	if term, ok := expr.Terms.(*ast.Term); ok {
		st.op = opHolds
		return st, s.operand(term, &st.a)
	}
	if !expr.IsCall() {
		return step{}, false
	}
	name, args := expr.Operator().String(), expr.Operands()
	if name == ast.Equality.Name && len(args) == 2 {
		return s.equality(st, args)
	}
	if op, ok := comparisons[name]; ok && len(args) == 2 {
		st.op = op
		return st, s.operand(args[0], &st.a) && s.operand(args[1], &st.b)
	}
	op, ok := functions[name]
	arity := 2
	if op == opCount {
		arity = 1
	}
	if !ok || expr.Negated || len(args) != arity+1 {
		return step{}, false
	}
	out, isVar := args[arity].Value.(ast.Var)
	if _, bound := s.vars[out]; !isVar || bound {
		return step{}, false
	}
	st.op = op
	if !s.operand(args[0], &st.a) || arity == 2 && !s.operand(args[1], &st.b) {
		return step{}, false
	}
	st.out = s.bind(out)
	return st, true
}

// equality is a comparison, or binds a variable that has no value yet.
func (s *screener) equality(st step, args []*ast.Term) (step, bool) {
	for i, arg := range args {
		v, isVar := arg.Value.(ast.Var)
		if _, bound := s.vars[v]; !isVar || bound {
			continue
		}
		st.op = opBind
		if st.not || !s.operand(args[1-i], &st.a) {
			return step{}, false
		}
		st.out = s.bind(v)
		return st, true
	}
	st.op = opEqual
	return st, s.operand(args[0], &st.a) && s.operand(args[1], &st.b)
}

func (s *screener) bind(v ast.Var) int {
	s.vars[v] = len(s.vars)
	s.sources[v] = s.reads
	return s.vars[v]
}

func (s *screener) operand(t *ast.Term, o *operand) bool {
	switch v := t.Value.(type) {
	case ast.Boolean, ast.String, ast.Number:
		o.datum = constantDatum(v)
		return true
	case ast.Var:
		n, bound := s.vars[v]
		o.from, o.at = fromVariable, n
		s.reads = append(s.reads, s.sources[v]...)
		return bound
	case *ast.Array, ast.Set, ast.Object:
		o.datum = constantDatum(v)
		return t.IsGround() && !hasRef(t)
	case ast.Ref:
		switch {
		case v.HasPrefix(ast.InputRootRef):
			return s.input(v, o)
		case v.HasPrefix(ast.DefaultRootRef):
			return s.data(v, o)
		}
	}
	return false
}

// input is an operand that names an attribute as a whole, or a parameter.
func (s *screener) input(ref ast.Ref, o *operand) bool {
	names := constants(ref)
	if len(names) != len(ref)-1 {
		return false
	}
	if len(names) == 2 && names[0] == "params" {
		value := s.params.Get(ast.StringTerm(names[1]))
		if value == nil {
			return false
		}
		o.datum = constantDatum(value.Value)
		return true
	}
	reads := map[path]bool{}
	addPaths(reads, s.kind, ref)
	if len(reads) != 1 {
		return false
	}
	for p := range reads {
		if len(names) != strings.Count(p.String(), ".")+1 {
			return false // reaches into an attribute
		}
		o.from, o.path = fromPlace, p
		s.reads = append(s.reads, p)
	}
	return true
}

// data is an operand that names a rule with one body and no arguments.
func (s *screener) data(ref ast.Ref, o *operand) bool {
	if !ref.IsGround() || s.depth >= maxDepth {
		return false
	}
	rules := s.compiler.GetRulesExact(ref)
	if len(rules) != 1 {
		return false
	}
	r := rules[0]
	if r.Default || r.Else != nil || len(r.Head.Args) > 0 || r.Head.Key != nil || r.Head.Value == nil {
		return false
	}
	inner := newScreener(s.compiler, s.kind, s.params, s.depth+1)
	steps, n := inner.screen(r.Body)
	d := &derived{screen: steps}
	inner.reads = nil
	if n < len(r.Body) || !inner.operand(r.Head.Value, &d.value) {
		return false
	}
	o.from, o.rule = fromRule, d
	s.reads = append(s.reads, readSet(s.kind, reach(s.compiler, r))...)
	return true
}
