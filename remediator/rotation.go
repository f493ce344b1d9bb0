package remediator

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/keyproof/keyproof/internal/schedule"
	"github.com/keyproof/keyproof/model"
)

// Rotation turns automatic rotation on, or mends one that is on.
type Rotation struct{}

// rotationClient lists the calls on secrets.
type rotationClient interface {
	secretReader
	RotateSecret(context.Context, *sm.RotateSecretInput, ...func(*sm.Options)) (*sm.RotateSecretOutput, error)
	CancelRotateSecret(context.Context, *sm.CancelRotateSecretInput, ...func(*sm.Options)) (*sm.CancelRotateSecretOutput, error)
}

// Name is what rules call it.
func (Rotation) Name() string { return "enable-rotation" }

// Doc says what it does.
func (Rotation) Doc() string {
	return "turns on automatic rotation with a function that exists, or by the service that owns the secret"
}

// Settles are the rules on rotation that is off, too seldom, or without function.
func (Rotation) Settles() []model.RuleID { return []model.RuleID{"SM-001", "SM-002", "SM-005"} }

// Settings are what users choose.
func (Rotation) Settings() []Setting {
	return []Setting{
		{"function", "name or ARN of the rotation function; keyproof never guesses one", "rotate-postgres"},
		{"days", "days between two rotations; by default what SM-002 allows", "30"},
		{"schedule", "rate() or cron() expression in place of days", "cron(0 4 ? * SUN *)"},
		{"window", "hours that a rotation may begin in; by default AWS chooses", "3"},
		{"now", "true rotates once at once, which changes the credential; by default the function is only tested", "true"},
		{"wait", "minutes to wait for the function", "15"},
	}
}

// Permissions are those of all calls. lambda:InvokeFunction is no call of ours:
// RotateSecret asks for it too (API reference, "Required permissions").
func (Rotation) Permissions() Permissions {
	return Permissions{
		Reads: []string{
			"cloudtrail:LookupEvents", "iam:SimulatePrincipalPolicy", "kms:DescribeKey", "lambda:GetFunctionConfiguration",
			"lambda:GetPolicy", describeSecret,
		},
		Writes: []string{"lambda:InvokeFunction", "secretsmanager:CancelRotateSecret", "secretsmanager:RotateSecret"},
	}
}

// The fields of the state.
const (
	fieldEnabled  = "rotation_enabled"
	fieldFunction = "rotation_function"     // ARN; "" for none
	fieldDays     = "rotation_days"         // nil when an expression decides
	fieldSchedule = "rotation_schedule"     // "" when days decide
	fieldWindow   = "rotation_window_hours" // nil when AWS chooses
	fieldCurrent  = "current_version"       // id of the AWSCURRENT version
)

// Read is the configuration of rotation. AWS goes on showing one that was switched
// off, so that fields beside fieldEnabled may have values where nothing rotates.
func (Rotation) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	client, err := secretsClient[rotationClient](env, c.Resource)
	if err != nil {
		return nil, err
	}
	s, err := describe(ctx, client, c.Resource.ID)
	if err != nil {
		return nil, err
	}
	return rotationState(s)
}

func rotationState(s *sm.DescribeSecretOutput) (State, error) {
	state := State{
		fieldEnabled: aws.ToBool(s.RotationEnabled), fieldFunction: aws.ToString(s.RotationLambdaARN),
		fieldDays: nil, fieldSchedule: "", fieldWindow: nil, fieldCurrent: "",
	}
	for id, stages := range s.VersionIdsToStages {
		for _, stage := range stages {
			if stage == "AWSCURRENT" {
				state[fieldCurrent] = id
			}
		}
	}
	r := s.RotationRules
	if r == nil {
		return state, nil
	}
	// AWS works days out where an expression decides.
	if state[fieldSchedule] = aws.ToString(r.ScheduleExpression); state[fieldSchedule] == "" {
		state[fieldDays] = orNil(int(aws.ToInt64(r.AutomaticallyAfterDays)))
	}
	if text := aws.ToString(r.Duration); text != "" {
		hours, err := schedule.WindowHours(text)
		if err != nil {
			return nil, err
		}
		state[fieldWindow] = hours
	}
	return state, nil
}

// setting is a whole number that a plan was made with; def when it was not given.
func wholeSetting(s Settings, name string, def, low, high int) (int, error) {
	text, given := s[name]
	if !given {
		return def, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, notApplicable("", "the setting %s is %q, it must be %d to %d", name, text, low, high)
	}
	return n, nil
}

// orNil is nil for 0, which is how JSON says that there is none.
func orNil(n int) any {
	if n == 0 {
		return nil
	}
	return n
}
