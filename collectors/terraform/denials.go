package terraform

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// policyTypes are the types that are customer managed policies, or read one.
func policyTypes() []string { return []string{"aws_iam_policy", "data.aws_iam_policy"} }

// deny adds what a customer managed policy denies; what it allows is judged in its
// own row. One that may deny something, and whose text or whose attachment is not
// certain, can take any grant away.
func (c *carried) deny(policies subjects, attached bool, why model.Unknown) {
	if one := policies.one(); one != nil && attached {
		doc := one.get("policy").text(model.Value[string]{})
		if text, known := doc.Get(); known {
			if iampolicy.MayDeny(text) {
				c.sources = append(c.sources, iampolicy.Source{Name: one.named().Or(one.address), Document: text, DenyOnly: true})
			}
			return
		}
		why = model.Unknown{Reason: doc.Why().Reason, Detail: one.address + ".policy"}
	}
	if len(policies.list) == 0 || slices.ContainsFunc(policies.list, func(p *block) bool { return p.mayDeny("policy") }) {
		c.undenied = &why
	}
}

// mayDeny says whether the policy in an attribute may have a statement that denies.
func (b *block) mayDeny(attribute string) bool {
	a := b.get(attribute)
	switch a.state() {
	case given:
		return iampolicy.MayDeny(a.v.String())
	case later:
		doc := b.follow(attribute).exact()
		return doc == nil || !doc.is("data.aws_iam_policy_document") || !doc.onlyAllows()
	default:
		return true
	}
}

// onlyAllows says of a document that terraform will put together only on apply
// whether all of its statements are known to allow.
func (b *block) onlyAllows() bool {
	for _, other := range otherDocuments() {
		if b.values.get(other).state() != unset {
			return false
		}
	}
	statements := b.values.get("statement")
	return statements.state() == given && !slices.ContainsFunc(statements.list(), func(s attribute) bool {
		effect, known := s.get("effect").text(model.Known("Allow")).Get()
		return !known || !strings.EqualFold(effect, "Allow")
	})
}
