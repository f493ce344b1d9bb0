package cloudformation

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// rotating are the functions of the template that rotate one of its secrets.
type rotating struct {
	by map[string]bool
	// vague says why others may; nil when they certainly do not.
	vague *model.Unknown
}

func (r *reader) findRotating() rotating {
	found := rotating{by: map[string]bool{}}
	for _, res := range r.resources {
		if res.kind != "AWS::SecretsManager::RotationSchedule" || res.exists == fails {
			continue
		}
		v := r.properties(res).get("RotationLambdaARN")
		t := r.target(v, functions())
		switch {
		case t.id != "" && res.exists == holds:
			found.by[t.id] = true
		case v.given() && !t.elsewhere && found.vague == nil:
			why := model.Unknown{Reason: model.ReasonUnresolved, Detail: or(t.why.Detail, res.why) + ", of " + res.id}
			found.vague = &why
		}
	}
	return found
}

// function reads AWS::Lambda::Function.
func (r *reader) function(res *resource) {
	p := r.properties(res)
	body := &model.Function{
		Name: r.must(p.get("FunctionName"), "a name that CloudFormation makes up"),
		// "The default is 3 seconds" (Timeout).
		TimeoutSeconds: r.number(p.get("Timeout")),
		Runtime:        r.runtime(p),
		Role:           r.must(p.get("Role"), "the ARN of the role"),
		VPC:            r.inVPC(p.get("VpcConfig")),
		EnvCredentials: r.environment(p.path("Environment", "Variables")),
	}
	if body.TimeoutSeconds.State() == model.StateAbsent {
		body.TimeoutSeconds = model.Known(3)
	}
	r.rotationFunction(res, body)
	out := r.emit(res, res.id, model.KindFunction, body.Name, body)
	if name, ok := body.Name.Get(); ok && r.o.Account != "" && r.o.Region != "" {
		out.Aka = append(out.Aka, "arn:"+r.partition+":lambda:"+r.o.Region+":"+r.o.Account+":function:"+name)
	}
}

// runtime is absent for a container image, the only sort of function without one.
func (r *reader) runtime(p value) model.Value[string] {
	kind := r.withDefault(p.get("PackageType"), "Zip")
	switch text, ok := kind.Get(); {
	case !ok:
		return model.Missing[string](kind.Why())
	case text == "Image", p.path("Code", "ImageUri").given() && !p.get("Runtime").given():
		return model.None[string]()
	}
	v := r.nonEmpty(p.get("Runtime"))
	if v.State() == model.StateAbsent {
		return model.Missing[string](model.Unknown{Reason: model.ReasonUnresolved, Detail: "it has neither a Runtime nor an image"})
	}
	return v
}

// inVPC says whether there is a subnet to run in.
func (r *reader) inVPC(v value) model.Value[bool] {
	subnets := v.get("SubnetIds")
	if subnets.form == formUnknown && len(subnets.either) == 0 && fromElsewhere(subnets.why) {
		return model.Known(true) // whichever they are
	}
	return over(subnets, func(v value) model.Value[bool] { return model.Known(v.form == formList && len(v.list) > 0) })
}

// environment classifies the variables. One that holds a credential is enough to
// say so; that none does is known only when all are.
func (r *reader) environment(v value) model.Value[[]model.Credential] {
	if v.form == formUnknown || v.form == formObject && v.object.open != "" {
		return model.Missing[[]model.Credential](model.Unknown{Reason: model.ReasonUnresolved, Detail: or(v.why, "variables of a macro")})
	}
	list, why := []model.Credential{}, (*model.Unknown)(nil)
	if v.form == formObject {
		for _, name := range v.object.names {
			found := r.classify(name, v.object.members[name])
			if reason := found.Why(); found.State() == model.StateUnknown && why == nil {
				reason.Detail = "variable " + name + ": " + reason.Detail
				why = &reason
			}
			for _, c := range found.Or(nil) {
				c.Place = strings.TrimSuffix(name+"."+c.Place, ".")
				list = append(list, c)
			}
		}
	}
	if len(list) == 0 && why != nil {
		return model.Missing[[]model.Credential](*why)
	}
	slices.SortFunc(list, func(a, b model.Credential) int {
		return cmp.Or(strings.Compare(a.Place, b.Place), strings.Compare(a.Rule, b.Rule))
	})
	return model.Known(list)
}

// rotationFunction fills what is asked of rotation functions only. One that
// Secrets Manager may invoke and no secret of the template names rotates secrets
// of other stacks, or none.
func (r *reader) rotationFunction(res *resource, body *model.Function) {
	sources := r.invokeSources(res)
	doubt := r.rotating.vague
	if list, known := sources.Get(); doubt == nil && (!known || len(list) > 0) {
		why := notInSource("whether secrets of other stacks name it")
		doubt = &why
	}
	switch {
	case r.rotating.by[res.id]:
		body.RotationFunction, body.InvokeSources = model.Known(true), sources
	case doubt != nil:
		body.RotationFunction, body.InvokeSources = model.Missing[bool](*doubt), sources
	default:
		body.RotationFunction = model.Known(false)
		body.State, body.StateReason, body.LastUpdateStatus = model.None[string](), model.None[string](), model.None[string]()
		body.InvokeSources = model.None[[]string]()
	}
}

// invokeSources says for which secrets AWS::Lambda::Permission lets Secrets
// Manager invoke a function, by the policy that the blocks come to.
func (r *reader) invokeSources(res *resource) model.Value[[]string] {
	blocks, doubt := r.permissions.of(res.id)
	if doubt != nil {
		return model.Missing[[]string](*doubt)
	}
	statements := []any{}
	for _, b := range blocks {
		p := r.properties(b)
		principal, okPrincipal := r.string(p.get("Principal")).Get()
		action, okAction := r.string(p.get("Action")).Get()
		if !okPrincipal || !okAction {
			return model.Missing[[]string](model.Unknown{Reason: model.ReasonUnresolved, Detail: "the permission " + b.id})
		}
		if principal != "secretsmanager.amazonaws.com" {
			continue
		}
		conditions := map[string]any{}
		for property, test := range map[string][2]string{
			"SourceArn": {"ArnLike", "aws:SourceArn"}, "SourceAccount": {"StringEquals", "aws:SourceAccount"},
		} {
			v := p.get(property)
			if !v.given() {
				continue
			}
			s, unresolved := r.standIn(v.text, "*")
			if v.form != formText || unresolved != "" {
				return model.Missing[[]string](v.reason())
			}
			if _, literal := v.text.literal(); !literal && property == "SourceArn" {
				return model.Missing[[]string](v.text.unresolved())
			}
			conditions[test[0]] = map[string]any{test[1]: s}
		}
		s := map[string]any{"Effect": "Allow", "Principal": map[string]any{"Service": principal}, "Action": action, "Resource": "*"}
		if len(conditions) > 0 {
			s["Condition"] = conditions
		}
		statements = append(statements, s)
	}
	if len(statements) == 0 {
		return model.Known([]string{})
	}
	raw, err := json.Marshal(map[string]any{"Statement": statements})
	if err != nil {
		return model.Missing[[]string](model.Unknown{Reason: model.ReasonFailed, Detail: "its permissions cannot be written as a policy"})
	}
	sources, err := iampolicy.ServiceSources(string(raw), "secretsmanager.amazonaws.com", "lambda:InvokeFunction", r.own)
	if err != nil {
		return model.Missing[[]string](model.Unknown{Reason: model.ReasonFailed, Detail: err.Error()})
	}
	return model.Known(sources)
}
