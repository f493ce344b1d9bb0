package cloudformation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// builder is what a template comes to.
type builder struct {
	partition string // stands in for AWS::Partition
	out       []*model.Resource
	gaps      []model.Scope

	rotations, secretPolicies, attachments attached
	aliases, permissions, bucketPolicies   attached
	rotating                               rotating
	policyBlocks                           []*resource // policies of IAM that say themselves whom they are for
	entities                               []*resource // that can have policies of IAM
}

// readers are the types of which a resource of the model is made, each with
// what makes it. Other types are blocks of these, or none of our business.
func readers() map[string]func(*reader, *resource) {
	return map[string]func(*reader, *resource){
		"AWS::SecretsManager::Secret":     (*reader).secret,
		"AWS::SSM::Parameter":             (*reader).ssmParameter,
		"AWS::KMS::Key":                   (*reader).key,
		"AWS::KMS::ReplicaKey":            (*reader).replicaKey,
		"AWS::CloudTrail::Trail":          (*reader).trail,
		"AWS::CloudTrail::EventDataStore": (*reader).eventDataStore,
		"AWS::RDS::DBInstance":            (*reader).instance,
		"AWS::RDS::DBCluster":             (*reader).cluster,
		"AWS::DocDB::DBInstance":          (*reader).instance,
		"AWS::DocDB::DBCluster":           (*reader).cluster,
		"AWS::Neptune::DBInstance":        (*reader).instance,
		"AWS::Neptune::DBCluster":         (*reader).cluster,
		"AWS::Lambda::Function":           (*reader).function,
		"AWS::Serverless::Function":       (*reader).serverlessFunction,
		"AWS::Serverless::StateMachine":   (*reader).stateMachine,
		"AWS::IAM::Role":                  (*reader).role,
		"AWS::IAM::User":                  (*reader).user,
		"AWS::IAM::Group":                 (*reader).group,
		"AWS::IAM::ManagedPolicy":         (*reader).managedPolicy,
		"AWS::CloudFormation::Stack":      (*reader).nested,
		"AWS::Serverless::Application":    (*reader).nested,
		"AWS::CloudFormation::StackSet":   (*reader).nested,
		"AWS::IAM::Policy":                (*reader).loosePolicy,
		"AWS::IAM::RolePolicy":            (*reader).loosePolicy,
		"AWS::IAM::UserPolicy":            (*reader).loosePolicy,
		"AWS::IAM::GroupPolicy":           (*reader).loosePolicy,
	}
}

func (r *reader) build(ctx context.Context) error {
	r.builder = &builder{partition: partition(r.o.Region)}
	if err := r.list(); err != nil {
		return err
	}
	r.transforms()
	r.rotations = r.attach(secrets(), "SecretId", "AWS::SecretsManager::RotationSchedule")
	r.secretPolicies = r.attach(secrets(), "SecretId", "AWS::SecretsManager::ResourcePolicy")
	r.attachments = r.attach(databases(), "TargetId", "AWS::SecretsManager::SecretTargetAttachment")
	r.aliases = r.attach(keys(), "TargetKeyId", "AWS::KMS::Alias")
	r.permissions = r.attach(functions(), "FunctionName", "AWS::Lambda::Permission")
	r.bucketPolicies = r.attach(buckets(), "Bucket", "AWS::S3::BucketPolicy")
	r.rotating = r.findRotating()
	for _, res := range r.resources {
		switch {
		case res.exists == fails:
		case policyTargets(res.kind) != nil:
			r.policyBlocks = append(r.policyBlocks, res)
		case slices.Contains([]string{"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"}, res.kind) || isServerless(res.kind):
			r.entities = append(r.entities, res)
		}
	}
	read := readers()
	for _, res := range r.resources {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("%s: %w", r.file, err)
		}
		if strings.HasSuffix(res.kind, "::MODULE") {
			r.note(res.line, "%s is a module: what it makes is not in the template and was not judged", res.id)
		}
		if make := read[res.kind]; make != nil && res.exists != fails {
			make(r, res)
		}
		if r.overflow {
			return fmt.Errorf("%s: aliases, conditions or references make more of it than %d values or %d MiB of text: it is no template that CloudFormation would take", r.file, budget, maxText>>20)
		}
	}
	return nil
}

// properties evaluates the properties of a resource once.
func (r *reader) properties(res *resource) value {
	if res.props.form != formUnknown || res.props.why != "" {
		return res.props
	}
	was := r.loop
	r.loop = res.loop
	defer func() { r.loop = was }()
	res.props = unknown("properties that depend on themselves")
	v := r.eval(member(res.node, "Properties"))
	switch v.form {
	case formNothing, formText, formList: // no properties, or a mistake
		v = value{form: formObject, line: res.line, object: &object{members: map[string]value{}}}
	}
	if res.kind == "AWS::Serverless::Function" {
		v = r.withGlobals(v)
	}
	res.props = v
	return v
}

// emit adds a resource. What nobody filled only a running account can tell.
func (r *reader) emit(res *resource, id string, kind model.Kind, name model.Value[string], body model.Body) *model.Resource {
	model.SetUnknown(body, notInSource("a running account tells"))
	body.Derive(r.o.TakenAt)
	out := &model.Resource{
		ID: r.id(kind, id), Name: name.Or(id), Body: body,
		Origin: model.Origin{File: r.file, Line: res.line, Address: res.id, Syntax: model.SyntaxCloudFormation},
	}
	if res.exists == undecided {
		r.note(res.line, "%s exists only if %s holds, which nobody can decide: it is judged as if it did", res.id, res.why)
	}
	r.out = append(r.out, out)
	return out
}

func (r *reader) snapshot() *model.Snapshot {
	slices.SortFunc(r.out, func(a, b *model.Resource) int { return a.ID.Compare(b.ID) })
	for _, res := range r.out {
		slices.Sort(res.Aka)
		res.Aka = slices.Compact(res.Aka)
	}
	elsewhere := notInSource("it is not in the template")
	return &model.Snapshot{
		Header:    model.Header{TakenAt: r.o.TakenAt, Source: r.file, Tool: r.o.Tool, Scopes: r.gaps, Elsewhere: &elsewhere},
		Resources: model.InMemory(r.out),
	}
}

// attached are the blocks of some types by the resource that they are about.
type attached struct {
	by map[string][]*resource
	// vague says why a block may be about any of them; nil when there is none.
	vague *model.Unknown
}

func (r *reader) attach(of family, property string, types ...string) attached {
	a := attached{by: map[string][]*resource{}}
	for _, res := range r.resources {
		if slices.Contains(types, res.kind) && res.exists != fails {
			r.addTarget(&a, res, r.properties(res).get(property), of)
		}
	}
	return a
}

func (r *reader) addTarget(a *attached, block *resource, v value, of family) {
	switch t := r.target(v, of); {
	case t.id != "":
		a.by[t.id] = append(a.by[t.id], block)
	case !t.elsewhere && a.vague == nil:
		why := model.Unknown{Reason: model.ReasonUnresolved, Detail: or(t.why.Detail, "the target") + ", of " + block.id}
		a.vague = &why
	}
}

// of returns the blocks about a resource, and why there may be others, or fewer.
func (a attached) of(id string) (blocks []*resource, doubt *model.Unknown) {
	blocks, doubt = a.by[id], a.vague
	for _, b := range blocks {
		if b.exists == undecided {
			doubt = &model.Unknown{Reason: model.ReasonUnresolved, Detail: b.why + ", of " + b.id}
		}
	}
	return blocks, doubt
}
