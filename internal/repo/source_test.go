package repo

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSource looks at every Go file of the repository for what the project
// does not do: init functions, ending the process outside main, and (in the
// collectors) naming a call that reads a secret's value.
func TestSource(t *testing.T) {
	seen := 0
	require.NoError(t, filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		seen++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, problem := range problems(path, file) {
			t.Errorf("%s: %s", path, problem)
		}
		return nil
	}))
	require.Greater(t, seen, 50)
}

func problems(path string, file *ast.File) []string {
	var list []string
	test := strings.HasSuffix(path, "_test.go")
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Name.Name == "init" && n.Recv == nil {
				list = append(list, "an init function: write the list out where it is used")
			}
		case *ast.SelectorExpr:
			pkg, _ := n.X.(*ast.Ident)
			switch {
			case test:
			case pkg != nil && pkg.Name == "os" && n.Sel.Name == "Exit" && filepath.Base(path) != "main.go":
				list = append(list, "os.Exit outside main.go: return an error")
			case strings.Contains(path, "collectors/") && readsValue(n.Sel.Name):
				list = append(list, n.Sel.Name+": a collector never reads a secret's value")
			}
		}
		return true
	})
	return list
}

func readsValue(name string) bool {
	for _, call := range []string{"GetSecretValue", "BatchGetSecretValue", "GetParameter", "GetParameterHistory", "GetParametersByPath", "Decrypt"} {
		if name == call || name == call+"Input" {
			return true
		}
	}
	return false
}

// TestProblems makes sure that the test above can fail.
func TestProblems(t *testing.T) {
	const bad = `package x
import "os"
func init() { os.Exit(1) }
func f() { c.GetSecretValue() }
`
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", bad, parser.SkipObjectResolution)
	require.NoError(t, err)
	require.Len(t, problems("collectors/x.go", file), 3)
	require.Empty(t, problems("x_test.go", &ast.File{Name: ast.NewIdent("x")}))
	_, err = os.Stat("../../go.mod")
	require.NoError(t, err, "the walk starts at the top of the repository")
}
