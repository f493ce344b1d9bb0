package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// entity is what users, groups and roles have in common.
type entity struct {
	kind     string // user, group or role
	arn      *string
	name     *string
	body     model.Principal
	inline   []types.PolicyDetail
	attached []types.AttachedPolicy
	boundary *types.AttachedPermissionsBoundary
}

func (d *directory) principals(page *iam.GetAccountAuthorizationDetailsOutput) error {
	var list []*entity
	for _, u := range page.UserDetailList {
		list = append(list, &entity{"user", u.Arn, u.UserName, model.Principal{
			Path: model.KnownOrNone(u.Path), CreatedAt: model.KnownOrNone(u.CreateDate), Tags: tags(u.Tags),
		}, u.UserPolicyList, u.AttachedManagedPolicies, u.PermissionsBoundary})
	}
	for _, g := range page.GroupDetailList {
		list = append(list, &entity{"group", g.Arn, g.GroupName, model.Principal{
			Path: model.KnownOrNone(g.Path), CreatedAt: model.KnownOrNone(g.CreateDate), Tags: model.None[map[string]string](),
		}, g.GroupPolicyList, g.AttachedManagedPolicies, nil})
	}
	for _, r := range page.RoleDetailList {
		list = append(list, &entity{"role", r.Arn, r.RoleName, model.Principal{
			Path: model.KnownOrNone(r.Path), CreatedAt: model.KnownOrNone(r.CreateDate), Tags: tags(r.Tags),
		}, r.RolePolicyList, r.AttachedManagedPolicies, r.PermissionsBoundary})
	}
	for _, e := range list {
		if aws.ToString(e.arn) == "" {
			d.cell.Gap(model.KindPrincipal, left("the ARN of a "+e.kind))
			continue
		}
		d.fill(e)
		if err := d.cell.Emit(&model.Resource{ID: d.cell.ID(model.KindPrincipal, *e.arn), Name: aws.ToString(e.name), Body: &e.body}); err != nil {
			return err
		}
	}
	return nil
}

// serviceLinked is the path of roles that an AWS service makes, changes and
// assumes, and nobody else (IAM User Guide, "Create a service-linked role").
// /service-role/ is another matter: those are the customer's.
const serviceLinked = "/aws-service-role/"

func (d *directory) fill(e *entity) {
	b := &e.body
	b.Type = model.Known(e.kind)
	b.ServiceLinked = model.Known(e.kind == "role" && strings.HasPrefix(b.Path.Or(""), serviceLinked))
	var inline, ours, theirs []string
	var sources []iampolicy.Source
	var unread, unreadDeny *model.Unknown
	add := func(name string, document model.Value[string]) {
		text, ok := document.Get()
		if why := document.Why(); !ok {
			unread = &why
		}
		sources = append(sources, iampolicy.Source{Name: name, Document: text})
	}
	for _, p := range e.inline {
		inline = append(inline, aws.ToString(p.PolicyName))
		if p.PolicyDocument == nil {
			add(aws.ToString(p.PolicyName), model.Missing[string](left("the document of an inline policy")))
		} else {
			add(aws.ToString(p.PolicyName), decoded(*p.PolicyDocument))
		}
	}
	for _, p := range e.attached {
		if id := aws.ToString(p.PolicyArn); awsOwned(id) {
			theirs = append(theirs, aws.ToString(p.PolicyName))
			add(aws.ToString(p.PolicyName), d.document(id))
		} else {
			ours = append(ours, id)
			// What it allows is its own row's; what it denies, it denies all of them.
			doc := d.document(id)
			if text, ok := doc.Get(); !ok {
				why := doc.Why()
				unreadDeny = &why
			} else if iampolicy.MayDeny(text) {
				sources = append(sources, iampolicy.Source{Name: aws.ToString(p.PolicyName), Document: text, DenyOnly: true})
			}
		}
	}
	b.InlinePolicies, b.AttachedPolicies, b.AWSManagedPolicies = model.Known(inline), model.Known(ours), model.Known(theirs)
	b.PermissionsBoundary = model.None[string]()
	if e.boundary != nil {
		b.PermissionsBoundary = model.KnownOrNone(e.boundary.PermissionsBoundaryArn)
	}
	if unread != nil {
		b.Grants = model.UnknownGrants(*unread)
		return
	}
	b.Grants = d.bounded(sources, b.PermissionsBoundary)
	if unreadDeny != nil {
		doubt(&b.Grants, *unreadDeny)
	}
}

// doubt makes unknown what something that could not be read may take away; it adds
// nothing to a list that is empty.
func doubt(grants *model.Grants, why model.Unknown) {
	for _, list := range grants.All() {
		if list.Len() > 0 {
			*list = model.Missing[[]model.Grant](why)
		}
	}
}

// bounded are the grants within the boundary. One that cannot be read can take
// away any grant, and add none.
func (d *directory) bounded(sources []iampolicy.Source, by model.Value[string]) model.Grants {
	id, ok := by.Get()
	if !ok {
		return iampolicy.IdentityGrants(sources, nil, d.owner())
	}
	doc := d.document(id)
	if text, ok := doc.Get(); ok {
		return iampolicy.IdentityGrants(sources, &iampolicy.Source{Name: id, Document: text}, d.owner())
	}
	grants := iampolicy.IdentityGrants(sources, nil, d.owner())
	doubt(&grants, doc.Why())
	return grants
}

// document is the text of a managed policy.
func (d *directory) document(id string) model.Value[string] {
	if doc, ok := d.documents[id]; ok {
		return doc
	}
	if why, gap := d.cell.GapOf(model.KindIAMPolicy); gap {
		return model.Missing[string](why)
	}
	return model.Missing[string](left("the policy " + id))
}

func tags(list []types.Tag) model.Value[map[string]string] {
	m := make(map[string]string, len(list))
	for _, t := range list {
		m[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return model.Known(m)
}
