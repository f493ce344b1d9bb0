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
	// constants are the variables that always have the same value.
	constants map[ast.Var]datum
	reads     []path // what the expression at hand depends on
}

// maxDepth bounds how deep a screen follows rules that refer to rules.
const maxDepth = 4

func newScreener(c *ast.Compiler, kind model.Kind, params ast.Object, depth int) *screener {
	return &screener{compiler: c, kind: kind, params: params, depth: depth, vars: map[ast.Var]int{}, sources: map[ast.Var][]path{}, constants: map[ast.Var]datum{}}
}

// screen makes a screen of as many expressions as it can from the beginning of
// a body, and returns how many those are.
func (s *screener) screen(body ast.Body) (out screen, n int) {
	for _, expr := range body {
		s.reads = nil
		st, ok := s.step(expr)
		if !ok {
			if st, ok := s.iteration(expr); ok {
				out.steps = append(out.steps, st)
			}
			break
		}
		out.steps = append(out.steps, st)
		n++
	}
	out.locals = len(s.vars)
	return out, n
}

// iteration is the step for an expression that goes through the elements of an
// attribute: without any it holds for none. Whether it holds for some is OPA's.
func (s *screener) iteration(expr *ast.Expr) (step, bool) {
	if len(expr.With) > 0 || expr.Negated || !expr.IsEquality() {
		return step{}, false
	}
	for _, arg := range expr.Operands() {
		ref, ok := arg.Value.(ast.Ref)
		if !ok || len(ref) < 3 || !ref.HasPrefix(ast.InputRootRef) {
			continue
		}
		last, isVar := ref[len(ref)-1].Value.(ast.Var)
		if _, bound := s.vars[last]; !isVar || bound {
			continue
		}
		st := step{op: opAny, out: -1}
		return st, s.input(ref[:len(ref)-1], &st.a) && st.a.from == fromPlace
	}
	return step{}, false
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
		if st.a.from == fromConstant {
			s.constants[v] = st.a.datum
		}
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

// input is an operand that names an attribute as a whole, a member of an
// attribute that is a map of texts, or a parameter.
func (s *screener) input(ref ast.Ref, o *operand) bool {
	names := constants(ref)
	if len(names) == 2 && len(ref) == 3 && names[0] == "params" {
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
		o.from, o.path = fromPlace, p
		s.reads = append(s.reads, p)
	}
	switch deeper := len(ref) - 2 - strings.Count(o.path.String(), "."); {
	case len(names) < len(ref)-1-deeper || deeper > 1:
		return false
	case deeper == 1:
		o.from = fromMember
		return s.member(ref[len(ref)-1], o)
	default:
		return true
	}
}

// member is the key of a member, if that is always the same.
func (s *screener) member(t *ast.Term, o *operand) bool {
	switch v := t.Value.(type) {
	case ast.String:
		o.key = string(v)
		return true
	case ast.Var:
		d, ok := s.constants[v]
		o.key = d.text
		return ok && d.kind == kindText
	default:
		return false
	}
}

// data is an operand that names rules without arguments.
func (s *screener) data(ref ast.Ref, o *operand) bool {
	if !ref.IsGround() || s.depth >= maxDepth {
		return false
	}
	rules := s.compiler.GetRulesExact(ref)
	if len(rules) == 0 {
		return false
	}
	o.from, o.rule = fromRule, &derived{}
	for _, r := range rules {
		if r.Default || r.Else != nil || len(r.Head.Args) > 0 || r.Head.Key != nil || r.Head.Value == nil {
			return false
		}
		// name.a[x].b is found by name.a, which is an object of whatever there is, and
		// an empty one of nothing.
		if !r.Head.Ref().IsGround() {
			return false
		}
		if len(rules) > 1 && !r.Head.Value.Equal(ast.BooleanTerm(true)) {
			return false
		}
		inner := newScreener(s.compiler, s.kind, s.params, s.depth+1)
		steps, n := inner.screen(r.Body)
		body := derivedBody{screen: steps, whole: n == len(r.Body)}
		if body.whole && !inner.operand(r.Head.Value, &body.value) {
			body.whole = false
		}
		o.rule.bodies = append(o.rule.bodies, body)
		s.reads = append(s.reads, readSet(s.kind, reach(s.compiler, r))...)
	}
	return true
}
