package cloudformation

import (
	"slices"
	"strconv"
	"strings"

	"github.com/keyproof/keyproof/model"
)

func itoa(n int) string { return strconv.Itoa(n) }

// entity is what a user, group or role is put together of.
type entity struct {
	res      *resource
	id       string // logical id
	kind     string // user, group or role
	path     model.Value[string]
	tags     model.Value[map[string]string]
	boundary value
	inline   []policy
	aws      []string // names of policies of AWS's own
	// attached are ARNs of customer managed policies; custom says that there are
	// some whose ARN is not known yet.
	attached []string
	custom   *model.Unknown
	doubt    *model.Unknown // why it may have other policies than these
}

func (e *entity) attach(name string) { e.aws = append(e.aws, name) }

// maybe says that there may be policies which cannot be told.
func (e *entity) maybe(why model.Unknown) {
	if e.doubt == nil {
		e.doubt = &why
	}
}

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

func (r *reader) inlinePolicy(e *entity, v value) {
	p := r.document(v.get("PolicyDocument"), true)
	p.name = r.string(v.get("PolicyName")).Or(e.id)
	e.inline = append(e.inline, p)
}

// attachPolicy reads one of ManagedPolicyArns.
func (r *reader) attachPolicy(e *entity, v value) {
	s, unresolved := r.standIn(v.text, "*")
	account := strings.Split(s+":::::", ":")[4]
	switch {
	case v.form == formText && account == "aws":
		e.attach(s[strings.LastIndex(s, "/")+1:])
	case v.form == formText && unresolved == "":
		if arn, ok := v.text.literal(); ok {
			e.attached = append(e.attached, arn)
		} else {
			why := v.reason()
			e.custom = &why
		}
	default:
		e.maybe(v.reason()) // it may be one of AWS's own
	}
}

// givenPolicies adds the policies that stand in blocks of their own.
func (r *reader) givenPolicies(e *entity) {
	for _, block := range r.resources {
		property := policyTargets(block.kind)[e.kind]
		if property == "" || block.exists == fails {
			continue
		}
		p := r.properties(block)
		list, why, ok := entries(p.get(property))
		if !ok {
			e.maybe(why)
		}
		for _, v := range list {
			t := r.target(v, entities(title(e.kind)))
			switch {
			case t.id == e.id && block.exists == undecided:
				e.maybe(model.Unknown{Reason: model.ReasonUnresolved, Detail: block.why + ", of " + block.id})
			case t.id == e.id && block.kind == "AWS::IAM::ManagedPolicy":
				made := model.Unknown{Reason: model.ReasonAfterApply, Detail: "Ref " + block.id}
				e.custom = &made
			case t.id == e.id:
				r.inlinePolicy(e, p)
			case t.id == "" && !t.elsewhere:
				e.maybe(model.Unknown{Reason: model.ReasonUnresolved, Detail: or(t.why.Detail, "the target") + ", of " + block.id})
			}
		}
	}
}

func title(kind string) string { return strings.ToUpper(kind[:1]) + kind[1:] }

// policyTargets are the properties of a type of policy that say whom it is for.
func policyTargets(kind string) map[string]string {
	switch kind {
	case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy":
		return map[string]string{"role": "Roles", "user": "Users", "group": "Groups"}
	case "AWS::IAM::RolePolicy":
		return map[string]string{"role": "RoleName"}
	case "AWS::IAM::UserPolicy":
		return map[string]string{"user": "UserName"}
	case "AWS::IAM::GroupPolicy":
		return map[string]string{"group": "GroupName"}
	default:
		return nil
	}
}

// principal emits a user, group or role.
func (r *reader) principal(e *entity) {
	body := &model.Principal{
		Type: model.Known(e.kind), Path: e.path, Tags: e.tags,
		ServiceLinked:       mapped(e.path, func(path string) bool { return e.kind == "role" && strings.HasPrefix(path, "/aws-service-role/") }),
		PermissionsBoundary: r.nonEmpty(e.boundary),
	}
	var inline []string
	policies := slices.Clone(e.inline)
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
			denies = denies || strings.HasPrefix(name, "AWSDeny") || strings.HasPrefix(name, "AWSCompromised")
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
