package terraform

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// defaultTimeout is Lambda's, in seconds (CreateFunction, Timeout).
const defaultTimeout = 3

func (b *builder) function(from *block) *model.Resource {
	body := &model.Function{
		Name:           from.get("function_name").text(model.Value[string]{}),
		Runtime:        from.get("runtime").text(model.None[string]()), // an image has none
		TimeoutSeconds: from.get("timeout").number(model.Known(defaultTimeout)),
		Role:           from.get("role").text(model.Value[string]{}),
		EnvCredentials: b.environment(from),
	}
	if vpc := from.get("vpc_config"); vpc.state() == later || vpc.state() == hidden {
		body.VPC = model.Missing[bool](vpc.why())
	} else {
		in := false
		for _, v := range vpc.list() {
			subnets := v.get("subnet_ids")
			in = in || len(subnets.v.Array()) > 0 || subnets.state() == later
		}
		body.VPC = model.Known(in)
	}
	b.rotates(from, body)
	return b.resource(from, model.KindFunction, body.Name, body)
}

// rotates fills what is asked of rotation functions only.
func (b *builder) rotates(from *block, body *model.Function) {
	list := b.about(from, "aws_secretsmanager_secret_rotation", "rotation_lambda_arn")
	list = append(slices.Clone(list), b.about(from, "aws_secretsmanager_secret", "rotation_lambda_arn")...)
	sure := slices.ContainsFunc(list, func(c claim) bool { return c.sure })
	switch by := doubt(list); {
	case sure:
		body.RotationFunction = model.Known(true)
		body.InvokeSources = b.invokers(from)
	case by != nil:
		body.RotationFunction, body.InvokeSources = model.Missing[bool](afterApply(by)), model.Missing[[]string](afterApply(by))
	case from.created:
		body.RotationFunction = model.Known(false)
		body.State, body.StateReason, body.LastUpdateStatus = model.None[string](), model.None[string](), model.None[string]()
		body.InvokeSources = model.None[[]string]()
	}
}

// invokers are the sources for which the permissions of the file let Secrets
// Manager invoke the function: each permission is a statement of its policy
// (AddPermission).
func (b *builder) invokers(from *block) model.Value[[]string] {
	var statements []map[string]any
	for _, c := range b.about(from, "aws_lambda_permission", "function_name") {
		if !c.sure {
			return model.Missing[[]string](afterApply(c.by))
		}
		s, why := permission(c.by)
		if why != nil {
			return model.Missing[[]string](*why)
		}
		statements = append(statements, s)
	}
	if len(statements) == 0 {
		return model.Known([]string{})
	}
	raw, err := json.Marshal(map[string]any{"Statement": statements})
	if err != nil {
		return model.Missing[[]string](unresolved("the permissions of the function"))
	}
	sources, err := iampolicy.ServiceSources(string(raw), "secretsmanager.amazonaws.com", "lambda:InvokeFunction", ownerOf(from).Account)
	if err != nil {
		return model.Missing[[]string](unresolved(err.Error()))
	}
	return model.Known(sources)
}

func permission(by *block) (map[string]any, *model.Unknown) {
	condition := map[string]map[string]string{}
	for attribute, c := range map[string][2]string{
		"source_arn": {"ArnLike", "AWS:SourceArn"}, "source_account": {"StringEquals", "AWS:SourceAccount"}, "principal_org_id": {"StringEquals", "aws:PrincipalOrgID"},
	} {
		v := by.get(attribute).text(model.None[string]())
		if v.State() == model.StateUnknown {
			why := v.Why()
			why.Detail = by.address + "." + attribute
			return nil, &why
		}
		text, ok := v.Get()
		if !ok {
			continue
		}
		if attribute == "source_account" && by.place().account == "" {
			why := notInSource("which account the plan is for")
			return nil, &why
		}
		condition[c[0]] = map[string]string{c[1]: text}
	}
	for _, attribute := range []string{"principal", "action"} {
		if a := by.get(attribute); a.state() != given {
			why := model.Unknown{Reason: a.why().Reason, Detail: by.address + "." + attribute}
			return nil, &why
		}
	}
	who := by.get("principal").v.String()
	principal := map[string]string{"AWS": who}
	if strings.HasSuffix(who, ".amazonaws.com") || strings.HasSuffix(who, ".amazonaws.com.cn") {
		principal = map[string]string{"Service": who}
	}
	s := map[string]any{"Effect": "Allow", "Action": by.get("action").v.String(), "Principal": principal, "Resource": "*"}
	if len(condition) > 0 {
		s["Condition"] = condition
	}
	return s, nil
}

// environment classifies the variables, whose values end here. What was found in
// some is a finding whatever the others hold.
func (b *builder) environment(from *block) model.Value[[]model.Credential] {
	list := []model.Credential{}
	env := from.get("environment")
	if s := env.state(); s == later || s == hidden {
		return model.Missing[[]model.Credential](env.why())
	}
	all := true
	for _, e := range env.list() {
		vars := e.get("variables")
		all = all && vars.whole()
		if b.Detector == nil {
			return model.Value[[]model.Credential]{}
		}
		for name, value := range vars.v.Map() {
			for _, found := range b.Detector.Classify(name, value.String()) {
				found.Place = strings.TrimSuffix(name+"."+found.Place, ".")
				list = append(list, found)
			}
		}
	}
	if !all && len(list) == 0 {
		return model.Missing[[]model.Credential](model.Unknown{Reason: model.ReasonAfterApply, Detail: "some variables"})
	}
	slices.SortFunc(list, func(a, b model.Credential) int {
		return cmp.Or(strings.Compare(a.Place, b.Place), strings.Compare(a.Rule, b.Rule))
	})
	return model.Known(list)
}
