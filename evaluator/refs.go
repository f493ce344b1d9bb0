package evaluator

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/internal/nearest"
)

// checkRefs refuses references to what does not exist, which Rego would take
// for absent. The compiler's types do so in the rule's own file; this does it
// for libraries, which serve several kinds, and for data.
func checkRefs(c *ast.Compiler, r *rule, reached []*ast.Rule) error {
	var err error
	schema := any(InputSchema(r.Kind, r.Params))
	for _, used := range reached {
		ast.WalkRefs(used, func(ref ast.Ref) bool {
			switch {
			case err != nil:
			case ref.HasPrefix(ast.InputRootRef):
				err = r.checkInput(schema, ref)
			case ref.HasPrefix(ast.DefaultRootRef):
				err = r.checkData(c, ref)
			}
			return err != nil
		})
	}
	return err
}

// checkInput follows a reference through the schema of the rule's input as far
// as its members are constants.
func (r *rule) checkInput(schema any, ref ast.Ref) error {
	at, names := schema, constants(ref)
	for i, name := range names {
		object, _ := at.(map[string]any)
		members, _ := object["properties"].(map[string]any)
		if members == nil {
			return nil // a list, or an object with members of any name, such as tags
		}
		if members[name] == nil {
			where := "input." + strings.Join(names[:i+1], ".")
			return fmt.Errorf("%s: %s does not exist for the kind %s of rule %s%s", ref[0].Location, where, r.Kind, r.ID, suggest(name, sortedKeys(members)))
		}
		at = members[name]
	}
	return nil
}

// checkData allows references to the rule's own package and to libraries. What
// another rule says depends on that rule's kind and parameters.
func (r *rule) checkData(c *ast.Compiler, ref ast.Ref) error {
	found := c.GetRulesDynamicWithOpts(ref, ast.RulesOptions{})
	if len(found) == 0 {
		return fmt.Errorf("%s: %s does not exist: rules have no data but lib.*", ref[0].Location, ref)
	}
	for _, f := range found {
		if p := packagePath(f.Module); p != r.Package && !strings.HasPrefix(p, "lib.") {
			return fmt.Errorf("%s: %s reaches into the rule %s; move what rules share to a package lib.<name>", ref[0].Location, ref, p)
		}
	}
	return nil
}

func compileError(errs ast.Errors) error {
	list := make([]error, 0, len(errs))
	for _, e := range errs {
		list = append(list, fmt.Errorf("%w%s", e, hint(e)))
	}
	return errors.Join(list...)
}

// hint says what the author of a misspelt reference may have meant.
func hint(e *ast.Error) string {
	detail, ok := e.Details.(*ast.RefErrInvalidDetail)
	if !ok || !detail.Ref.HasPrefix(ast.InputRootRef) || detail.Pos >= len(detail.Ref) {
		return ""
	}
	wrong, ok := detail.Ref[detail.Pos].Value.(ast.String)
	if !ok {
		return ""
	}
	var names []string
	for _, v := range detail.OneOf {
		if s, ok := v.(ast.String); ok {
			names = append(names, string(s))
		}
	}
	slices.Sort(names)
	return suggest(string(wrong), names)
}

// suggest ends an error about a wrong name with the nearest right one.
func suggest(wrong string, names []string) string {
	best, least := "", max(2, len(wrong)/3)+1
	for _, name := range names {
		if d := nearest.Distance(wrong, name); d < least {
			best, least = name, d
		}
	}
	if best != "" {
		return fmt.Sprintf("; did you mean %s?", best)
	}
	return "; `keyproof schema input` lists what each kind has"
}
