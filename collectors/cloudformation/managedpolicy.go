package cloudformation

import (
	"github.com/keyproof/keyproof/model"
)

// managedPolicy reads AWS::IAM::ManagedPolicy.
func (r *reader) managedPolicy(res *resource) {
	p := r.properties(res)
	doc := r.document(p.get("PolicyDocument"), true)
	doc.name = r.string(p.get("ManagedPolicyName")).Or(res.id)
	body := &model.IAMPolicy{Path: r.withDefault(p.get("Path"), "/"), Grants: r.grants([]policy{doc}, nil)}
	body.Attachments, body.BoundaryCount = r.attachmentCount(res, p)
	r.emit(res, res.id, model.KindIAMPolicy, r.nonEmpty(p.get("ManagedPolicyName")), body)
}

// attachmentCount counts to whom the template gives the policy, by the policy's
// own lists and by those of users, groups and roles.
func (r *reader) attachmentCount(res *resource, p value) (count, boundaries model.Value[int]) {
	n, bounds := 0, 0
	var doubt, doubtToo *model.Unknown
	for _, property := range []string{"Roles", "Users", "Groups"} {
		list, why, ok := entries(p.get(property))
		if !ok {
			doubt = &why
		}
		n += len(list)
	}
	for _, e := range r.entities {
		of := r.properties(e)
		property := "ManagedPolicyArns"
		if isServerless(e.kind) {
			property = "Policies"
		}
		list, why, ok := entries(of.get(property))
		if !ok {
			doubt = &why
		}
		for _, v := range list {
			if v.form == formText && r.target(v, managedPolicies()).id == res.id {
				n++
			}
		}
		switch b := of.get("PermissionsBoundary"); {
		case b.form == formUnknown:
			why := b.reason()
			doubtToo = &why
		case b.form == formText && r.target(b, managedPolicies()).id == res.id:
			bounds++
		}
	}
	return counted(n, doubt), counted(bounds, doubtToo)
}

func counted(n int, doubt *model.Unknown) model.Value[int] {
	if doubt != nil {
		return model.Missing[int](*doubt)
	}
	return model.Known(n)
}

// loosePolicy reads a policy that a block of its own gives to users, groups or
// roles. Those of the template have it among their own; for one that is not in
// the template, or cannot be told, there is a row with what this policy allows:
// what else it has is elsewhere.
func (r *reader) loosePolicy(res *resource) {
	p := r.properties(res)
	for _, kind := range []string{"role", "user", "group"} {
		property := policyTargets(res.kind)[kind]
		if property == "" {
			continue
		}
		list, _, ok := entries(p.get(property))
		outside := !ok
		for _, v := range list {
			outside = outside || r.target(v, entities(title(kind))).id == ""
		}
		if outside {
			r.outsider(res, p, kind)
		}
	}
}

func (r *reader) outsider(res *resource, p value, kind string) {
	doc := r.document(p.get("PolicyDocument"), true)
	doc.name = r.string(p.get("PolicyName")).Or(res.id)
	body := &model.Principal{Type: model.Known(kind), ServiceLinked: model.Known(false), Grants: r.grants([]policy{doc}, nil)}
	if kind == "group" {
		body.Tags = model.None[map[string]string]()
	}
	without(&body.Grants, notInSource("the other policies of the "+kind+" that "+res.id+" is for"), false)
	id := res.id
	if kind != "role" {
		id += "." + kind // one block may be for several
	}
	r.emit(res, id, model.KindPrincipal, r.nonEmpty(p.get("PolicyName")), body)
}
