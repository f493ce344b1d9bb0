package cloudformation

import (
	"strings"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// entity is what a user, group or role is put together of.
type entity struct {
	res      *resource
	id       string // logical id
	kind     string // user, group or role
	path     model.Value[string]
	tags     model.Value[map[string]string]
	boundary value
	inline   []policy
	denying  []policy // customer managed, for what they deny
	aws      []string // names of policies of AWS's own
	// attached are ARNs of customer managed policies; custom says that there are
	// some whose ARN is not known yet.
	attached []string
	custom   *model.Unknown
	doubt    *model.Unknown // why it may have other policies than these
	undenied *model.Unknown // why one of attached or custom may deny anything
}

func (e *entity) attach(name string) { e.aws = append(e.aws, name) }

// maybe says that there may be policies which cannot be told.
func (e *entity) maybe(why model.Unknown) {
	if e.doubt == nil {
		e.doubt = &why
	}
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
		r.denials(e, r.target(v, managedPolicies()), s)
	default:
		e.maybe(v.reason()) // it may be one of AWS's own
	}
}

// denials adds what a customer managed policy denies; what it allows is judged in
// its own row.
func (r *reader) denials(e *entity, t target, arn string) {
	if t.id == "" {
		why := notInSource("the text of the policy " + shorten(arn))
		e.undenied = &why
		return
	}
	block := r.byID[t.id]
	p := r.document(r.properties(block).get("PolicyDocument"), true)
	switch {
	case !iampolicy.MayDeny(p.closed):
	case block.exists == undecided:
		e.undenied = &model.Unknown{Reason: model.ReasonUnresolved, Detail: block.why + ", of " + block.id}
	default:
		p.name, p.denyOnly = t.id, true
		e.denying = append(e.denying, p)
	}
}

// givenPolicies adds the policies that stand in blocks of their own.
func (r *reader) givenPolicies(e *entity) {
	for _, block := range r.policyBlocks {
		property := policyTargets(block.kind)[e.kind]
		if property == "" {
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
				r.denials(e, target{id: block.id}, "")
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
