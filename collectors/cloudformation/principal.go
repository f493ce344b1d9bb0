package cloudformation

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

func (r *reader) role(res *resource)  { r.entity(res, "role") }
func (r *reader) user(res *resource)  { r.entity(res, "user") }
func (r *reader) group(res *resource) { r.entity(res, "group") }

// entity reads AWS::IAM::Role, ::User and ::Group with the policies that other
// blocks give them.
func (r *reader) entity(res *resource, kind string) {
	p := r.properties(res)
	e := &entity{res: res, id: res.id, kind: kind, path: r.withDefault(p.get("Path"), "/"), tags: r.tags(p.get("Tags")), boundary: p.get("PermissionsBoundary")}
	if kind == "group" {
		e.tags, e.boundary = model.None[map[string]string](), nothing()
	}
	list, why, ok := entries(p.get("Policies"))
	if !ok {
		e.maybe(why)
	}
	for _, v := range list {
		if v.form != formUnknown {
			r.inlinePolicy(e, v)
		}
	}
	list, why, ok = entries(p.get("ManagedPolicyArns"))
	if !ok {
		e.maybe(why)
	}
	for _, v := range list {
		if v.form != formUnknown {
			r.attachPolicy(e, v)
		}
	}
	r.givenPolicies(e)
	r.principal(e)
}

// principal emits a user, group or role.
func (r *reader) principal(e *entity) {
	body := &model.Principal{
		Type: model.Known(e.kind), Path: e.path, Tags: e.tags,
		ServiceLinked:       mapped(e.path, func(path string) bool { return e.kind == "role" && strings.HasPrefix(path, "/aws-service-role/") }),
		PermissionsBoundary: r.nonEmpty(e.boundary),
	}
	var inline []string
	policies := slices.Concat(e.inline, e.denying)
	for _, p := range e.inline {
		inline = append(inline, p.name)
	}
	unread, denies := e.doubt, e.doubt != nil
	for _, name := range e.aws {
		doc, ok := awsPolicy(name)
		if !ok {
			if why := notInSource("what AWS's policy " + shorten(name) + " allows"); unread == nil {
				unread = &why
			}
			denies = denies || iampolicy.AWSDenies(name)
			continue
		}
		policies = append(policies, policy{name: name, open: doc, closed: doc})
	}
	slices.Sort(e.attached)
	slices.Sort(e.aws)
	body.InlinePolicies, body.AttachedPolicies, body.AWSManagedPolicies = model.Known(inline), model.Known(e.attached), model.Known(slices.Compact(e.aws))
	if e.custom != nil {
		body.AttachedPolicies = model.Missing[[]string](*e.custom)
	}
	if e.doubt != nil {
		body.InlinePolicies, body.AttachedPolicies, body.AWSManagedPolicies = model.Missing[[]string](*e.doubt), model.Missing[[]string](*e.doubt), model.Missing[[]string](*e.doubt)
	}
	body.Grants = r.bounded(policies, e.boundary)
	if unread != nil {
		// Other policies can add grants. AWS's own take none away, but for those
		// that are there to deny.
		without(&body.Grants, *unread, false)
		if denies {
			without(&body.Grants, *unread, true)
		}
	}
	if e.undenied != nil {
		without(&body.Grants, *e.undenied, true)
	}
	name := r.physical(ref{id: e.id})
	if r.byID[e.id] == nil {
		name = nothing()
	}
	r.emit(e.res, e.id, model.KindPrincipal, r.nonEmpty(name), body)
}

// bounded are the grants within the boundary. One that cannot be read can take
// away any grant, and add none.
func (r *reader) bounded(policies []policy, boundary value) model.Grants {
	if !boundary.given() {
		return r.grants(policies, nil)
	}
	if t := r.target(boundary, managedPolicies()); t.id != "" {
		p := r.document(r.properties(r.byID[t.id]).get("PolicyDocument"), true)
		p.name = t.id
		return r.grants(policies, &p)
	}
	if s, _ := r.standIn(boundary.text, "*"); strings.Contains(s, ":iam::aws:policy/") {
		if doc, ok := awsPolicy(s[strings.LastIndex(s, "/")+1:]); ok {
			return r.grants(policies, &policy{name: s, open: doc, closed: doc})
		}
	}
	grants := r.grants(policies, nil)
	without(&grants, notInSource("what its permissions boundary allows"), true)
	return grants
}

// without makes the lists that are empty unknown, or those that are not.
func without(g *model.Grants, why model.Unknown, some bool) {
	for _, list := range g.All() {
		if grants, ok := list.Get(); ok && (len(grants) > 0) == some {
			*list = model.Missing[[]model.Grant](why)
		}
	}
}
