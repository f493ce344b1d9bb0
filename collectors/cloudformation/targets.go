package cloudformation

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// family is a group of resource types that make resources of one kind.
type family struct {
	kind  model.Kind
	types []string
	// mark is what stands before the name in an ARN.
	mark string
}

func secrets() family {
	return family{model.KindSecret, []string{"AWS::SecretsManager::Secret"}, ":secret:"}
}

func keys() family {
	return family{model.KindKey, []string{"AWS::KMS::Key", "AWS::KMS::ReplicaKey"}, ":key/"}
}

func functions() family {
	return family{model.KindFunction, []string{"AWS::Lambda::Function", "AWS::Serverless::Function"}, ":function:"}
}

func databases() family {
	return family{model.KindDatabase, []string{
		"AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBInstance", "AWS::DocDB::DBCluster",
		"AWS::Neptune::DBInstance", "AWS::Neptune::DBCluster",
	}, ":cluster:"}
}

func buckets() family { return family{"", []string{"AWS::S3::Bucket"}, ":::"} }

func entities(kind string) family {
	return family{model.KindPrincipal, []string{"AWS::IAM::" + kind}, ":" + strings.ToLower(kind) + "/"}
}

func managedPolicies() family {
	return family{model.KindIAMPolicy, []string{"AWS::IAM::ManagedPolicy"}, ":policy/"}
}

// target is what a block is about: a resource of the template by its logical
// id, something that is certainly not in it, or, when both are empty, anything.
type target struct {
	id        string
	elsewhere bool
	arn       string // of what is elsewhere, or its name; empty when not known
	why       model.Unknown
}

// passes are types whose Ref, or whose Id, is that of the resource that a
// property names: the ARN of the secret, the ARN of the function.
func passes(kind string) string {
	switch kind {
	case "AWS::SecretsManager::SecretTargetAttachment", "AWS::SecretsManager::RotationSchedule", "AWS::SecretsManager::ResourcePolicy":
		return "SecretId"
	case "AWS::Lambda::Alias", "AWS::Lambda::Version":
		return "FunctionName"
	case "AWS::KMS::Alias":
		return "TargetKeyId"
	default:
		return ""
	}
}

// target finds what a value names.
func (r *reader) target(v value, of family) target {
	if r.depth > maxDepth {
		return target{}
	}
	r.depth++
	defer func() { r.depth-- }()
	if v.form == formUnknown && len(v.either) > 0 {
		first := r.target(v.either[0], of)
		for _, e := range v.either[1:] {
			if r.target(e, of) != first {
				return target{why: v.reason()}
			}
		}
		return first
	}
	if v.form != formText {
		// A stack cannot import what it exports itself.
		return target{elsewhere: v.why == "Fn::ImportValue", why: v.reason()}
	}
	if to := r.leads(v.text, of); to.id != "" {
		return r.follow(to, v, of)
	}
	return r.named(v, of)
}

// leads returns the resource that a text names: a reference alone, or one with
// the qualifier of a function behind it.
func (r *reader) leads(t text, of family) ref {
	if to, ok := t.single(); ok {
		return to
	}
	if of.kind == model.KindFunction && len(t) > 1 && t[0].ref.id != "" && strings.HasPrefix(t[1].lit, ":") {
		return t[0].ref
	}
	return ref{}
}

func (r *reader) follow(to ref, v value, of family) target {
	res := r.byID[to.id]
	switch property := passes(res.kind); {
	case slices.Contains(of.types, res.kind):
		return target{id: to.id}
	case property != "":
		return r.target(r.properties(res).get(property), of)
	case strings.HasPrefix(to.attr, "MasterUserSecret"):
		return target{elsewhere: true, why: v.reason()} // RDS makes and keeps it
	case res.kind == "AWS::Serverless::Application", res.kind == "AWS::CloudFormation::Stack":
		return target{elsewhere: true, why: model.Unknown{Reason: model.ReasonUnresolved, Detail: to.String() + ", of another template"}}
	default:
		return target{why: v.reason()}
	}
}

