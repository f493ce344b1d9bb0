package events

import "slices"

// Reduce is a record with nothing but what Decode looks at, for keeping: requests
// and answers hold what callers sent, and nobody knows what that is.
func Reduce(raw []byte) ([]byte, error) {
	var m members
	if err := m.split(raw); err != nil {
		return nil, err
	}
	service := false
	if kind, ok := m.get("eventType"); ok {
		text, _ := textOf(kind)
		service = text == "AwsServiceEvent"
	}
	return m.only(keptMembers(), func(name string, value []byte) []byte {
		if name == "errorMessage" && !service && value[0] == '"' {
			return reduceMessage(value)
		}
		kept := keptWithin(name)
		if kept == nil || value[0] != '{' {
			return value
		}
		var inner members
		inner.splitValid(value)
		return inner.only(kept, func(member string, value []byte) []byte {
			if name == "requestParameters" && slices.Contains(givenMembers(), member) {
				return []byte(`"given"`)
			}
			return value
		})
	}), nil
}

func keptMembers() []string {
	return []string{
		"eventTime", "eventSource", "eventName", "eventID", "eventType", "recipientAccountId", "awsRegion", "readOnly",
		"sourceIPAddress", "userAgent", "vpcEndpointId", "sessionCredentialFromConsole", "userIdentity", "errorCode", "errorMessage",
		"resources", "requestParameters", "responseElements", "additionalEventData", "serviceEventDetails",
	}
}

// keptWithin are the members that are kept of an object; nil: all.
func keptWithin(name string) []string {
	switch name {
	case "userIdentity":
		return []string{"type", "principalId", "arn", "accountId", "userName", "invokedBy", "sessionContext"}
	case "requestParameters":
		return slices.Concat(requestMembers(), givenMembers(), targetMembers(name))
	case "responseElements":
		return append(targetMembers(name), "versionId") // a value was stored
	case "additionalEventData", "serviceEventDetails":
		return targetMembers(name)
	default:
		return nil
	}
}

// only writes an object with some of its members.
func (m members) only(names []string, change func(name string, value []byte) []byte) []byte {
	out := []byte{'{'}
	for _, one := range m {
		name := string(one.name)
		if !slices.Contains(names, name) {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), name...), '"', ':')
		out = append(out, change(name, one.value)...)
	}
	return append(out, '}')
}
