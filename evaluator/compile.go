package evaluator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/keyproof/keyproof/model"
)

// entry is one entry point of a rule (violation or not_applicable).
type entry struct {
	query   string
	reads   []path // what it can read, sorted
	places  []int  // of reads, in the layout of the rule's kind
	total   rego.PreparedEvalQuery
	partial rego.PreparedPartialQuery
}

// compile checks all modules together and prepares the rules' queries.
func (s *ruleSet) compile(ctx context.Context) error {
	for _, r := range s.rules {
		addSchema(r)
	}
	c := ast.NewCompiler().
		WithCapabilities(capabilities()).
		WithStrict(true).
		WithUseTypeCheckAnnotations(true).
		WithDefaultRegoVersion(ast.RegoV1)
	c.Compile(s.modules)
	if c.Failed() {
		return fmt.Errorf("compile rules: %w", compileError(c.Errors))
	}
	for _, r := range s.rules {
		if err := r.prepare(ctx, c); err != nil {
			return fmt.Errorf("%s: prepare rule %s: %w", r.file, r.ID, err)
		}
	}
	return nil
}

func compileError(errs ast.Errors) error {
	list := make([]error, 0, len(errs))
	for _, e := range errs {
		hint := ""
		if e.Code == ast.TypeErr && strings.Contains(e.Message, "undefined ref: input") {
			hint = "; `keyproof schema input` lists the attributes of each kind"
		}
		list = append(list, fmt.Errorf("%w%s", e, hint))
	}
	return errors.Join(list...)
}

// capabilities are OPA's without everything whose answer depends on more than
// its arguments: network, clock, chance, environment.
func capabilities() *ast.Capabilities {
	caps := ast.CapabilitiesForThisVersion()
	kept := caps.Builtins[:0]
	for _, b := range caps.Builtins {
		if b.Nondeterministic || strings.HasPrefix(b.Name, "net.") || b.Name == "trace" || b.Name == "print" {
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

func (r *rule) prepare(ctx context.Context, c *ast.Compiler) error {
	params := map[string]any{}
	for name, p := range r.Params {
		params[name] = p.Value
	}
	value, err := ast.InterfaceToValue(params)
	if err != nil {
		return err
	}
	r.params = value
	if r.violation, err = r.entry(ctx, c, "violation"); err != nil {
		return err
	}
	for _, m := range r.module.Rules {
		if m.Head.Name == "not_applicable" {
			if r.applicable, err = r.entry(ctx, c, "not_applicable"); err != nil {
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

func (r *rule) entry(ctx context.Context, c *ast.Compiler, name string) (*entry, error) {
	e := &entry{query: "data." + r.Package + "." + name}
	e.reads = readSet(c, r.Kind, e.query)
	var err error
	if e.total, err = rego.New(rego.Compiler(c), rego.Query(e.query), rego.StrictBuiltinErrors(true)).PrepareForEval(ctx); err != nil {
		return nil, err
	}
	e.partial, err = rego.New(rego.Compiler(c), rego.Query(e.query+"[x]"), rego.StrictBuiltinErrors(true)).PrepareForPartial(ctx)
	return e, err
}

// InputSchema is the JSON schema of the input of rules on a kind.
func InputSchema(kind model.Kind, params map[string]model.Param) map[string]any {
	resource := model.AttributeSchema(kind)
	for _, name := range identity {
		resource["properties"].(map[string]any)[name] = map[string]any{"type": "string"}
	}
	related := map[string]any{}
	for role, to := range roles(kind) {
		doc := model.AttributeSchema(to)
		doc["properties"].(map[string]any)["exists"] = map[string]any{
			"type":        "boolean",
			"description": "false when the reference names something that a complete list did not hold",
		}
		related[role] = doc
	}
	if kinds := users(kind); len(kinds) > 0 {
		used := map[string]any{}
		for _, k := range kinds {
			used[string(k)] = map[string]any{"type": "boolean", "description": "a " + string(k) + " of the scan refers to it"}
		}
		related["used_by"] = object(used)
	}
	ps := map[string]any{}
	for name, p := range params {
		ps[name] = paramSchema(p.Type)
	}
	return object(map[string]any{"resource": resource, "related": object(related), "params": object(ps)})
}

func object(props map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": props, "additionalProperties": false}
}

func paramSchema(typ string) map[string]any {
	if typ == "strings" {
		return map[string]any{"type": "array", "items": map[string]any{"type": "string"}}
	}
	return map[string]any{"type": typ}
}
