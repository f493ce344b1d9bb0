package model

import "time"

// RegionGlobal stands for the region of what belongs to an account as a whole.
const RegionGlobal = "global"

// Global says whether resources of the kind belong to an account as a whole:
// they are listed once, in RegionGlobal.
func (k Kind) Global() bool { return k == KindPrincipal || k == KindIAMPolicy }

// Principal is an IAM user, group or role, with what its inline policies and
// the AWS managed policies attached to it allow (UserDetail, GroupDetail and
// RoleDetail of the IAM API Reference).
//
// Customer managed policies are resources of their own: what they allow is not
// repeated for each principal that has them. What they deny counts.
type Principal struct {
	Type                Value[string]            `json:"type" doc:"user, group or role"`
	Path                Value[string]            `json:"path" doc:"/ unless it was made under another"`
	CreatedAt           Value[time.Time]         `json:"created_at"`
	Created             Value[int]               `json:"created_days_ago" doc:"whole days"`
	InlinePolicies      Value[[]string]          `json:"inline_policies" doc:"names"`
	AWSManagedPolicies  Value[[]string]          `json:"aws_managed_policies" doc:"names of the policies of AWS's own that are attached"`
	AttachedPolicies    Value[[]string]          `json:"attached_policies" doc:"ARNs of the customer managed policies that are attached"`
	PermissionsBoundary Value[string]            `json:"permissions_boundary" doc:"ARN of the policy that bounds what its policies can allow; absent when there is none"`
	ServiceLinked       Value[bool]              `json:"service_linked" doc:"a role of an AWS service, which alone can change and assume it"`
	Tags                Value[map[string]string] `json:"tags" doc:"absent for a group, which has none"`
	Grants
}

// Kind returns KindPrincipal.
func (*Principal) Kind() Kind { return KindPrincipal }

// Derive fills ages.
func (p *Principal) Derive(now time.Time) { p.Created = daysAgo(p.CreatedAt, now) }

// IAMPolicy is a customer managed policy in its default version
// (ManagedPolicyDetail of the IAM API Reference).
type IAMPolicy struct {
	Path          Value[string]    `json:"path" doc:"/ unless it was made under another"`
	CreatedAt     Value[time.Time] `json:"created_at"`
	Created       Value[int]       `json:"created_days_ago" doc:"whole days"`
	ChangedAt     Value[time.Time] `json:"changed_at" doc:"when the newest version was made"`
	Version       Value[string]    `json:"default_version" doc:"the version that is in force, such as v3"`
	Attachments   Value[int]       `json:"attachment_count" doc:"users, groups and roles that it is attached to"`
	BoundaryCount Value[int]       `json:"boundary_count" doc:"users and roles of which it is the permissions boundary"`
	Grants
}

// Kind returns KindIAMPolicy.
func (*IAMPolicy) Kind() Kind { return KindIAMPolicy }

// Derive fills ages.
func (p *IAMPolicy) Derive(now time.Time) { p.Created = daysAgo(p.CreatedAt, now) }
