package events

import (
	"encoding/json"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// targets is what the event is about, from wherever the record names it. Where
// that is differs by service and call, as real records show: DeleteSecret answers
// with aRN, the events of rotation name the secret in additionalEventData.SecretId
// and those of deletion in its ARN, RotateKey in serviceEventDetails.keyId.
func (d *decoder) targets(request members, shown bool, e *model.Event) model.Value[[]string] {
	var list names
	if raw, ok := d.m.get("resources"); ok {
		list.resources(raw)
	}
	for _, of := range []string{"responseElements", "additionalEventData", "serviceEventDetails"} {
		if m, ok := d.object(of); ok {
			list.add(m, targetMembers(of)...)
		}
	}
	if shown {
		for _, name := range targetMembers("requestParameters") {
			if name != "name" && name != "names" {
				list.add(request, name)
			}
		}
		if e.Source == "ssm.amazonaws.com" || e.Source == "cloudtrail.amazonaws.com" || e.Name == "CreateSecret" {
			list.add(request, "name", "names")
		}
	}
	if len(list.found) == 0 && !shown {
		list.refused(d)
	}
	kind, _ := e.Type.Get()
	switch {
	case list.bad != "":
		return model.Missing[[]string](model.Unknown{Reason: model.ReasonFailed, Detail: list.bad + " is not a name or a list of names"})
	case len(list.found) == 0 && !shown && kind != "AwsServiceEvent":
		return notThere[[]string]("requestParameters")
	}
	return model.Known(list.found)
}

// targetMembers are the members of an object of the record that name what it is
// about. Those of the request called name or names do for a few services only.
func targetMembers(of string) []string {
	switch of {
	case "responseElements":
		return []string{"aRN", "arn", "ARN", "trailARN", "functionArn", "dBInstanceArn", "dBClusterArn", "keyId"}
	case "additionalEventData":
		return []string{"SecretId", "ARN"}
	case "serviceEventDetails":
		return []string{"keyId"}
	default: // requestParameters
		return []string{
			"secretId", "secretIdList", "keyId", "targetKeyId", "aliasName", "trailName", "eventDataStore", "functionName",
			"dBInstanceIdentifier", "dBClusterIdentifier", "bucketName", "path", "resourceArn", "name", "names",
		}
	}
}

// names collects names in the order of their sources, each once.
type names struct {
	found []string
	bad   string // the first member that is no name
}

func (n *names) add(m members, of ...string) {
	for _, member := range of {
		raw, ok := m.get(member)
		if !ok {
			continue
		}
		one, ok := textOf(raw)
		var many []string
		switch {
		case ok:
			n.one(one)
		case json.Unmarshal(raw, &many) == nil:
			for _, name := range many {
				n.one(name)
			}
		case n.bad == "":
			n.bad = member
		}
	}
}

func (n *names) one(name string) {
	if name != "" && !slices.Contains(n.found, name) {
		n.found = append(n.found, name)
	}
}

// resources adds the ARNs of the member resources.
func (n *names) resources(raw json.RawMessage) {
	if raw[0] != '[' {
		n.bad = "resources"
		return
	}
	for i := space(raw, 1); raw[i] != ']'; i = space(raw, i) {
		from := i
		i = afterValue(raw, i)
		var m members
		if raw[from] != '{' {
			n.bad = "resources"
			return
		}
		m.splitValid(raw[from:i])
		n.add(m, "ARN")
		if i = space(raw, i); raw[i] == ',' {
			i++
		}
	}
}
