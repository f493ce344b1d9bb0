package evaluator

import "github.com/open-policy-agent/opa/v1/ast"

// document makes the input of an entry point or a clause: only what it can
// read, so that nothing else can matter.
type document struct {
	reads  []path // what it can read, sorted
	places []int  // of reads, in the layout of the rule's kind
	roles  []roleTerms
	params *ast.Term
	top    [3]*ast.Term // the names resource, related and params
}

// roleTerms are the names in one object of the input.
type roleTerms struct {
	role  *ast.Term // nil for input.resource
	names []*ast.Term
	reads []int // their places in reads
}

func newDocument(reads []path, params *ast.Term) document {
	d := document{reads: reads, params: params, roles: []roleTerms{{}}}
	d.top = [3]*ast.Term{ast.StringTerm("resource"), ast.StringTerm("related"), ast.StringTerm("params")}
	at := map[string]int{"": 0}
	for i, p := range reads {
		n, ok := at[p.Role]
		if !ok {
			n = len(d.roles)
			at[p.Role] = n
			d.roles = append(d.roles, roleTerms{role: ast.StringTerm(p.Role)})
		}
		d.roles[n].names = append(d.roles[n].names, ast.StringTerm(p.Name))
		d.roles[n].reads = append(d.roles[n].reads, i)
	}
	return d
}

// input leaves out what is absent or unknown.
func (d *document) input(vs *values, seen *view) (*ast.Term, error) {
	var resource, related *ast.Term
	for i := range d.roles {
		role := &d.roles[i]
		pairs := vs.pairs[:0]
		for k, name := range role.names {
			n, err := vs.number(seen.facts[d.places[role.reads[k]]])
			if err != nil {
				return nil, err
			}
			if n != numberUnknown && n != numberAbsent {
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
	params := d.params
	if seen.params != nil {
		params = seen.params
	}
	return ast.ObjectTerm([2]*ast.Term{d.top[0], resource}, [2]*ast.Term{d.top[1], related}, [2]*ast.Term{d.top[2], params}), nil
}
