package terraform

import (
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

func (b *builder) iamPolicy(from *block) *model.Resource {
	body := &model.IAMPolicy{Path: from.get("path").text(model.Known("/"))}
	doc := from.get("policy").text(model.Value[string]{})
	if text, ok := doc.Get(); ok {
		body.Grants = iampolicy.IdentityGrants([]iampolicy.Source{{Name: from.named().Or(from.address), Document: text}}, nil, iamOwner(from))
	} else {
		body.Grants = model.UnknownGrants(doc.Why())
	}
	body.Attachments, body.BoundaryCount = b.policyUse(from)
	return b.resource(from, model.KindIAMPolicy, from.named(), body)
}

func iamOwner(from *block) iampolicy.Owner {
	at := from.place()
	return iampolicy.Owner{Partition: first(at.partition, "aws"), Account: first(at.account, nobody)}
}

// identity is what users, groups and roles are called in the types about them.
func identity(from *block) string { return from.kind[len("aws_iam_"):] }

func (b *builder) principal(from *block) *model.Resource {
	kind := identity(from)
	body := &model.Principal{
		Type:                model.Known(kind),
		Path:                from.get("path").text(model.Known("/")),
		PermissionsBoundary: from.get("permissions_boundary").text(model.None[string]()),
		ServiceLinked:       model.Known(false), // has a type of its own, aws_iam_service_linked_role
		Tags:                model.None[map[string]string](),
	}
	if kind != "group" {
		body.Tags = from.tags()
	}
	c := &carried{}
	b.inline(from, kind, c)
	b.attached(from, kind, c)
	c.fill(b, from, body)
	return b.resource(from, model.KindPrincipal, from.named(), body)
}

// carried are the policies of a principal. unsure says why there may be others,
// unread why the text of one is unknown, and undenied why one that may deny
// something is.
type carried struct {
	sources                  []iampolicy.Source
	inline                   []string
	ours, theirs             []string
	unsure, unread, undenied *model.Unknown
}

// document adds a policy. mayDeny says whether it may deny something if its text
// is not known.
func (c *carried) document(name string, doc attribute, mayDeny bool) {
	text := doc.text(model.Value[string]{})
	if s, ok := text.Get(); ok {
		c.sources = append(c.sources, iampolicy.Source{Name: name, Document: s})
		return
	}
	why := text.Why()
	c.unread = &why
	if mayDeny {
		c.undenied = &why
	}
}

// doubt says that there may be policies of which nothing is known.
func (c *carried) doubt(why model.Unknown) { c.unsure, c.unread, c.undenied = &why, &why, &why }

// inline adds the policies of the blocks beside it and of its own.
func (b *builder) inline(from *block, kind string, c *carried) {
	add := func(name model.Value[string], address string, doc attribute, mayDeny bool) {
		text, ok := name.Get()
		if !ok {
			text = address
			why := model.Unknown{Reason: model.ReasonAfterApply, Detail: "the name of " + address}
			c.unsure = &why
		}
		c.inline = append(c.inline, text)
		c.document(text, doc, mayDeny)
	}
	for _, by := range b.about(from, "aws_iam_"+kind+"_policy", kind) {
		mayDeny := by.by.mayDeny("policy")
		if !by.sure {
			why := afterApply(by.by)
			c.unsure, c.unread = &why, &why
			if mayDeny {
				c.undenied = &why
			}
			continue
		}
		add(by.by.named(), by.by.address, by.by.get("policy"), mayDeny)
	}
	own := from.get("inline_policy")
	if s := own.state(); s == later && from.configured("inline_policy") || s == hidden {
		c.doubt(own.why())
		return
	}
	for _, p := range own.list() {
		// An empty block means that there shall be none (aws_iam_role, inline_policy).
		if p.get("name").state() == unset && p.get("policy").state() == unset {
			continue
		}
		name := p.get("name").text(model.Value[string]{})
		if n, ok := name.Get(); ok && contains(c.inline, n) {
			continue // shown of a role that exists, for a block beside it
		}
		add(name, from.address, p.get("policy"), true)
	}
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}
