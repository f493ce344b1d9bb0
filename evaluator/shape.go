package evaluator

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// checkModule refuses a module that could break the promise of the package: one
// that replaces its input, or that is neither a rule nor a library, so that it
// would never be asked. It says whether the module is a rule.
func checkModule(file string, m *ast.Module) (isRule bool, err error) {
	ast.WalkExprs(m, func(e *ast.Expr) bool {
		if len(e.With) > 0 && err == nil {
			err = fmt.Errorf("%s: `with` is for tests only", at(file, e.Location))
		}
		return err != nil
	})
	if err != nil {
		return false, err
	}
	parts := strings.Split(packagePath(m), ".")
	switch {
	case parts[0] == "rules" && len(parts) == 3:
		return true, nil
	case parts[0] == "lib" && len(parts) > 1:
		return false, nil
	default:
		return false, fmt.Errorf("%s: package %s: a rule is a package rules.<service>.<name>, what rules share is lib.<name>", at(file, m.Package.Location), packagePath(m))
	}
}

func packagePath(m *ast.Module) string {
	return strings.TrimPrefix(m.Package.Path.String(), "data.")
}

// checkShape refuses entry points that are not sets.
func checkShape(file string, m *ast.Module) error {
	found := false
	for _, r := range m.Rules {
		name := r.Head.Ref()[0].Value.String()
		if name != "violation" && name != "not_applicable" {
			continue
		}
		found = found || name == "violation"
		if r.Head.RuleKind() != ast.MultiValue || r.Default || len(r.Head.Ref()) > 1 {
			return fmt.Errorf("%s: write `%s contains … if { … }`", at(file, r.Location), name)
		}
	}
	if !found {
		return fmt.Errorf("%s: the rule has no `violation contains {…} if {…}`", at(file, m.Package.Location))
	}
	return nil
}
