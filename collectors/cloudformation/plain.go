package cloudformation

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// placeholder is what a detector takes for a reference, and so for no value.
const placeholder = "${value}"

// written is what of a text stands in the template, and what sort of rest there is.
type written struct {
	text    string // with placeholders
	whole   bool   // nothing is missing
	nothing bool   // no literal at all
	// why is an expression that may hold a literal which cannot be told; the
	// rest certainly comes from somewhere else.
	why *model.Unknown
}

func (r *reader) written(v value, outsideToo bool) written {
	var b strings.Builder
	w := written{whole: true, nothing: true}
	for _, p := range v.parts() {
		if p.isLiteral() && (!p.outside || outsideToo) {
			b.WriteString(p.lit)
			w.nothing = w.nothing && strings.TrimSpace(p.lit) == ""
			continue
		}
		w.whole = false
		b.WriteString(placeholder)
		if p.why != "" && !fromElsewhere(p.why) && w.why == nil {
			w.why = &model.Unknown{Reason: model.ReasonUnresolved, Detail: p.why}
		}
	}
	w.text = b.String()
	return w
}

// fromElsewhere says of what cannot be resolved that it does not stand in the
// template: a parameter without a default, an export, an attribute.
func fromElsewhere(why string) bool {
	return strings.HasPrefix(why, "Ref ") || strings.HasPrefix(why, "Fn::GetAtt ") || why == "Fn::ImportValue"
}

// inCode says whether a secret text is written out in the template, as it is or
// as the default of a parameter. A dynamic reference is not, nor what is handed
// in. Of a text with both it is asked whether what is written holds a credential.
func (r *reader) inCode(name string, v value) model.Value[bool] {
	if v.form == formUnknown && len(v.either) > 0 {
		return either(v, func(e value) model.Value[bool] { return r.inCode(name, e) })
	}
	switch v.form {
	case formNothing:
		return model.Known(false)
	case formList, formObject:
		return model.Missing[bool](misplaced())
	}
	w := r.written(v, false)
	switch {
	case w.whole:
		return model.Known(!w.nothing)
	case !w.nothing && r.o.Detector != nil && len(r.o.Detector.Classify(name, w.text)) > 0:
		return model.Known(true)
	case w.why != nil:
		return model.Missing[bool](*w.why)
	case !w.nothing && r.o.Detector == nil:
		return model.Missing[bool](undetected())
	default:
		return model.Known(false)
	}
}

func undetected() model.Unknown {
	return model.Unknown{Reason: model.ReasonNotCollected, Detail: "plain values were not classified"}
}

// either is the answer that is the same for each of the values that it may be.
func either[T any](v value, ask func(value) model.Value[T]) model.Value[T] {
	answer := ask(v.either[0])
	for _, e := range v.either[1:] {
		answer = agreed(answer, ask(e), v.reason())
	}
	if answer.State() == model.StateUnknown {
		return model.Missing[T](v.reason())
	}
	return answer
}

// classify says which credentials a plain value holds. A credential in what is
// written is certain; that there is none is known only of a whole value. What
// AWS makes (names, ARNs, addresses of resources) is none.
func (r *reader) classify(name string, v value) model.Value[[]model.Credential] {
	if v.form == formUnknown && len(v.either) > 0 {
		return either(v, func(e value) model.Value[[]model.Credential] { return r.classify(name, e) })
	}
	switch {
	case v.form == formNothing:
		return model.Known([]model.Credential{})
	case r.o.Detector == nil:
		return model.Missing[[]model.Credential](undetected())
	}
	w := r.written(v, true)
	if found := r.o.Detector.Classify(name, w.text); !w.nothing && len(found) > 0 {
		return model.Known(found)
	}
	for _, p := range v.parts() {
		if p.why != "" || p.dynamic != "" || p.ref.id != "" && !r.fixed(p.ref) {
			return model.Missing[[]model.Credential](text{p}.unresolved())
		}
	}
	return model.Known([]model.Credential{})
}
