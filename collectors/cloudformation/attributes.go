package cloudformation

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// over asks a question of a value. Where the value is one of several, the
// answer is known if it is the same for all.
func over[T any](v value, ask func(value) model.Value[T]) model.Value[T] {
	if v.form != formUnknown {
		return ask(v)
	}
	var answer model.Value[T]
	for i, e := range v.either {
		one := over(e, ask)
		if one.State() == model.StateUnknown || i > 0 && !reflect.DeepEqual(one, answer) {
			return model.Missing[T](v.reason())
		}
		answer = one
	}
	if len(v.either) == 0 {
		return model.Missing[T](v.reason())
	}
	return answer
}

// string is a text; absent when it is left out. A reference to something whose
// name the template decides is known as well.
func (r *reader) string(v value) model.Value[string] {
	return over(v, func(v value) model.Value[string] {
		switch v.form {
		case formNothing:
			return model.None[string]()
		case formText:
			if s, ok := v.text.literal(); ok {
				return model.Known(s)
			}
			if to, ok := v.text.single(); ok && !refIsARN(r.byID[to.id].kind) {
				if s, ok := r.physical(to).text.literal(); ok && s != "" {
					return model.Known(s)
				}
			}
			return model.Missing[string](v.reason())
		default:
			return model.Missing[string](misplaced())
		}
	})
}

func misplaced() model.Unknown {
	return model.Unknown{Reason: model.ReasonUnresolved, Detail: "a list or an object where a text belongs"}
}

// nonEmpty is a text that is absent when it is left out or empty.
func (r *reader) nonEmpty(v value) model.Value[string] {
	s := r.string(v)
	if text, ok := s.Get(); ok && strings.TrimSpace(text) == "" {
		return model.None[string]()
	}
	return s
}

// must is a text that everything of its kind has: left out, AWS makes one up.
func (r *reader) must(v value, what string) model.Value[string] {
	s := r.nonEmpty(v)
	if s.State() == model.StateAbsent {
		return model.Missing[string](model.Unknown{Reason: model.ReasonAfterApply, Detail: what})
	}
	return s
}

// withDefault is a text that has a documented default.
func (r *reader) withDefault(v value, def string) model.Value[string] {
	s := r.nonEmpty(v)
	if s.State() == model.StateAbsent {
		return model.Known(def)
	}
	return s
}

func (r *reader) boolean(v value, def bool) model.Value[bool] {
	s := r.nonEmpty(v)
	switch text, ok := s.Get(); {
	case s.State() == model.StateAbsent:
		return model.Known(def)
	case !ok:
		return model.Missing[bool](s.Why())
	default:
		// Without quotes YAML 1.1 has more words than JSON.
		switch strings.ToLower(text) {
		case "true", "yes", "on", "1":
			return model.Known(true)
		case "false", "no", "off", "0":
			return model.Known(false)
		}
		return model.Missing[bool](model.Unknown{Reason: model.ReasonUnresolved, Detail: "neither true nor false"})
	}
}

// number is absent when it is left out.
func (r *reader) number(v value) model.Value[int] {
	s := r.nonEmpty(v)
	text, ok := s.Get()
	switch {
	case s.State() == model.StateAbsent:
		return model.None[int]()
	case !ok:
		return model.Missing[int](s.Why())
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != float64(int(f)) {
		return model.Missing[int](model.Unknown{Reason: model.ReasonUnresolved, Detail: "not a whole number"})
	}
	return model.Known(int(f))
}

// tags reads a list of Key and Value, or a mapping. Tags of CloudFormation's
// own (aws:…) cannot stand in a template.
func (r *reader) tags(v value) model.Value[map[string]string] {
	return over(v, func(v value) model.Value[map[string]string] {
		m := map[string]string{}
		var why *model.Unknown
		put := func(key, val value) {
			k, text := r.string(key), r.string(val)
			for _, s := range []model.Value[string]{k, text} {
				if reason := s.Why(); s.State() == model.StateUnknown && why == nil {
					why = &reason
				}
			}
			m[k.Or("")] = text.Or("")
		}
		switch v.form {
		case formNothing:
		case formList:
			for _, t := range v.list {
				if t.form != formObject {
					return model.Missing[map[string]string](t.reason())
				}
				put(t.get("Key"), t.get("Value"))
			}
		case formObject:
			if v.object.open != "" {
				return model.Missing[map[string]string](model.Unknown{Reason: model.ReasonUnresolved, Detail: v.object.open})
			}
			for _, name := range v.object.names {
				put(literal(name), v.object.members[name])
			}
		default:
			return model.Missing[map[string]string](misplaced())
		}
		if why != nil {
			return model.Missing[map[string]string](*why)
		}
		return model.Known(m)
	})
}

// entries are the items of a list; ok is false when nobody can say which there are.
func entries(v value) (list []value, why model.Unknown, ok bool) {
	switch v.form {
	case formNothing:
		return nil, why, true
	case formList:
		for _, item := range v.list {
			if item.form == formUnknown {
				return v.list, item.reason(), false
			}
		}
		return v.list, why, true
	case formUnknown:
		return nil, v.reason(), false
	default:
		return []value{v}, why, true // a single one may stand without a list
	}
}

func mapped[A, B any](v model.Value[A], f func(A) B) model.Value[B] {
	switch a, ok := v.Get(); {
	case ok:
		return model.Known(f(a))
	case v.State() == model.StateAbsent:
		return model.None[B]()
	default:
		return model.Missing[B](v.Why())
	}
}

func notInSource(detail string) model.Unknown {
	return model.Unknown{Reason: model.ReasonNotInSource, Detail: detail}
}
