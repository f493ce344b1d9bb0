package secretsmanager

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/schedule"
	"github.com/keyproof/keyproof/model"
)

// fillRotation fills the attributes of rotation.
func fillRotation(cell *collectors.Cell, r *model.Resource, body *model.Secret, s types.SecretListEntry) {
	// "If the secret has never been configured for rotation, Secrets Manager
	// returns null."
	on := aws.ToBool(s.RotationEnabled)
	body.RotationEnabled = model.Known(on)
	if !on {
		// The rules "show the previous rotation schedule and rotation function"
		// (DescribeSecret): nothing of that will happen.
		body.NextRotationAt = model.None[time.Time]()
		body.RotationDays, body.RotationSchedule = model.None[int](), model.None[string]()
		body.RotationIntervalDays, body.RotationWindowHours = model.None[int](), model.None[int]()
		body.RotationFunction, body.ManagedRotation = model.None[string](), model.Known(false)
		body.RotationQualifier = model.None[string]()
		return
	}
	body.NextRotationAt = model.KnownOrNone(utc(s.NextRotationDate))
	fillSchedule(body, s.RotationRules)

	named := aws.ToString(s.RotationLambdaARN)
	function := collectors.Unqualified(named)
	// Only an owning service or a partner rotates without a function.
	body.ManagedRotation = model.Known(function == "")
	body.RotationFunction = given(&function)
	qualifier := collectors.Qualifier(named)
	body.RotationQualifier = given(&qualifier)
	if function != "" {
		r.Ref("rotation_function", model.Known(functionID(cell, function)))
		cell.Calls(named)
	}
}

// fillSchedule fills the schedule. AWS shows days even where the schedule is
// an expression: it works them out after each rotation, as one interval of
// possibly unequal ones. So the expression counts where there is one.
func fillSchedule(body *model.Secret, rules *types.RotationRulesType) {
	if rules == nil {
		rules = &types.RotationRulesType{}
	}
	expr, days := aws.ToString(rules.ScheduleExpression), int(aws.ToInt64(rules.AutomaticallyAfterDays))
	body.RotationDays, body.RotationSchedule = model.None[int](), given(&expr)
	switch {
	case expr != "":
		n, err := schedule.IntervalDays(expr)
		body.RotationIntervalDays = parsed(n, expr, err)
	case days > 0:
		body.RotationDays, body.RotationIntervalDays = model.Known(days), model.Known(days)
	default:
		// Rotation that is on has a schedule; absence would look like one that
		// is short enough.
		body.RotationIntervalDays = model.Missing[int](left("the schedule of a rotation that is on"))
	}
	body.RotationWindowHours = model.None[int]()
	if text := aws.ToString(rules.Duration); text != "" {
		n, err := schedule.WindowHours(text)
		body.RotationWindowHours = parsed(n, text, err)
	}
}

func parsed(n int, text string, err error) model.Value[int] {
	if err != nil {
		return model.Missing[int](model.Unknown{Reason: model.ReasonFailed, Action: list, Detail: text + ": " + err.Error()})
	}
	return model.Known(n)
}

// functionID returns the ID of a function, which may be another account's.
func functionID(cell *collectors.Cell, text string) model.ResourceID {
	id := cell.ID(model.KindFunction, text)
	if a, err := arn.Parse(text); err == nil {
		id.Region, id.Account = a.Region, a.AccountID
	}
	return id
}
