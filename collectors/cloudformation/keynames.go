package cloudformation

import (
	"github.com/keyproof/keyproof/model"
	"strings"
)

// keyNames is what a property that names a key says.
type keyNames struct {
	name      model.Value[string] // absent for the default key
	isDefault model.Value[bool]
	ref       model.Value[model.ResourceID]
}

// keyAttributes reads a property that names a key, by its id, its ARN, an alias
// or the alias's ARN. Left out, it is the default key of the service.
func (r *reader) keyAttributes(v value, defaultAlias string) keyNames {
	isDefault := over(v, func(v value) model.Value[bool] { return r.namesDefault(v, defaultAlias) })
	if yes, ok := isDefault.Get(); ok && yes {
		return keyNames{model.None[string](), isDefault, model.None[model.ResourceID]()}
	}
	return keyNames{r.string(v), isDefault, r.reference(r.keyTarget(v), keys())}
}

func (r *reader) keyTarget(v value) target {
	if v.form == formText {
		if to, ok := v.text.single(); ok && r.byID[to.id].kind == "AWS::KMS::Alias" {
			return r.target(v, keys())
		}
		if id := r.byAlias(v.text); id != "" {
			return target{id: id}
		}
	}
	return r.target(v, keys())
}

// byAlias finds the key of the template that has the alias which a text ends in.
func (r *reader) byAlias(t text) string {
	s, unresolved := r.standIn(t, "*")
	at := strings.Index(s, "alias/")
	if unresolved != "" || at < 0 || at > 0 && s[at-1] != ':' {
		return ""
	}
	for id, blocks := range r.aliases.by {
		for _, b := range blocks {
			name, _ := r.standIn(r.properties(b).get("AliasName").text, "*")
			if name == s[at:] {
				return id
			}
		}
	}
	return ""
}

func (r *reader) namesDefault(v value, defaultAlias string) model.Value[bool] {
	switch v.form {
	case formNothing:
		return model.Known(true)
	case formText:
	default:
		return model.Missing[bool](misplaced())
	}
	if s, ok := v.text.literal(); ok {
		return model.Known(s == "" || s == defaultAlias || strings.HasPrefix(s, "arn:") && strings.HasSuffix(s, ":"+defaultAlias))
	}
	if to, ok := v.text.single(); ok && strings.HasPrefix(r.byID[to.id].kind, "AWS::KMS::") {
		return model.Known(false) // nobody can make a key or an alias of AWS's own
	}
	// An ARN whose last part is written out.
	if s, unresolved := r.standIn(v.text, "*"); unresolved == "" && strings.HasPrefix(s, "arn:") && strings.Contains(s, ":kms:") {
		return model.Known(strings.HasSuffix(s, ":"+defaultAlias))
	}
	return model.Missing[bool](v.reason())
}
