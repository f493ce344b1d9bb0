package collectors

import "github.com/keyproof/keyproof/model"

// CodeQualifier is the version or alias by which infrastructure code names a
// function. Each has a resource policy of its own (AddPermission, Qualifier). The
// zero value may be any.
type CodeQualifier[T comparable] struct {
	None bool   // the function alone
	Text string // where it is known
	Of   T      // else the block that makes it: a version, or an alias without a known name
}

// Qualified is a qualifier by its text, "" for the function alone.
func Qualified[T comparable](text string) CodeQualifier[T] {
	return CodeQualifier[T]{None: text == "", Text: text}
}

// Same says whether two qualifiers are one, as far as that can be told.
func (q CodeQualifier[T]) Same(o CodeQualifier[T]) (same, sure bool) {
	switch zero := (CodeQualifier[T]{}); {
	case q == zero || o == zero:
		return false, false
	case q.None || o.None || q.Text != "" && o.Text != "", q.Of == o.Of:
		return q == o, true
	default:
		return false, false
	}
}

// Value is the attribute of a secret that names its function so; why is said where
// the text is not known.
func (q CodeQualifier[T]) Value(why model.Unknown) model.Value[string] {
	switch {
	case q.None:
		return model.None[string]()
	case q.Text != "":
		return model.Known(q.Text)
	default:
		return model.Missing[string](why)
	}
}

// FillVersions fills what code says of the versions and aliases by which secrets
// name a function: whether all exist, and whether all have the configuration that
// the code says, as a version keeps what the function was when it was published.
func FillVersions(body *model.Function, exist, current bool) {
	body.MissingQualifiers = model.Known([]string{})
	if !exist {
		body.MissingQualifiers = model.Missing[[]string](model.Unknown{Reason: model.ReasonNotInSource,
			Detail: "whether the version or alias is there that secrets name"})
	}
	if !current {
		why := model.Unknown{Reason: model.ReasonNotInSource, Detail: "the configuration of the version or alias that secrets name"}
		body.Runtime, body.TimeoutSeconds = model.Missing[string](why), model.Missing[int](why)
		if len(body.EnvCredentials.Or(nil)) == 0 {
			body.EnvCredentials = model.Missing[[]model.Credential](why)
		}
	}
}
