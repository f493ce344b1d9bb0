package cloudformation

import (
	"github.com/keyproof/keyproof/model"
	"go.yaml.in/yaml/v3"
	"regexp"
	"slices"
	"strings"
)

// forEach makes the resources of a loop of the macro AWS::LanguageExtensions: an
// identifier, the values that it takes, and what is repeated. Where the values
// are not known, how many resources there are is not known either.
func (r *reader) forEach(key, n *yaml.Node, loop map[string]string) error {
	a := args(n)
	if len(a) != 3 || resolved(a[2]) == nil || resolved(a[2]).Kind != yaml.MappingNode {
		return r.errorf(key.Line, "%s needs an identifier, a collection and what to repeat", key.Value)
	}
	was := r.loop
	r.loop = loop
	over := r.eval(a[1])
	r.loop = was
	if over.form != formList || !literals(over) || !identifier.MatchString(a[0].Value) {
		r.unrolled(key, resolved(a[2]), or(over.why, key.Value))
		return nil
	}
	for _, v := range over.list {
		inner := map[string]string{}
		for name, s := range loop {
			inner[name] = s
		}
		inner[a[0].Value], _ = v.text.literal()
		if err := r.listIn(resolved(a[2]), inner); err != nil {
			return err
		}
	}
	return nil
}

// unrolled reports a loop that cannot be followed: a gap for each kind in it.
func (r *reader) unrolled(key, body *yaml.Node, why string) {
	r.note(key.Line, "%s repeats resources over values that nobody can resolve (%s): they were not judged", key.Value, why)
	var kinds []model.Kind
	for i := 0; i+1 < len(body.Content); i += 2 {
		kind := member(resolved(body.Content[i+1]), "Type")
		if kind == nil { // a loop in the loop
			r.gap(why, model.Kinds()...)
			return
		}
		kinds = append(kinds, kindsOf(kind.Value)...)
	}
	r.gap(why, kinds...)
}

// kindsOf are the kinds of the model that a type of resource makes or changes.
func kindsOf(kind string) []model.Kind {
	for _, f := range []family{secrets(), keys(), functions(), databases(), entities("Role"), entities("User"), entities("Group"), managedPolicies()} {
		if slices.Contains(f.types, kind) {
			if kind == "AWS::Serverless::Function" {
				return []model.Kind{f.kind, model.KindPrincipal}
			}
			return []model.Kind{f.kind}
		}
	}
	switch service, _, _ := strings.Cut(strings.TrimPrefix(kind, "AWS::"), "::"); service {
	case "SecretsManager":
		return []model.Kind{model.KindSecret}
	case "KMS":
		return []model.Kind{model.KindKey}
	case "SSM":
		return []model.Kind{model.KindParameter}
	case "CloudTrail", "S3":
		return []model.Kind{model.KindTrail}
	case "RDS", "DocDB", "Neptune":
		return []model.Kind{model.KindDatabase}
	case "Lambda":
		return []model.Kind{model.KindFunction}
	case "IAM":
		return []model.Kind{model.KindPrincipal, model.KindIAMPolicy}
	default:
		return nil
	}
}

// gap says that resources of some kinds are in the template which could not be
// read.
func (r *reader) gap(why string, kinds ...model.Kind) {
	for _, kind := range kinds {
		id := r.id(kind, "")
		s := model.Scope{
			Kind: kind, Account: id.Account, Region: id.Region,
			Gap: &model.Unknown{Reason: model.ReasonUnresolved, Detail: why},
		}
		if !slices.ContainsFunc(r.gaps, func(have model.Scope) bool { return have.Kind == kind }) {
			r.gaps = append(r.gaps, s)
		}
	}
}

// fill puts the values of a loop into a logical id: ${Name} as it is, &{Name}
// without what a logical id cannot have.
func fill(id string, loop map[string]string) string {
	for name, s := range loop {
		id = strings.ReplaceAll(id, "${"+name+"}", s)
		id = strings.ReplaceAll(id, "&{"+name+"}", strings.Map(func(c rune) rune {
			if c < 128 && identifier.MatchString(string(c)) {
				return c
			}
			return -1
		}, s))
	}
	return id
}

var identifier = regexp.MustCompile(`^[A-Za-z0-9]+$`)
