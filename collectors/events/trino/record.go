package trino

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Row is a row of an answer by the names of its columns. What is NULL is not in it.
type Row map[string]string

// member is a member of a record and the column that it comes from.
type member struct {
	name, column string
	kind         shape
}

// shape is how a column holds a value.
type shape int

const (
	plain shape = iota // text
	body               // an object, as the JSON text of it
)

var members = []member{
	{"eventID", "eventid", plain}, {"eventTime", "eventtime", plain}, {"eventSource", "eventsource", plain}, {"eventName", "eventname", plain},
	{"awsRegion", "awsregion", plain}, {"recipientAccountId", "recipientaccountid", plain}, {"eventType", "eventtype", plain},
	{"readOnly", "readonly", plain}, {"sourceIPAddress", "sourceipaddress", plain}, {"userAgent", "useragent", plain},
	{"vpcEndpointId", "vpcendpointid", plain}, {"sessionCredentialFromConsole", "sessioncredentialfromconsole", plain},
	{"errorCode", "errorcode", plain}, {"errorMessage", "errormessage", plain},
	{"requestParameters", "requestparameters", body}, {"responseElements", "responseelements", body},
	{"additionalEventData", "additionaleventdata", body}, {"serviceEventDetails", "serviceeventdetails", body},
}

var identity = []member{
	{"type", "identitytype", plain}, {"principalId", "principalid", plain}, {"arn", "identityarn", plain},
	{"accountId", "accountid", plain}, {"userName", "username", plain}, {"invokedBy", "invokedby", plain},
}

// Record puts the record together again that the row was made of, in CloudTrail's
// JSON, so that one decoder serves all sources. Members that no event is made of
// are not in it.
func Record(r Row) []byte {
	m := object{}
	m.add(r, members)
	if list, ok := r["resources"]; ok {
		m.put("resources", resources(list))
	}
	if r["hasidentity"] == "true" {
		u := object{}
		u.add(r, identity)
		s := object{}
		if arn, ok := r["issuerarn"]; ok {
			s["sessionIssuer"] = object{"arn": arn}
		}
		if mfa, ok := r["mfaauthenticated"]; ok {
			s["attributes"] = object{"mfaAuthenticated": mfa}
		}
		u["sessionContext"] = s
		m["userIdentity"] = u
	}
	return text(m)
}

// text is a value as JSON, without the escapes that HTML needs: policies are kept
// as they were written.
func text(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return nil // texts and valid JSON can always be written; the decoder refuses nothing
	}
	return bytes.TrimSpace(b.Bytes())
}

type object map[string]any

func (o object) put(name string, value any) {
	if value != nil {
		o[name] = value
	}
}

func (o object) add(r Row, list []member) {
	for _, m := range list {
		column, ok := r[m.column]
		switch {
		case !ok:
		case m.kind == body:
			o.put(m.name, document(column))
		default:
			o[m.name] = column
		}
	}
}

// document is a column that holds JSON. What is no JSON stays text, which the
// decoder refuses with the member's name, as it does in an archive.
func document(column string) any {
	if json.Valid([]byte(column)) {
		return json.RawMessage(column)
	}
	return column
}

// resources are their ARNs, a list; the record has objects with an ARN each.
func resources(column string) any {
	var arns []*string
	if json.Unmarshal([]byte(column), &arns) != nil {
		return column
	}
	list := []object{}
	for _, arn := range arns {
		o := object{}
		if arn != nil {
			o["ARN"] = *arn
		}
		list = append(list, o)
	}
	return list
}

// Untyped gives the values of an object, all of which an engine turned into text,
// their types again: what is an object or a list, and the numbers that events are
// made of. Everything else stays text: the number of an account is text too.
func Untyped(column string) string {
	var m map[string]any
	if json.Unmarshal([]byte(column), &m) != nil || m == nil {
		return column
	}
	for name, v := range m {
		s, ok := v.(string)
		trimmed := strings.TrimSpace(s)
		switch {
		case !ok, name == "policy", name == "resourcePolicy", name == "bucketPolicy": // as text, it has its spaces too
		case strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "["), name == "recoveryWindowInDays", name == "pendingWindowInDays":
			m[name] = document(s)
		}
	}
	return string(text(m))
}
