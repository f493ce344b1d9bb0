package cloudformation

import (
	"encoding/json"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// rotating are the functions of the template that rotate one of its secrets, and
// how each of these names them.
type rotating struct {
	by map[string][]qualifier
	// vague says why others may; nil when they certainly do not.
	vague *model.Unknown
}

func (r *reader) findRotating() rotating {
	found := rotating{by: map[string][]qualifier{}}
	for _, res := range r.resources {
		if res.kind != "AWS::SecretsManager::RotationSchedule" || res.exists == fails {
			continue
		}
		v := r.properties(res).get("RotationLambdaARN")
		t := r.target(v, functions())
		switch {
		case t.id != "" && res.exists == holds:
			found.by[t.id] = append(found.by[t.id], r.qualifier(v))
		case v.given() && !t.elsewhere && found.vague == nil:
			why := model.Unknown{Reason: model.ReasonUnresolved, Detail: or(t.why.Detail, res.why) + ", of " + res.id}
			found.vague = &why
		}
	}
	return found
}

// rotationFunction fills what is asked of rotation functions only. One that
// Secrets Manager may invoke and no secret of the template names rotates secrets
// of other stacks, or none.
func (r *reader) rotationFunction(res *resource, body *model.Function) {
	sources := r.invokeSources(res, nil)
	doubt := r.rotating.vague
	if list, known := sources.Get(); doubt == nil && (!known || len(list) > 0) {
		why := notInSource("whether secrets of other stacks name it")
		doubt = &why
	}
	switch {
	case len(r.rotating.by[res.id]) > 0:
		body.RotationFunction = model.Known(true)
		r.versions(res, body, r.rotating.by[res.id])
	case doubt != nil:
		body.RotationFunction, body.InvokeSources = model.Missing[bool](*doubt), sources
	default:
		body.RotationFunction = model.Known(false)
		body.State, body.StateReason, body.LastUpdateStatus = model.None[string](), model.None[string](), model.None[string]()
		body.InvokeSources, body.MissingQualifiers = model.None[[]string](), model.None[[]string]()
	}
}

// invokeSources says for which secrets AWS::Lambda::Permission lets Secrets
// Manager invoke a function by a qualifier, by the policy that the blocks come to;
// without one, by any.
func (r *reader) invokeSources(res *resource, as *qualifier) model.Value[[]string] {
	blocks, doubt := r.permissions.of(res.id)
	if doubt != nil {
		return model.Missing[[]string](*doubt)
	}
	statements := []any{}
	for _, b := range blocks {
		p := r.properties(b)
		if as != nil {
			switch same, sure := as.Same(r.qualifier(p.get("FunctionName"))); {
			case !sure:
				return model.Missing[[]string](model.Unknown{Reason: model.ReasonUnresolved, Detail: "which version or alias " + b.id + " is for"})
			case !same:
				continue
			}
		}
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
			switch _, literal := v.text.literal(); {
			case property == "SourceArn" && !literal:
				return model.Missing[[]string](v.text.unresolved())
			case property == "SourceAccount" && literal && r.o.Account == "":
				return model.Missing[[]string](notInSource("whether " + s + " is the account that it is deployed to"))
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
