package evaluator

import (
	"slices"

	"github.com/keyproof/keyproof/model"
)

// role is a way in which a resource of one kind refers to one of another.
type role struct {
	name string
	to   model.Kind
	// named is the attribute that names the other resource; empty for the
	// account, to which every resource belongs.
	named string
}

const accountRole = "account"

// roles are the references that a kind can have.
func roles(kind model.Kind) []role {
	if kind == model.KindEvent { // it refers to nothing
		return nil
	}
	list := []role{{accountRole, model.KindAccount, ""}}
	switch kind {
	case model.KindSecret:
		list = append(
			list, role{"key", model.KindKey, "kms_key"},
			role{"rotation_function", model.KindFunction, "rotation_function"}, role{"primary", model.KindSecret, "replica_of"},
		)
	case model.KindKey:
		list = append(list, role{"primary", model.KindKey, "replica_of"})
	case model.KindParameter, model.KindTrail:
		list = append(list, role{"key", model.KindKey, "kms_key"})
	case model.KindDatabase:
		list = append(list, role{"secret", model.KindSecret, "secret"}, role{"secret_key", model.KindKey, "secret_kms_key"}, role{"credential_secret", model.KindSecret, "credential_secret"})
	}
	return list
}

// users are the kinds whose references to a kind are counted as uses.
func users(kind model.Kind) []model.Kind {
	switch kind {
	case model.KindKey:
		return []model.Kind{model.KindDatabase, model.KindParameter, model.KindSecret, model.KindTrail}
	case model.KindFunction:
		return []model.Kind{model.KindSecret}
	default:
		return nil
	}
}

// reference is a role with the field of the attribute that names the other
// resource, made once for each kind.
type reference struct {
	role
	field model.Field
}

func references() map[model.Kind][]reference {
	all := map[model.Kind][]reference{}
	for _, kind := range model.Kinds() {
		for _, r := range roles(kind) {
			at := slices.IndexFunc(model.Fields(kind), func(f model.Field) bool { return f.Name == r.named })
			if at >= 0 {
				all[kind] = append(all[kind], reference{r, model.Fields(kind)[at]})
			}
		}
	}
	return all
}

// of is the reference of a resource. Silence is not "none": where the reader
// set no reference, there is none only if the attribute that would name it is
// known to be absent.
func (ref *reference) of(r *model.Resource) model.Value[model.ResourceID] {
	if to, ok := r.Refs[ref.name]; ok {
		return to
	}
	if err := r.ReadBody(); err != nil {
		return model.Missing[model.ResourceID](model.Unknown{Reason: model.ReasonFailed, Detail: err.Error()})
	}
	switch named := ref.field.Of(r.Body); named.State() {
	case model.StateAbsent:
		return model.None[model.ResourceID]()
	case model.StateKnown:
		return model.Missing[model.ResourceID](*notCollected("nothing says which %s its %s is", ref.to, ref.field.Name))
	default:
		return model.Missing[model.ResourceID](named.Why())
	}
}
