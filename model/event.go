package model

import "time"

// Event is one record of CloudTrail ("CloudTrail record contents" of the
// CloudTrail User Guide), reduced to what says who did what to a secret, a
// parameter, a key or the record itself.
//
// It has no field for request or response bodies: they may echo what a caller
// sent, and a secret's value with it. What of them is needed has a field of its
// own in EventRequest. A message of an error is kept of service events alone,
// for the same reason: AWS writes those itself, while messages on calls quote
// the arguments that they refuse.
type Event struct {
	File  string `json:"file"`  // path in the archive that the record was read from; empty when it came from an API
	Place int    `json:"place"` // place of the record in its file, from 0

	Source string    `json:"source"` // the service, such as secretsmanager.amazonaws.com
	Name   string    `json:"name"`   // the call, or the name of a service's own event
	Time   time.Time `json:"time"`   // UTC, whole seconds

	ID       Value[string] `json:"id"`
	Type     Value[string] `json:"type"` // AwsApiCall, AwsServiceEvent, AwsConsoleAction, AwsVpceEvent, …
	Account  Value[string] `json:"account" doc:"the account that received the event"`
	Region   Value[string] `json:"region"`
	ReadOnly Value[bool]   `json:"read_only"`

	Principal EventPrincipal `json:"principal"`
	SourceIP  Value[string]  `json:"source_ip" doc:"address, or the name of the service that called"`
	UserAgent Value[string]  `json:"user_agent"`
	Endpoint  Value[string]  `json:"vpc_endpoint" doc:"absent when the call came another way"`
	Console   Value[bool]    `json:"console" doc:"the credentials were those of a console session"`

	Outcome   Value[Outcome] `json:"outcome"`
	ErrorCode Value[string]  `json:"error_code" doc:"absent when there is none"`
	Message   Value[string]  `json:"message" doc:"what a service event says went wrong; absent of calls"`

	Targets Value[[]string] `json:"targets" doc:"what the event is about, as the record names it: ARNs, ids, names or aliases; [] when it names nothing"`
	Request EventRequest    `json:"request"`
}

// Outcome says how a call ended.
type Outcome string

// The outcomes.
const (
	OutcomeDone   Outcome = "done"
	OutcomeDenied Outcome = "denied" // the caller was not allowed to
	OutcomeFailed Outcome = "failed" // for any other reason
)

// EventPrincipal is who did it ("CloudTrail userIdentity element"). Access keys
// are left out: who used them is what counts.
type EventPrincipal struct {
	Type      Value[string] `json:"type" doc:"Root, IAMUser, AssumedRole, FederatedUser, AWSAccount, AWSService, IdentityCenterUser, …; absent in service events"`
	ID        Value[string] `json:"id"`
	ARN       Value[string] `json:"arn" doc:"absent for services and other accounts"`
	Account   Value[string] `json:"account"`
	UserName  Value[string] `json:"user_name"`
	InvokedBy Value[string] `json:"invoked_by" doc:"the service that called for the principal, or AWS Internal; absent when none did"`
	Issuer    Value[string] `json:"issuer" doc:"ARN of the role or user whose session it is; absent when it is no session"`
	MFA       Value[bool]   `json:"mfa" doc:"the session was opened with a second factor; absent when it is no session"`
}

// EventRequest is what the caller asked for, as far as it can matter. All of it
// is unknown when the record does not show the request, as those of denied calls
// often do not; an attribute that the caller left out is absent.
type EventRequest struct {
	ForceDelete    Value[bool]     `json:"force_delete" doc:"deletion at once, without recovery"`
	RecoveryDays   Value[int]      `json:"recovery_days" doc:"days until a secret or a key is gone"`
	Policy         Value[string]   `json:"policy" doc:"the resource policy, as JSON text"`
	PolicyPublic   Value[bool]     `json:"policy_public" doc:"that policy lets anyone in, by AWS's documented meaning of public"`
	PolicyAccounts Value[[]string] `json:"policy_accounts" doc:"accounts other than the event's that the policy lets in, and organizations that a condition lets in; [] when there are none"`
	PolicyNetworks Value[[]string] `json:"policy_networks" doc:"networks through which the policy lets in principals of any account, since no condition says who calls; [] when there are none"`
	BlockPublic    Value[bool]     `json:"block_public" doc:"Secrets Manager checks the policy for public access"`
	Key            Value[string]   `json:"key" doc:"the KMS key that encrypts it from now on"`
	ParameterType  Value[string]   `json:"parameter_type" doc:"String, StringList or SecureString"`
	Overwrite      Value[bool]     `json:"overwrite" doc:"of a parameter: one that exists is changed"`
	Grantee        Value[string]   `json:"grantee" doc:"who is granted the use of a key, or permitted to invoke a function: of everyone in an organization, its id"`
	Role           Value[string]   `json:"role" doc:"the execution role that a function gets"`
	MasterPassword Value[bool]     `json:"master_password" doc:"the caller gives a database another master password; the password itself is nowhere"`
	ManagedSecret  Value[bool]     `json:"managed_secret" doc:"whether RDS is to keep the master password in a secret"`
	ReplicaRegions Value[[]string] `json:"replica_regions" doc:"regions that replicas are added to or removed from"`
	Management     Value[string]   `json:"management" doc:"which management events selectors leave a trail: All, ReadOnly, WriteOnly, Some (a filter leaves some out) or None; absent of calls that set no selectors"`
	Excluded       Value[[]string] `json:"excluded" doc:"services whose management events selectors leave out, such as kms.amazonaws.com; [] when none"`
	MultiRegion    Value[bool]     `json:"multi_region" doc:"of a trail"`
	Organization   Value[bool]     `json:"organization" doc:"of a trail or an event data store: it records all accounts of the organization"`
	GlobalEvents   Value[bool]     `json:"global_events" doc:"of a trail: it records events of global services, such as IAM"`
	Validation     Value[bool]     `json:"validation" doc:"of a trail: digest files"`
	Bucket         Value[string]   `json:"bucket" doc:"of a trail, or that the call is about"`
	NewValue       Value[bool]     `json:"new_value" doc:"another value of a secret or parameter is the current one from now on"`
	Decryption     Value[bool]     `json:"decryption" doc:"of a read of parameters: SecureStrings are decrypted"`
	Recursive      Value[bool]     `json:"recursive" doc:"parameters are read at any depth below the path"`
}

// Who is the principal in one string, for people: the role or user behind a
// session, else the principal itself, else the service, else its type.
func (p *EventPrincipal) Who() string {
	for _, v := range []Value[string]{p.Issuer, p.ARN, p.InvokedBy, p.UserName, p.ID, p.Type} {
		if text, ok := v.Get(); ok && text != "" {
			return text
		}
	}
	return "nobody named"
}
