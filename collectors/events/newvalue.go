package events

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// newValue says whether a call makes another value the current one. Of a value
// itself CloudTrail shows at most that it was hidden.
func (d *decoder) newValue(q *decoder, e *model.Event) model.Value[bool] {
	switch e.Source + " " + e.Name {
	case "ssm.amazonaws.com PutParameter":
		return model.Known(true)
	case "secretsmanager.amazonaws.com PutSecretValue":
		// Without a list the new version becomes AWSCURRENT (PutSecretValue,
		// VersionStages); rotation functions ask for AWSPENDING.
		stages := take[[]string](q, "versionStages", "a list of labels")
		if list, ok := stages.Get(); ok {
			return model.Known(slices.Contains(list, "AWSCURRENT"))
		} else if stages.State() == model.StateUnknown {
			return model.Missing[bool](stages.Why())
		}
		return model.Known(true)
	case "secretsmanager.amazonaws.com UpdateSecretVersionStage":
		_, moved := q.m.get("moveToVersionId")
		stage := q.optional("versionStage")
		if stage.State() == model.StateUnknown {
			return model.Missing[bool](stage.Why())
		}
		return model.Known(moved && stage.Or("") == "AWSCURRENT")
	case "secretsmanager.amazonaws.com CreateSecret", "secretsmanager.amazonaws.com UpdateSecret":
		return d.maybeValue(q)
	default:
		return model.None[bool]()
	}
}

// maybeValue is for calls that may store a value or not. The answer has a version
// only if they did (UpdateSecret, VersionId), but many records leave it out.
func (d *decoder) maybeValue(q *decoder) model.Value[bool] {
	for _, name := range []string{"secretString", "secretBinary"} {
		if _, ok := q.m.get(name); ok { // as a rule CloudTrail leaves them out
			return model.Known(true)
		}
	}
	if answer, ok := d.object("responseElements"); ok {
		if _, ok := answer.get("versionId"); ok {
			return model.Known(true)
		}
	}
	return model.Missing[bool](model.Unknown{Reason: model.ReasonNotInSource, Detail: "the record does not say whether a value was stored"})
}

// refused finds what a denied call was about in AWS's own words, which is the only
// place where such records say it. Nothing else of the message is kept; see
// model.Event.
func (n *names) refused(d *decoder) {
	if raw, ok := d.m.get("errorMessage"); ok {
		if name := refusedName(raw); name != "" {
			n.one(name)
		}
	}
}

const (
	refusedAction   = "is not authorized to perform: "
	refusedResource = " on resource: "
)

// refusedName reads "… is not authorized to perform: ACTION on resource: NAME because
// …" (IAM User Guide, "Troubleshoot access denied error messages"); empty when the
// message is another one, or of a call that is about no resource.
func refusedName(raw []byte) string {
	var message string
	if json.Unmarshal(raw, &message) != nil {
		return ""
	}
	before, rest, ok := strings.Cut(message, refusedResource)
	if !ok || !strings.Contains(before, refusedAction) {
		return ""
	}
	name, _, _ := strings.Cut(rest, " ")
	if name == "*" { // such as of ListSecrets
		return ""
	}
	return name
}

// reduceMessage leaves of a message what refusedName reads. That there is one says
// that the call failed.
func reduceMessage(raw []byte) []byte {
	name := refusedName(raw)
	if name == "" {
		return []byte(`""`)
	}
	short, err := json.Marshal(refusedAction + refusedResource + name)
	if err != nil {
		return []byte(`""`)
	}
	return short
}
