package cloudformation

import (
	"reflect"
	"strings"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// facts are the facts of the policy of a resource, of a key if keys says so.
func (r *reader) facts(p policy, keys bool) model.PolicyFacts {
	owner := model.ResourceID{Account: r.own, Region: r.o.Region}
	open, closed := iampolicy.Facts(p.open, owner, r.trusts), iampolicy.Facts(p.closed, owner, r.trusts)
	out := model.PolicyFacts{PolicyPresent: open.PolicyPresent}
	why := model.Unknown{Reason: model.ReasonUnresolved, Detail: p.why}
	out.PolicyPublic = agreed(open.PolicyPublic, closed.PolicyPublic, why)
	out.OutsideAccounts = agreed(open.OutsideAccounts, closed.OutsideAccounts, why)
	out.Outsiders = agreed(open.Outsiders, closed.Outsiders, why)
	out.Networks = agreed(r.networks(open.Networks), r.networks(closed.Networks), why)
	if p.principals { // an account that cannot be resolved
		out.Networks = model.Missing[[]string](why)
		out.OutsideAccounts, out.Outsiders = model.Missing[[]string](why), model.Missing[[]model.Outsider](why)
	}
	out.PolicyStatements = r.statements(closed.PolicyStatements, p.why, out.PolicyPublic.Or(false) || keys && p.why == "")
	return out
}

// networks are without stand-ins, which say nothing to people.
func (r *reader) networks(v model.Value[[]string]) model.Value[[]string] {
	list, ok := v.Get()
	if !ok {
		return v
	}
	for i, name := range list {
		switch name {
		case ownVPC:
			list[i] = "a VPC of the template"
		case ownEndpoint:
			list[i] = "a VPC endpoint of the template"
		default:
			list[i] = r.asWritten(name)
		}
	}
	return model.Known(list)
}

// statements are known when all of the policy is. An account that it names may
// be the one that the template is deployed to, in which case it is no other
// account: that is left open where plain says so, because which account it is
// does not matter (of a policy that is public anyhow, the statements that are
// certain say why) or is asked of OutsideAccounts alone (of keys).
func (r *reader) statements(v model.Value[[]model.PolicyStatement], why string, plain bool) model.Value[[]model.PolicyStatement] {
	list, ok := v.Get()
	if why != "" && !plain {
		return model.Missing[[]model.PolicyStatement](model.Unknown{Reason: model.ReasonUnresolved, Detail: why})
	}
	if !ok {
		return v
	}
	for i := range list {
		for _, id := range list[i].Accounts {
			if r.o.Account == "" && !strings.HasPrefix(id, "o-") && !plain {
				return model.Missing[[]model.PolicyStatement](notInSource("whether account " + id + " is the one that it is deployed to"))
			}
		}
		for k, service := range list[i].Services {
			list[i].Services[k] = r.asWritten(service)
		}
	}
	return model.Known(list)
}

// trusts says whether an account or organization may be let in. Which accounts
// are of the same organization no template says.
func (r *reader) trusts(id string) model.Value[bool] {
	if id == r.own {
		return model.Known(true)
	}
	for _, trusted := range r.o.Trusted {
		if id == trusted {
			return model.Known(true)
		}
	}
	return model.Missing[bool](notInSource("whether " + id + " is of the same organization"))
}

// agreed is what both readings say.
func agreed[T any](a, b model.Value[T], why model.Unknown) model.Value[T] {
	if reflect.DeepEqual(a, b) {
		return a
	}
	return model.Missing[T](why)
}

// grants are what policies of one identity allow. Which partition it is matters
// for policies that write one out and another not.
func (r *reader) grants(list []policy, boundary *policy) model.Grants {
	partitions := []string{r.partition}
	for _, p := range list {
		for _, other := range []string{"aws-cn", "aws-us-gov"} {
			if r.o.Region == "" && strings.Contains(p.open, "arn:"+other+":") {
				partitions = append(partitions, other)
			}
		}
	}
	out, why := model.Grants{}, ""
	for i, partition := range partitions {
		owner := iampolicy.Owner{Partition: partition, Account: r.own}
		var open, closed []iampolicy.Source
		for _, p := range list {
			open = append(open, iampolicy.Source{Name: p.name, Document: p.open, DenyOnly: p.denyOnly})
			closed = append(closed, iampolicy.Source{Name: p.name, Document: p.closed, DenyOnly: p.denyOnly})
			why = or(why, p.why)
		}
		var wide, narrow *iampolicy.Source
		if boundary != nil {
			wide, narrow = &iampolicy.Source{Name: boundary.name, Document: boundary.open}, &iampolicy.Source{Name: boundary.name, Document: boundary.closed}
			why = or(why, boundary.why)
		}
		a, b := iampolicy.IdentityGrants(open, wide, owner), iampolicy.IdentityGrants(closed, narrow, owner)
		for k, list := range out.All() {
			one := agreed(*a.All()[k], *b.All()[k], model.Unknown{Reason: model.ReasonUnresolved, Detail: or(why, "Ref AWS::Partition")})
			if i > 0 {
				one = agreed(*list, one, model.Unknown{Reason: model.ReasonUnresolved, Detail: "Ref AWS::Partition"})
			}
			*list = one
		}
	}
	for _, list := range out.All() {
		if grants, ok := list.Get(); ok {
			for i := range grants {
				for k, pattern := range grants[i].Resources {
					grants[i].Resources[k] = r.asWritten(pattern)
				}
			}
		}
	}
	return out
}
