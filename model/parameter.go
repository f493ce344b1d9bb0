package model

import "time"

// Parameter is a parameter of SSM Parameter Store (ParameterMetadata of the
// Systems Manager API Reference). It has no field for the value.
type Parameter struct {
	Name             Value[string]            `json:"name" doc:"the parameter's name"`
	Type             Value[string]            `json:"type" doc:"String, StringList or SecureString"`
	Tier             Value[string]            `json:"tier" doc:"Standard, Advanced or Intelligent-Tiering"`
	DataType         Value[string]            `json:"data_type" doc:"text, aws:ec2:image or aws:ssm:integration"`
	Tags             Value[map[string]string] `json:"tags" doc:"tags; {} when there are none"`
	TagKeys          Value[[]string]          `json:"tag_keys" doc:"keys of the tags, sorted; [] when there are none"`
	Version          Value[int]               `json:"version"`
	LastModifiedAt   Value[time.Time]         `json:"last_modified_at"`
	LastModifiedDays Value[int]               `json:"last_modified_days_ago" doc:"whole days"`

	KMSKey     Value[string] `json:"kms_key" doc:"key of a SecureString as AWS gives it; absent for String and StringList"`
	KeyAccount Value[string] `json:"key_account" doc:"account in the ARN of kms_key; absent when AWS gives no ARN, which names a key of the parameter's own account"`
	DefaultKey Value[bool]   `json:"default_key" doc:"a SecureString encrypted with the AWS managed key aws/ssm; absent for String and StringList"`

	Policies      Value[[]string]  `json:"policies" doc:"types of its parameter policies, e.g. Expiration; [] when there are none"`
	ExpiresAt     Value[time.Time] `json:"expires_at" doc:"absent without an Expiration policy"`
	ExpiresInDays Value[int]       `json:"expires_in_days" doc:"whole days, negative when it is past"`

	PolicyFacts // whom an advanced parameter is shared with; not its parameter policies

	Credentials Value[[]Credential] `json:"credentials" doc:"kinds of credential found in the plain value of a String or StringList; [] when none; absent for a SecureString, whose value is never read"`

	Activity // filled when events are read
}

// Credential is one kind of credential that a detector recognised. It says
// what was found and where, never the text that was found.
type Credential struct {
	Rule  string `json:"rule"`            // id of the detector, e.g. "aws-access-token"
	Title string `json:"title"`           // what it found, in words
	Place string `json:"place,omitempty"` // the variable or field that holds it; empty for a whole value
}

// Kind returns KindParameter.
func (*Parameter) Kind() Kind { return KindParameter }

// Derive fills ages and what else follows from other attributes.
func (p *Parameter) Derive(now time.Time) {
	p.LastModifiedDays = daysAgo(p.LastModifiedAt, now)
	p.ExpiresInDays = daysUntil(p.ExpiresAt, now)
	p.KeyAccount, p.TagKeys = accountOf(p.KMSKey), keysOf(p.Tags)
}
