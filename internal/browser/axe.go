package browser

import (
	"fmt"
	"os"
	"time"

	"github.com/keyproof/keyproof/internal/needs"
)

// patience is how long a page may take to do what a test waits for.
const patience = 5 * time.Second

// Violation is what axe-core finds wrong for people who cannot see, point or
// hear as most do: the id of its rule, and what part of the page.
type Violation struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"` // minor, moderate, serious or critical
	At     []string `json:"at"`     // elements as HTML, the first few
}

func (v Violation) String() string { return fmt.Sprintf("%s (%s): %q", v.ID, v.Impact, v.At) }

// Violations are what axe-core has to say of the page as it is, or the test is
// skipped where there is no axe-core. root is the top folder of the repository.
func (p *Page) Violations(root string) []Violation {
	p.t.Helper()
	script, err := os.ReadFile(needs.Axe(p.t, root))
	p.must(err)
	if !Eval[bool](p, `typeof axe === "object"`) {
		Eval[bool](p, string(script)+"\n;true")
	}
	return Eval[[]Violation](p, `axe.run({resultTypes: ["violations"]}).then((r) => r.violations.map((v) => (
		{id: v.id, impact: v.impact, at: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200))})))`)
}
