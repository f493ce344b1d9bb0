package terraform

import (
	"math"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/model"
)

// attribute is a value of the file with its marks: which parts of it are known
// only after apply, and which are sensitive. The marks are shaped like the value,
// or are true for the whole (Terraform, "JSON Output Format", Change
// representation).
type attribute struct {
	v, later, hidden gjson.Result
	// partial is of planned_values, which leave out what is known after apply.
	partial bool
	// fixed, if it says something, stands instead of what the file says.
	fixed state
}

type state int

const (
	given  state = iota + 1
	unset        // null: the author said nothing of it, and neither did the provider
	later        // known after apply
	hidden       // sensitive
)

func (a attribute) state() state {
	switch {
	case a.fixed != 0:
		return a.fixed
	case a.hidden.Type == gjson.True:
		return hidden
	case a.later.Type == gjson.True:
		return later
	case !a.v.Exists() && a.partial:
		return later
	case !a.v.Exists() || a.v.Type == gjson.Null:
		return unset
	default:
		return given
	}
}

// get returns a member. The names are constants without the characters that
// gjson's paths give a meaning.
func (a attribute) get(name string) attribute {
	member := attribute{v: a.v.Get(name), later: a.later, hidden: a.hidden, partial: a.partial}
	if a.later.Type != gjson.True {
		member.later = a.later.Get(name)
	}
	if a.hidden.Type != gjson.True {
		member.hidden = a.hidden.Get(name)
	}
	return member
}

// list returns the elements of a list or a set, or of a single block.
func (a attribute) list() []attribute {
	if a.v.IsObject() {
		return []attribute{a}
	}
	values, laters, hiddens := a.v.Array(), elements(a.later), elements(a.hidden)
	list := make([]attribute, len(values))
	for i, v := range values {
		list[i] = attribute{v: v, later: a.later, hidden: a.hidden, partial: a.partial}
		if a.later.Type != gjson.True {
			list[i].later = element(laters, i)
		}
		if a.hidden.Type != gjson.True {
			list[i].hidden = element(hiddens, i)
		}
	}
	return list
}

func elements(r gjson.Result) []gjson.Result {
	if !r.IsArray() {
		return nil
	}
	return r.Array()
}

func element(list []gjson.Result, i int) gjson.Result {
	if i < len(list) {
		return list[i]
	}
	return gjson.Result{}
}

// whole says whether nothing inside is known only after apply.
func (a attribute) whole() bool {
	return a.state() != later && !strings.Contains(a.later.Raw, "true") && !a.partial
}

// why says why an attribute that is later or hidden is unknown.
func (a attribute) why() model.Unknown {
	if a.state() == hidden {
		return model.Unknown{Reason: model.ReasonNotInSource, Detail: "the file marks it as sensitive"}
	}
	return model.Unknown{Reason: model.ReasonAfterApply}
}

// text is a string; otherwise is what it is where nothing was said.
func (a attribute) text(otherwise model.Value[string]) model.Value[string] {
	switch a.state() {
	case given:
		if a.v.Type == gjson.String && a.v.Str == "" {
			return otherwise // the provider's SDK cannot tell "" from nothing
		}
		return model.Known(a.v.String())
	case unset:
		return otherwise
	default:
		return model.Missing[string](a.why())
	}
}

// yes is a boolean. Old providers write some as strings.
func (a attribute) yes(otherwise model.Value[bool]) model.Value[bool] {
	switch s := a.state(); {
	case s == given && (a.v.Type == gjson.True || a.v.Str == "true"):
		return model.Known(true)
	case s == given && (a.v.Type == gjson.False || a.v.Str == "false"):
		return model.Known(false)
	case s == given:
		return model.Missing[bool](unresolved("neither true nor false"))
	case s == unset:
		return otherwise
	default:
		return model.Missing[bool](a.why())
	}
}

// number is a whole number. zero says whether 0 means that nothing was said.
func (a attribute) number(otherwise model.Value[int]) model.Value[int] {
	switch a.state() {
	case given:
		if n := a.v.Float(); n != 0 && n == math.Trunc(n) && math.Abs(n) < 1<<31 {
			return model.Known(int(n))
		}
		return otherwise
	case unset:
		return otherwise
	default:
		return model.Missing[int](a.why())
	}
}

func unresolved(detail string) model.Unknown {
	return model.Unknown{Reason: model.ReasonUnresolved, Detail: detail}
}

// notInSource is why a file cannot tell what only a running account can.
func notInSource(detail string) model.Unknown {
	return model.Unknown{Reason: model.ReasonNotInSource, Detail: detail}
}
