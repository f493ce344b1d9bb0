package iampolicy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keyproof/keyproof/internal/iampolicy"
)

// BenchmarkIdentityGrants judges a policy as long as AWS's ReadOnlyAccess, which
// many principals of an account may have.
func BenchmarkIdentityGrants(b *testing.B) {
	var actions []string
	for i := range 1500 {
		actions = append(actions, fmt.Sprintf(`"service%d:Describe*Thing"`, i))
	}
	doc := `{"Statement": [{"Effect": "Allow", "Action": [` + strings.Join(actions, ",") + `], "Resource": "*"}]}`
	b.ReportAllocs()
	for b.Loop() {
		iampolicy.IdentityGrants([]iampolicy.Source{{Name: "p", Document: doc}}, nil, owner)
	}
}
