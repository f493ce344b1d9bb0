package model

import "time"

// Function is a Lambda function (FunctionConfiguration of the Lambda API
// Reference). Environment variables are classified where they are read; their
// values are not kept.
type Function struct {
	Name              Value[string] `json:"name"`
	Runtime           Value[string] `json:"runtime" doc:"absent for a container image"`
	RuntimeDeprecated Value[int]    `json:"runtime_deprecated_in_days" doc:"whole days until AWS ends the support of the runtime, negative when it has; absent for a container image and where AWS announced no date"`
	TimeoutSeconds    Value[int]    `json:"timeout_seconds"`
	Role              Value[string] `json:"role" doc:"ARN of the execution role"`
	VPC               Value[bool]   `json:"vpc" doc:"runs in a VPC"`
	RotationFunction  Value[bool]   `json:"rotation_function" doc:"some secret of the scan names it as its rotation function"`

	State            Value[string] `json:"state" doc:"Pending, Active, Inactive or Failed; collected for rotation functions only"`
	StateReason      Value[string] `json:"state_reason" doc:"absent when AWS gives none"`
	LastUpdateStatus Value[string] `json:"last_update_status" doc:"Successful, Failed or InProgress; collected for rotation functions only"`

	// InvokeSources are patterns of aws:SourceArn, "*" for any secret of the
	// account. Collected for rotation functions only.
	InvokeSources Value[[]string] `json:"secretsmanager_source_arns" doc:"ARN patterns of the secrets for which Secrets Manager may invoke the function; [] when it may not, [\"*\"] for any"`

	MissingQualifiers Value[[]string] `json:"missing_qualifiers" doc:"versions and aliases by which secrets name it that do not exist; [] when none, collected for rotation functions only"`

	// EnvCredentials are those of $LATEST and of the versions by which secrets name it.
	EnvCredentials Value[[]Credential] `json:"env_credentials" doc:"credentials found in plain environment variables, by variable; [] when none"`
}

// Kind returns KindFunction.
func (*Function) Kind() Kind { return KindFunction }

// Derive fills how long the runtime is supported.
func (f *Function) Derive(now time.Time) { f.RuntimeDeprecated = daysUntil(runtimeEnd(f.Runtime), now) }
