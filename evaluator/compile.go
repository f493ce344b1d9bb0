package evaluator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// entry is one entry point of a rule (violation or not_applicable): a set, of
// which each `contains` is a clause.
type entry struct {
	document
	compiler *ast.Compiler
	set      places // of all that it can read
	number   int    // among all entry points of a judge
	query    string
	clauses  []*clause
	partial  *rego.PreparedPartialQuery // see partially
}

// compile checks all modules together and prepares the rules' queries. Files of
// users that do not compile are taken out until the others do: what one of them
// defines, another may need.
func (s *ruleSet) compile(ctx context.Context) error {
	for _, r := range s.rules {
		if s.checks(r) {
			addSchema(r)
		}
	}
	c := s.newCompiler()
	for c.Compile(s.modules); c.Failed(); c.Compile(s.modules) {
		if err := s.refuseFailed(c.Errors); err != nil {
			return err
		}
		c = s.newCompiler()
	}
	for _, r := range slices.Clone(s.rules) {
		if err := r.prepare(c, s.checks(r)); err != nil {
			if err := s.refuse(r.file, fmt.Errorf("prepare rule %s: %w", r.ID, err)); err != nil {
				return err
			}
		}
	}
	return nil
}

// checks says whether the types in a rule are to be checked.
func (s *ruleSet) checks(r *rule) bool { return !s.trusted || s.theirs[r.file] }

func (s *ruleSet) newCompiler() *ast.Compiler {
	return ast.NewCompiler().
		WithCapabilities(capabilities()).
		WithStrict(true).
		WithUseTypeCheckAnnotations(true).
		WithDefaultRegoVersion(ast.RegoV1)
}

// capabilities are OPA's without everything whose answer depends on more than
// its arguments: network, clock, chance, environment.
func capabilities() *ast.Capabilities {
	caps := ast.CapabilitiesForThisVersion()
	kept := caps.Builtins[:0]
	for _, b := range caps.Builtins {
		// net.cidr_contains and its like only compute; net.lookup_ip_addr asks the network.
		// What checks a chain of certificates compares it with the clock, and does not say so.
		chain := strings.HasPrefix(b.Name, "crypto.x509.parse_and_verify_certificates")
		if b.Nondeterministic || chain || strings.HasPrefix(b.Name, "net.") && !strings.HasPrefix(b.Name, "net.cidr_contains") || b.Name == "trace" || b.Name == "print" {
			continue
		}
		kept = append(kept, b)
	}
	caps.Builtins = kept
	caps.AllowNet = []string{} // no host at all; nil would mean any
	return caps
}

// addSchema gives the compiler the types of a rule's input. Authors need not
// name a schema: the kind says it.
func addSchema(r *rule) {
	var schema any = InputSchema(r.Kind, r.Rule.Params)
	for _, a := range r.module.Annotations {
		if a.Scope == "package" {
			a.Schemas = append(a.Schemas, &ast.SchemaAnnotation{Path: ast.InputRootRef.Copy(), Definition: &schema})
		}
	}
}

func (r *rule) prepare(c *ast.Compiler, check bool) error {
	params := map[string]any{}
	for name, p := range r.Params {
		params[name] = p.Value
	}
	value, err := ast.InterfaceToValue(params)
	if err != nil {
		return err
	}
	r.params = ast.NewTerm(value)
	if r.violation, err = r.entry(c, "violation", check); err != nil {
		return err
	}
	for _, m := range r.module.Rules {
		if m.Head.Name == "not_applicable" {
			if r.applicable, err = r.entry(c, "not_applicable", check); err != nil {
				return err
			}
			break
		}
	}
	for _, e := range r.entries() {
		for _, p := range e.reads {
			r.Reads = append(r.Reads, p.String())
		}
	}
	slices.Sort(r.Reads)
	r.Reads = slices.Compact(r.Reads)
	return nil
}

func (r *rule) entry(c *ast.Compiler, name string, check bool) (*entry, error) {
	e := &entry{compiler: c, query: "data." + r.Package + "." + name}
	heads := c.GetRulesExact(ast.MustParseRef(e.query))
	reached := reach(c, heads...)
	if check {
		if err := checkRefs(c, r, reached); err != nil {
			return nil, err
		}
	}
	e.document = newDocument(readSet(r.Kind, reached), r.params)
	for _, head := range heads {
		e.clauses = append(e.clauses, newClause(c, r, head))
	}
	return e, nil
}

// partially prepares partial evaluation when it is first needed, which for most
// entry points is never. The caller sees to it that nobody else does so.
func (e *entry) partially(ctx context.Context) (*rego.PreparedPartialQuery, error) {
	if e.partial == nil {
		q, err := rego.New(rego.Compiler(e.compiler), rego.Query(e.query+"[x]"), rego.StrictBuiltinErrors(true)).PrepareForPartial(ctx)
		if err != nil {
			return nil, err
		}
		e.partial = &q
	}
	return e.partial, nil
}
