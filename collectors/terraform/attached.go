package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// attached adds the managed policies that the blocks of the file attach.
func (b *builder) attached(from *block, kind string, c *carried) {
	for _, by := range b.about(from, "aws_iam_"+kind+"_policy_attachment", kind) {
		c.attach(by.by, by.sure)
	}
	own := from.get("managed_policy_arns")
	if own.state() == given {
		for _, a := range own.list() {
			c.policy(a, from.listed("managed_policy_arns", a), true, from)
		}
	} else if own.state() != unset && from.configured("managed_policy_arns") {
		c.doubt(own.why())
	}
	for _, by := range b.of("aws_iam_policy_attachment") {
		b.attachesMany(from, by, kind, c)
	}
}

// listed are the policies that an element of a list of ARNs means. One that is
// known only after apply is certain only where all of the list comes from it.
func (b *block) listed(name string, element attribute) subjects {
	if element.state() == given {
		list := b.world.named(element.v.String(), b, policyTypes()...)
		return subjects{list: list, sure: len(list) <= 1}
	}
	r := b.follow(name)
	if r.vague {
		return subjects{any: true}
	}
	list := slices.DeleteFunc(slices.Clone(r.blocks), func(p *block) bool { return !p.is(policyTypes()...) })
	return subjects{list: list, sure: r.exact() != nil}
}

// attachesMany reads aws_iam_policy_attachment, which lists principals by name.
func (b *builder) attachesMany(from, by *block, kind string, c *carried) {
	list := by.get(kind + "s")
	if list.state() == unset {
		return
	}
	name, known := from.named().Get()
	if known && contains(texts(list.v), name) {
		c.attach(by, true)
		return
	}
	if !list.whole() {
		if r := by.follow(kind + "s"); r.vague || slices.Contains(r.blocks, from) {
			c.attach(by, false)
		}
	}
}

// attach adds the policy that a block attaches, or may.
func (c *carried) attach(by *block, sure bool) {
	c.policy(by.get("policy_arn"), by.about("policy_arn", policyTypes()...), sure, by)
}

// policy adds a managed policy by its ARN and the blocks that it means. Without
// sure, it may be attached or not.
func (c *carried) policy(id attribute, means subjects, sure bool, by *block) {
	text, known := id.text(model.Value[string]{}).Get()
	if !sure {
		why := afterApply(by)
		c.unsure, c.unread = &why, &why
		if !known || !awsOwned(text) {
			c.deny(means, false, why)
		} else if iampolicy.AWSDenies(path.Base(text)) {
			c.undenied = &why
		}
		return
	}
	switch {
	case !known:
		why := id.why()
		c.unsure = &why // of the customer's own: AWS's own ARNs are known
		c.deny(means, true, why)
	case awsOwned(text):
		c.theirs = append(c.theirs, path.Base(text))
		c.managed(path.Base(text))
	default:
		c.ours = append(c.ours, text)
		c.deny(means, true, notInSource("the text of the policy "+text))
	}
}

// managed adds a policy of AWS's own. Their texts are not in a plan; the one that
// allows everything is documented as such (IAM User Guide, "AWS managed policies
// for job functions", Administrator).
func (c *carried) managed(name string) {
	if name == "AdministratorAccess" {
		c.sources = append(c.sources, iampolicy.Source{Name: name, Document: `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`})
		return
	}
	why := notInSource("the text of the AWS managed policy " + name)
	c.unread = &why
	if iampolicy.AWSDenies(name) {
		c.undenied = &why
	}
}

func awsOwned(id string) bool {
	a, err := arn.Parse(id)
	return err == nil && strings.EqualFold(a.AccountID, "aws")
}

// fill fills the lists and what the policies allow. A policy that could not be
// read can add a grant; a boundary, or one that may deny, take any away.
func (c *carried) fill(b *builder, from *block, body *model.Principal) {
	if c.unsure != nil {
		unknown := model.Missing[[]string](*c.unsure)
		body.InlinePolicies, body.AttachedPolicies, body.AWSManagedPolicies = unknown, unknown, unknown
	} else {
		slices.Sort(c.inline)
		slices.Sort(c.ours)
		slices.Sort(c.theirs)
		body.InlinePolicies, body.AttachedPolicies = model.Known(slices.Compact(c.inline)), model.Known(slices.Compact(c.ours))
		body.AWSManagedPolicies = model.Known(slices.Compact(c.theirs))
	}
	boundary, bounded, why := b.boundary(from, body)
	grants := iampolicy.IdentityGrants(c.sources, boundary, iamOwner(from))
	for _, list := range grants.All() {
		if _, known := list.Get(); !known {
			continue
		}
		switch some := len(list.Or(nil)) > 0; {
		case some && why != nil && bounded:
			*list = model.Missing[[]model.Grant](*why)
		case some && c.undenied != nil:
			*list = model.Missing[[]model.Grant](*c.undenied)
		case !some && c.unread != nil:
			*list = model.Missing[[]model.Grant](*c.unread)
		}
	}
	body.Grants = grants
}

// boundary is the text of the permissions boundary; why, if there is one that
// the file does not have.
func (b *builder) boundary(from *block, body *model.Principal) (text *iampolicy.Source, bounded bool, why *model.Unknown) {
	if body.PermissionsBoundary.State() == model.StateAbsent {
		return nil, false, nil
	}
	if policy := from.about("permissions_boundary", "aws_iam_policy").one(); policy != nil {
		if s, ok := policy.get("policy").text(model.Value[string]{}).Get(); ok {
			return &iampolicy.Source{Name: policy.address, Document: s}, true, nil
		}
	}
	unknown := notInSource("the text of the permissions boundary")
	return nil, true, &unknown
}
