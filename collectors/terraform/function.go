package terraform

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/collectors"
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
	rotated := func(by *block) called { return by.calls("rotation_lambda_arn") }
	var sure []call
	var doubt *block
	for _, c := range b.callers(rotated, "aws_secretsmanager_secret", "aws_secretsmanager_secret_rotation").about(from) {
		if c.sure {
			sure = append(sure, c)
		} else if doubt == nil {
			doubt = c.by
		}
	}
	switch {
	case len(sure) > 0:
		body.RotationFunction = model.Known(true)
		b.versions(from, body, sure)
	case doubt != nil:
		why := model.Missing[[]string](afterApply(doubt))
		body.RotationFunction, body.InvokeSources, body.MissingQualifiers = model.Missing[bool](afterApply(doubt)), why, why
	case from.created:
		body.RotationFunction = model.Known(false)
		body.State, body.StateReason, body.LastUpdateStatus = model.None[string](), model.None[string](), model.None[string]()
		body.InvokeSources, body.MissingQualifiers = model.None[[]string](), model.None[[]string]()
	}
}

// versions fills what holds of the version or alias by which secrets name the
// function. One row cannot say what holds of each of several.
func (b *builder) versions(from *block, body *model.Function, list []call) {
	as, exist, published := list[0].as, true, true
	for _, c := range list {
		if same, _ := as.Same(c.as); !same {
			as = qualifier{}
		}
		exist = exist && b.exists(from, c.as)
		published = published && b.published(from, c.as)
	}
	body.InvokeSources = b.invokers(from, as)
	collectors.FillVersions(body, exist, published)
}

// alias is the alias of a function that a qualifier means, nil if it is none of the
// file.
func (b *builder) alias(from *block, as qualifier) *block {
	for _, a := range b.of(aliasType) {
		name, known := a.get("name").text(model.None[string]()).Get()
		if a == as.Of || known && name == as.Text && a.functions("function_name").one() == from {
			return a
		}
	}
	return nil
}

func (b *builder) exists(from *block, as qualifier) bool {
	return as.None || as.Of != nil || b.alias(from, as) != nil || from.published(as.Text)
}

// published says whether what a qualifier means has the configuration that the file
// says: the function alone, and the version that was published last.
func (b *builder) published(from *block, as qualifier) bool {
	if as.None || as.Of == from || from.published(as.Text) {
		return true
	}
	alias := b.alias(from, as)
	if alias == nil || alias.get("routing_config").state() != unset && len(alias.get("routing_config").list()) > 0 {
		return false
	}
	version := alias.get("function_version")
	if version.state() == given {
		return from.published(version.v.String()) || version.v.String() == "$LATEST"
	}
	r := alias.follow("function_version")
	return r.exact() == from && r.reads() == "version" && from.publishes()
}

// published says whether a version is the last one that was published.
func (b *block) published(version string) bool {
	last, known := b.get("version").text(model.None[string]()).Get()
	return known && last == version && b.publishes()
}

// invokers are the sources for which the permissions of the file let Secrets
// Manager invoke the function by a qualifier: each permission is a statement of its
// policy (AddPermission).
func (b *builder) invokers(from *block, as qualifier) model.Value[[]string] {
	var statements []map[string]any
	for _, c := range b.callers((*block).permits, "aws_lambda_permission").about(from) {
		same, sure := as.Same(c.as)
		if !same && sure {
			continue // it is for another
		}
		if !c.sure || !sure {
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
