package terraform

import (
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/schedule"
	"github.com/keyproof/keyproof/model"
)

// rotation fills the attributes of rotation and returns the function. It is on
// where a block aws_secretsmanager_secret_rotation is about the secret, or where
// the secret has the attributes itself (before version 4 of the provider).
func (b *builder) rotation(from *block, body *model.Secret) model.Value[model.ResourceID] {
	list := b.about(from, "aws_secretsmanager_secret_rotation", "secret_id")
	inline := from.get("rotation_lambda_arn")
	// Version 4 shows there too what the other block says, or said.
	shown := len(list) == 0 && inline.state() == given && inline.v.Str != "" && !b.had(from, "aws_secretsmanager_secret_rotation", "secret_id")
	if shown || from.configured("rotation_lambda_arn") {
		list = append(list, claim{from, true})
	}
	switch by := doubt(list); {
	case by != nil:
		return unknownRotation(body, afterApply(by))
	case len(list) > 1:
		return unknownRotation(body, unresolved("both "+list[0].by.address+" and "+list[1].by.address+" set its rotation"))
	case len(list) == 0:
		return noRotation(body)
	}
	by := list[0].by
	if on, known := by.get("rotation_enabled").yes(model.Known(true)).Get(); known && !on {
		return noRotation(body)
	}
	// "Rotation will be enabled" by the resource; what it computes it says later.
	body.RotationEnabled = model.Known(true)
	rules := by.get("rotation_rules")
	fillSchedule(body, rules)
	return b.rotationFunction(by, body)
}

func noRotation(body *model.Secret) model.Value[model.ResourceID] {
	body.RotationEnabled, body.ManagedRotation = model.Known(false), model.Known(false)
	body.RotationDays, body.RotationIntervalDays, body.RotationWindowHours = model.None[int](), model.None[int](), model.None[int]()
	body.RotationSchedule, body.RotationFunction = model.None[string](), model.None[string]()
	body.RotationQualifier, body.NextRotationAt = model.None[string](), model.None[time.Time]()
	return model.None[model.ResourceID]()
}

func unknownRotation(body *model.Secret, why model.Unknown) model.Value[model.ResourceID] {
	body.RotationEnabled, body.ManagedRotation = model.Missing[bool](why), model.Missing[bool](why)
	body.RotationDays, body.RotationIntervalDays, body.RotationWindowHours = model.Missing[int](why), model.Missing[int](why), model.Missing[int](why)
	body.RotationSchedule, body.RotationFunction, body.RotationQualifier = model.Missing[string](why), model.Missing[string](why), model.Missing[string](why)
	return model.Missing[model.ResourceID](why)
}

// fillSchedule: an expression counts where there is one, as in a live account.
func fillSchedule(body *model.Secret, rules attribute) {
	one := attribute{}
	if s := rules.state(); s == later || s == hidden {
		one = rules
	} else if list := rules.list(); len(list) > 0 {
		one = list[0]
	}
	expression := one.get("schedule_expression").text(model.None[string]())
	days := one.get("automatically_after_days").number(model.None[int]())
	body.RotationSchedule, body.RotationDays = expression, days
	text, isExpression := expression.Get()
	switch {
	case isExpression:
		body.RotationDays = model.None[int]()
		n, err := schedule.IntervalDays(text)
		body.RotationIntervalDays = parsed(n, text, err)
	case expression.State() == model.StateUnknown:
		body.RotationIntervalDays = model.Missing[int](expression.Why())
	case days.State() == model.StateAbsent:
		// Absence would look like a schedule that is short enough.
		body.RotationIntervalDays = model.Missing[int](notInSource("the schedule of a rotation that is on"))
	default:
		body.RotationIntervalDays = days
	}
	window := one.get("duration").text(model.None[string]())
	switch text, ok := window.Get(); {
	case ok:
		n, err := schedule.WindowHours(text)
		body.RotationWindowHours = parsed(n, text, err)
	case window.State() == model.StateUnknown:
		body.RotationWindowHours = model.Missing[int](window.Why())
	default:
		body.RotationWindowHours = model.None[int]()
	}
}

func parsed(n int, text string, err error) model.Value[int] {
	if err != nil {
		return model.Missing[int](unresolved(text + ": " + err.Error()))
	}
	return model.Known(n)
}

// rotationFunction fills who rotates. Without a function the service does that
// owns the secret.
func (b *builder) rotationFunction(by *block, body *model.Secret) model.Value[model.ResourceID] {
	a := by.get("rotation_lambda_arn")
	body.RotationFunction = a.text(model.None[string]())
	text, known := body.RotationFunction.Get()
	switch {
	case known:
		body.RotationQualifier = qualified(collectors.Qualifier(text)).Value(laterQualifier)
		text = collectors.Unqualified(text)
		body.RotationFunction, body.ManagedRotation = model.Known(text), model.Known(false)
		return model.Known(b.functionNamed(by, text))
	case body.RotationFunction.State() == model.StateAbsent:
		body.RotationQualifier, body.ManagedRotation = model.None[string](), model.Known(true)
		return model.None[model.ResourceID]()
	}
	body.ManagedRotation = model.Missing[bool](a.why())
	r := by.follow("rotation_lambda_arn")
	if one := r.exact(); one != nil && one.is(functionType, aliasType, "aws_serverlessapplicationrepository_cloudformation_stack") {
		body.ManagedRotation = model.Known(false)
	}
	names := by.calls("rotation_lambda_arn")
	body.RotationQualifier = names.as.Value(laterQualifier)
	if one := names.functions.one(); one != nil {
		return model.Known(one.id(model.KindFunction))
	}
	return model.Missing[model.ResourceID](model.Unknown{Reason: a.why().Reason, Detail: referencesOf(by.config.Get("expressions.rotation_lambda_arn"))})
}

func referencesOf(expression gjson.Result) string { return strings.Join(references(expression), ", ") }

func (b *builder) functionNamed(from *block, text string) model.ResourceID {
	if list := b.named(text, from, functionType); len(list) == 1 {
		return list[0].id(model.KindFunction)
	}
	return namedID(model.KindFunction, text)
}
