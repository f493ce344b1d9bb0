package cloudformation

import (
	"time"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/schedule"
	"github.com/keyproof/keyproof/model"
)

// rotation fills what AWS::SecretsManager::RotationSchedule says, and returns
// the reference to the rotation function.
func (r *reader) rotation(res *resource, body *model.Secret) model.Value[model.ResourceID] {
	blocks, doubt := r.rotations.of(res.id)
	if len(blocks) > 1 && doubt == nil {
		doubt = &model.Unknown{Reason: model.ReasonUnresolved, Detail: "both " + blocks[0].id + " and " + blocks[1].id + " rotate it"}
	}
	switch {
	case doubt != nil:
		return unknownRotation(body, *doubt)
	case len(blocks) == 0:
		// A secret that nothing configured for rotation does not rotate.
		body.RotationEnabled, body.NextRotationAt = model.Known(false), model.None[time.Time]()
		body.RotationDays, body.RotationSchedule = model.None[int](), model.None[string]()
		body.RotationIntervalDays, body.RotationWindowHours = model.None[int](), model.None[int]()
		body.RotationFunction, body.ManagedRotation = model.None[string](), model.Known(false)
		body.RotationQualifier = model.None[string]()
		return model.None[model.ResourceID]()
	}
	p := r.properties(blocks[0])
	body.RotationEnabled = model.Known(true)
	r.schedule(body, p.get("RotationRules"))
	if p.get("HostedRotationLambda").given() {
		// The macro makes a function in a stack of its own.
		why := model.Unknown{Reason: model.ReasonAfterApply, Detail: "the function that HostedRotationLambda makes"}
		body.RotationFunction, body.ManagedRotation = model.Missing[string](why), model.Known(false)
		body.RotationQualifier = model.Missing[string](why)
		return model.Missing[model.ResourceID](why)
	}
	function := p.get("RotationLambdaARN")
	body.RotationFunction = mapped(r.nonEmpty(function), collectors.Unqualified)
	switch body.RotationFunction.State() {
	case model.StateAbsent:
		// Without a function, a partner or the owning service rotates.
		body.RotationQualifier, body.ManagedRotation = model.None[string](), model.Known(true)
		return model.None[model.ResourceID]()
	case model.StateKnown:
		body.ManagedRotation = model.Known(false)
	default:
		body.ManagedRotation = over(function, func(v value) model.Value[bool] {
			if v.form == formText {
				return model.Known(false) // whichever function it is
			}
			return model.Known(v.form == formNothing)
		})
	}
	body.RotationQualifier = qualifierValue(r.qualifier(function))
	t := r.target(function, functions())
	t.arn = collectors.Unqualified(t.arn)
	return r.reference(t, functions())
}

func unknownRotation(body *model.Secret, why model.Unknown) model.Value[model.ResourceID] {
	body.RotationEnabled, body.NextRotationAt = model.Missing[bool](why), model.Missing[time.Time](why)
	body.RotationDays, body.RotationSchedule = model.Missing[int](why), model.Missing[string](why)
	body.RotationIntervalDays, body.RotationWindowHours = model.Missing[int](why), model.Missing[int](why)
	body.RotationFunction, body.ManagedRotation = model.Missing[string](why), model.Missing[bool](why)
	body.RotationQualifier = model.Missing[string](why)
	return model.Missing[model.ResourceID](why)
}

// schedule fills the schedule; an expression counts where there is one.
func (r *reader) schedule(body *model.Secret, rules value) {
	expr, days, window := r.nonEmpty(rules.get("ScheduleExpression")), r.number(rules.get("AutomaticallyAfterDays")), r.nonEmpty(rules.get("Duration"))
	body.RotationSchedule, body.RotationDays = expr, days
	switch {
	case expr.State() == model.StateKnown:
		body.RotationDays = model.None[int]()
		n, err := schedule.IntervalDays(expr.Or(""))
		body.RotationIntervalDays = read(n, err)
	case expr.State() == model.StateUnknown:
		body.RotationDays, body.RotationIntervalDays = model.Missing[int](expr.Why()), model.Missing[int](expr.Why())
	case days.State() == model.StateAbsent:
		why := model.Unknown{Reason: model.ReasonUnresolved, Detail: "rotation is on and RotationRules has no schedule"}
		body.RotationIntervalDays = model.Missing[int](why)
	default:
		body.RotationIntervalDays = days
	}
	switch text, ok := window.Get(); {
	case ok:
		n, err := schedule.WindowHours(text)
		body.RotationWindowHours = read(n, err)
	case window.State() == model.StateUnknown:
		body.RotationWindowHours = model.Missing[int](window.Why())
	default:
		body.RotationWindowHours = model.None[int]()
	}
}

func read(n int, err error) model.Value[int] {
	if err != nil {
		return model.Missing[int](model.Unknown{Reason: model.ReasonFailed, Detail: err.Error()})
	}
	return model.Known(n)
}
