package cloudformation

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

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
