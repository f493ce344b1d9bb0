package cloudformation

import (
	"slices"
	"strconv"

	"github.com/keyproof/keyproof/model"
)

// withGlobals adds what Globals.Function says to a function of SAM: "maps are
// merged, lists are additive, and primitive values are replaced" (AWS SAM
// Developer Guide, "Globals section").
func (r *reader) withGlobals(v value) value {
	globals := member(member(r.root, "Globals"), "Function")
	if globals == nil {
		return v
	}
	return merge(r.eval(globals), v)
}

func merge(global, own value) value {
	switch {
	case global.form == formNothing || own.form == formUnknown:
		return own
	case own.form == formNothing:
		return global
	case global.form == formList && own.form == formList:
		return value{form: formList, line: own.line, list: append(slices.Clone(global.list), own.list...)}
	case global.form != formObject || own.form != formObject:
		return own
	}
	o := &object{names: slices.Clone(own.object.names), members: map[string]value{}, open: or(own.object.open, global.object.open)}
	for name, v := range own.object.members {
		o.members[name] = merge(global.object.members[name].orNothing(), v)
	}
	for _, name := range global.object.names {
		if _, have := o.members[name]; !have {
			o.names = append(o.names, name)
			o.members[name] = global.object.members[name]
		}
	}
	return value{form: formObject, line: own.line, object: o}
}

// orNothing makes nothing of the zero value, which a map returns for what it
// does not have.
func (v value) orNothing() value {
	if v.form == formUnknown && v.why == "" && len(v.either) == 0 {
		return nothing()
	}
	return v
}

// serverlessFunction reads AWS::Serverless::Function: a function, and the role
// that SAM makes for one that names none.
func (r *reader) serverlessFunction(res *resource) {
	r.function(res)
	p := r.properties(res)
	if p.get("Role").form == formNothing {
		r.serverlessRole(res, p)
	}
}

// stateMachine reads the role of AWS::Serverless::StateMachine.
func (r *reader) stateMachine(res *resource) {
	if p := r.properties(res); p.get("Role").form == formNothing {
		r.serverlessRole(res, p)
	}
}

// serverlessRole is the role that SAM makes, with the policies of the function
// (Template Reference of SAM, "AWS::Serverless::Function": Policies).
func (r *reader) serverlessRole(res *resource, p value) {
	e := &entity{res: res, id: res.id + "Role", kind: "role"}
	if res.kind == "AWS::Serverless::Function" {
		e.attach("AWSLambdaBasicExecutionRole")
	}
	if in := r.inVPC(p.get("VpcConfig")); in.Or(false) {
		e.attach("AWSLambdaVPCAccessExecutionRole")
	} else if in.State() == model.StateUnknown {
		e.maybe(in.Why())
	}
	if p.get("Tracing").given() {
		e.attach("AWSXRayDaemonWriteAccess")
	}
	list, why, ok := entries(p.get("Policies"))
	if !ok {
		e.maybe(why)
	}
	for i, v := range list {
		r.serverlessPolicy(e, v, res.id+"RolePolicy"+strconv.Itoa(i))
	}
	r.givenPolicies(e)
	e.path, e.tags, e.boundary = model.Known("/"), r.tags(p.get("Tags")), p.get("PermissionsBoundary")
	r.principal(e)
}
