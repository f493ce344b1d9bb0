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
	var arns []attribute
	for _, by := range b.about(from, "aws_iam_"+kind+"_policy_attachment", kind) {
		if !by.sure {
			why := afterApply(by.by)
			c.unsure, c.unread = &why, &why
			continue
		}
		arns = append(arns, by.by.get("policy_arn"))
	}
	if own := from.get("managed_policy_arns"); own.state() == given {
		arns = append(arns, own.list()...)
	} else if own.state() != unset && from.configured("managed_policy_arns") {
		why := own.why()
		c.unsure, c.unread = &why, &why
	}
	for _, by := range b.of("aws_iam_policy_attachment") {
		b.attachesMany(from, by, kind, c, &arns)
	}
	for _, a := range arns {
		text, known := a.text(model.Value[string]{}).Get()
		switch {
		case !known:
			why := a.why()
			c.unsure = &why // of the customer's own: AWS's own ARNs are known
		case awsOwned(text):
			c.theirs = append(c.theirs, path.Base(text))
			c.managed(path.Base(text))
		default:
			c.ours = append(c.ours, text)
		}
	}
}

// attachesMany reads aws_iam_policy_attachment, which lists principals by name.
func (b *builder) attachesMany(from, by *block, kind string, c *carried, arns *[]attribute) {
	list := by.get(kind + "s")
	if list.state() == unset {
		return
	}
	name, known := from.named().Get()
	if known && contains(texts(list.v), name) {
		*arns = append(*arns, by.get("policy_arn"))
		return
	}
	if !list.whole() {
		if r := by.follow(kind + "s"); r.vague || slices.Contains(r.blocks, from) {
			why := afterApply(by)
			c.unsure, c.unread = &why, &why
		}
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
}

func awsOwned(id string) bool {
	a, err := arn.Parse(id)
	return err == nil && strings.EqualFold(a.AccountID, "aws")
}

// fill fills the lists and what the policies allow. A policy that could not be
// read can add a grant, and a boundary take any away.
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