// named finds the resource of the template that has the name in a text.
func (r *reader) named(v value, of family) target {
	s, unresolved := r.standIn(v.text, "*")
	if unresolved != "" || strings.TrimSpace(s) == "" {
		return target{why: v.reason()}
	}
	name := s
	if _, after, ok := strings.Cut(s, of.mark); ok && strings.HasPrefix(s, "arn:") {
		name = after
	}
	if of.kind == model.KindFunction {
		name, _, _ = strings.Cut(name, ":") // a qualifier
	}
	if of.kind == model.KindPrincipal || of.kind == model.KindIAMPolicy {
		name = name[strings.LastIndex(name, "/")+1:]
	}
	out := target{elsewhere: true, why: v.reason()}
	if lit, ok := v.text.literal(); ok {
		out.arn = lit
	}
	for _, res := range r.resources {
		if !slices.Contains(of.types, res.kind) {
			continue
		}
		own := r.physical(ref{id: res.id})
		have, known := own.text.literal()
		switch {
		case own.form == formNothing: // AWS makes the name up
		case own.form == formText && known:
			// The ARN of a secret ends in a hyphen and six characters.
			if strings.EqualFold(have, name) || of.kind == model.KindSecret && strings.HasPrefix(name, have+"-") && len(name) == len(have)+7 {
				return target{id: res.id}
			}
		default:
			out = target{why: own.reason()} // it may have this name
		}
	}
	return out
}

// refIsARN says whether Ref returns the ARN rather than the name.
func refIsARN(kind string) bool {
	return kind == "AWS::SecretsManager::Secret" || kind == "AWS::IAM::ManagedPolicy"
}

// physical is the name that the template gives to a resource. Nothing, when AWS
// makes one up.
func (r *reader) physical(to ref) value {
	res := r.byID[to.id]
	if res == nil || to.attr != "" {
		return unknown(to.String())
	}
	property := map[string]string{
		"AWS::SecretsManager::Secret": "Name", "AWS::KMS::Alias": "AliasName", "AWS::SSM::Parameter": "Name",
		"AWS::Lambda::Function": "FunctionName", "AWS::Serverless::Function": "FunctionName",
		"AWS::RDS::DBInstance": "DBInstanceIdentifier", "AWS::RDS::DBCluster": "DBClusterIdentifier",
		"AWS::DocDB::DBInstance": "DBInstanceIdentifier", "AWS::DocDB::DBCluster": "DBClusterIdentifier",
		"AWS::Neptune::DBInstance": "DBInstanceIdentifier", "AWS::Neptune::DBCluster": "DBClusterIdentifier",
		"AWS::RDS::GlobalCluster": "GlobalClusterIdentifier", "AWS::S3::Bucket": "BucketName", "AWS::CloudTrail::Trail": "TrailName",
		"AWS::IAM::Role": "RoleName", "AWS::IAM::User": "UserName", "AWS::IAM::Group": "GroupName", "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
	}[res.kind]
	if property == "" {
		return nothing()
	}
	if v, ok := r.names[res.id]; ok {
		return v
	}
	if r.busy["name "+res.id] {
		return unknown("a name that depends on itself")
	}
	r.busy["name "+res.id] = true
	defer delete(r.busy, "name "+res.id)
	v := r.properties(res).get(property)
	if strings.Contains(res.kind, "::DB") && v.form == formText { // RDS stores them in lower case
		v.text = slices.Clone(v.text)
		for i := range v.text {
			v.text[i].lit = strings.ToLower(v.text[i].lit)
		}
	}
	r.names[res.id] = v
	return v
}

// reference is the target as a resource of the model.
func (r *reader) reference(t target, of family) model.Value[model.ResourceID] {
	switch {
	case t.id != "":
		return model.Known(r.id(of.kind, t.id))
	case t.elsewhere && t.arn != "":
		id := model.ResourceID{Kind: of.kind, Account: r.o.Account, Region: r.o.Region, ID: t.arn}
		if p := strings.SplitN(t.arn, ":", 6); len(p) == 6 && p[0] == "arn" {
			id.Region, id.Account = p[3], p[4]
		}
		return model.Known(id)
	default:
		return model.Missing[model.ResourceID](t.why)
	}
}

// id is the ID of a resource of the template.
func (r *reader) id(kind model.Kind, logical string) model.ResourceID {
	id := model.ResourceID{Kind: kind, Account: r.o.Account, Region: r.o.Region, ID: logical}
	if kind.Global() {
		id.Region = model.RegionGlobal
	}
	return id
}
