package fold

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// does is what an event does to what it is about: one or more bits.
type does uint8

const (
	doesRead does = 1 << iota
	doesValue
	doesPolicy
	doesRotation // started or ended
	doesAttempt  // denied
	doesBits     = 5
)

// The services.
const (
	secretsManager = "secretsmanager.amazonaws.com"
	systemsManager = "ssm.amazonaws.com"
	keyManagement  = "kms.amazonaws.com"
)

// meaning is the kind of thing that an event is about and what it does to it; 0
// when it says nothing that is folded. A call must have been done, or denied; that
// of a record which does not say how it ended is taken as done, since all that
// follows from it is read with its other doubts.
//
// The names are those of "AWS CloudTrail entries for Secrets Manager" (Secrets
// Manager User Guide), "Logging AWS Systems Manager API calls with AWS CloudTrail" and
// "Logging AWS KMS API calls with AWS CloudTrail". BatchGetSecretValue is no read:
// CloudTrail has a GetSecretValue for each secret that it returns (API reference).
// TestRotationStarted and its like rotate nothing.
func meaning(e *model.Event) (model.Kind, does) {
	kind, what := model.Kind(""), does(0)
	switch e.Source {
	case secretsManager:
		kind, what = model.KindSecret, secretMeaning(e)
	case systemsManager:
		kind, what = model.KindParameter, parameterMeaning(e)
	case keyManagement:
		kind, what = model.KindKey, keyMeaning(e)
	}
	if e.Type.Or("") == "AwsServiceEvent" {
		return kind, what // how a rotation ended is in its name
	}
	switch outcome, _ := e.Outcome.Get(); outcome {
	case model.OutcomeFailed:
		return kind, 0
	case model.OutcomeDenied:
		if attempt(e) {
			return kind, doesAttempt
		}
		return kind, 0
	default:
		return kind, what
	}
}

func secretMeaning(e *model.Event) does {
	switch e.Name {
	case "GetSecretValue":
		return doesRead
	case "PutSecretValue", "UpdateSecret", "CreateSecret", "UpdateSecretVersionStage":
		return valueOrNot(e)
	case "PutResourcePolicy", "DeleteResourcePolicy":
		return doesPolicy
	case rotationStarted, rotationFailed, rotationAbandoned:
		return doesRotation
	case rotationSucceeded:
		return doesRotation | doesValue
	default:
		return 0
	}
}

// The events of a rotation.
const (
	rotationStarted   = "RotationStarted"
	rotationSucceeded = "RotationSucceeded"
	rotationFailed    = "RotationFailed"
	rotationAbandoned = "RotationAbandoned"
)

func parameterMeaning(e *model.Event) does {
	switch e.Name {
	case "GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory":
		return doesRead
	case "PutParameter":
		return valueOrNot(e)
	default:
		return 0
	}
}

func keyMeaning(e *model.Event) does {
	switch e.Name {
	case "PutKeyPolicy":
		return doesPolicy
	case "RotateKey":
		return doesRotation
	default:
		return 0
	}
}

// valueOrNot also answers for a call that may have stored a value: see activity.add.
func valueOrNot(e *model.Event) does {
	if stored, ok := e.Request.NewValue.Get(); ok && !stored {
		return 0
	}
	return doesValue
}

// attempt tells a call that would have read a value or changed something from one
// that asks for metadata, which scanners are denied every day, and from one that
// is about nothing that exists yet.
func attempt(e *model.Event) bool {
	if e.Source == secretsManager && e.Name == "GetSecretValue" || e.Source == systemsManager && strings.HasPrefix(e.Name, "GetParameter") {
		return true
	}
	if e.Name == "BatchGetSecretValue" {
		return e.Targets.Len() > 0 // by a filter it is about no secret
	}
	for _, prefix := range []string{"Get", "List", "Describe", "Validate", "Create"} {
		if strings.HasPrefix(e.Name, prefix) {
			// A grant is made on a key that exists.
			return e.Name == "CreateGrant"
		}
	}
	return true
}

// isPath tells a call that names parameters by the path above them.
func isPath(e *model.Event) bool {
	return e.Source == systemsManager && e.Name == "GetParametersByPath"
}
