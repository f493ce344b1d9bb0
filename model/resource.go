package model

import (
	"slices"
	"strings"
	"time"
)

// Kind is the type of a resource.
type Kind string

// The kinds.
const (
	KindSecret    Kind = "secret"     // a Secrets Manager secret or a replica of one
	KindParameter Kind = "parameter"  // an SSM Parameter Store parameter
	KindKey       Kind = "key"        // a KMS key
	KindTrail     Kind = "trail"      // a CloudTrail trail
	KindFunction  Kind = "function"   // a Lambda function
	KindDatabase  Kind = "database"   // an RDS instance or cluster
	KindAccount   Kind = "account"    // one account in one region, with what rules need in aggregate
	KindPrincipal Kind = "principal"  // an IAM user, group or role
	KindIAMPolicy Kind = "iam_policy" // an IAM customer managed policy
)

// KindEvent is the kind of rules that judge CloudTrail's events, of their results
// on what is no resource of another kind, and of the record as a whole. Events are
// not among a snapshot's resources, so Kinds does not list it; RuleKinds does.
const KindEvent Kind = "event"

// The kinds of results on what judges: waivers, and files of rules that do not
// load. No snapshot has resources of them, so Kinds does not list them.
const (
	KindWaiver Kind = "waiver"
	KindRule   Kind = "rule"
)

// Kinds lists all kinds in the order in which reports show them.
func Kinds() []Kind {
	return []Kind{
		KindAccount, KindDatabase, KindFunction, KindIAMPolicy, KindKey, KindParameter, KindPrincipal, KindSecret, KindTrail,
	}
}

// RuleKinds lists all kinds that a rule can judge, in alphabetical order.
func RuleKinds() []Kind {
	kinds := append(Kinds(), KindEvent)
	slices.Sort(kinds)
	return kinds
}

// ResourceID names one resource. Two resources with the same ID are the same
// resource, seen by two readers, and are merged.
type ResourceID struct {
	Kind    Kind   `json:"kind"`
	Account string `json:"account"` // 12 digits
	Region  string `json:"region"`
	ID      string `json:"id"` // ARN when it exists; address in a plan, logical id in a template
}

// String returns the ID alone, which is unique within a kind.
func (id ResourceID) String() string { return id.ID }

// Compare orders by account, region, kind and ID: the order of every report.
func (id ResourceID) Compare(o ResourceID) int {
	if c := strings.Compare(id.Account, o.Account); c != 0 {
		return c
	}
	if c := strings.Compare(id.Region, o.Region); c != 0 {
		return c
	}
	if c := strings.Compare(string(id.Kind), string(o.Kind)); c != 0 {
		return c
	}
	return strings.Compare(id.ID, o.ID)
}

// Origin is where a resource was read: a file with its line, or an address.
// Both are empty for a live account.
type Origin struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Address string `json:"address,omitempty"`
	Syntax  Syntax `json:"syntax,omitempty"`
}

// Syntax is the language that a resource is written in; empty for a live account.
type Syntax string

// The syntaxes.
const (
	SyntaxHCL            Syntax = "hcl"            // Terraform's, also of a plan whose source is not at hand
	SyntaxCloudFormation Syntax = "cloudformation" // a template in YAML or JSON
)

// Resource is one thing of a snapshot.
type Resource struct {
	ID ResourceID
	// Name is what people call it: a secret's name, a key's alias or id.
	Name   string
	Origin Origin
	Body   Body
	// Refs are the resources it refers to, by role ("key", "rotation_function").
	// A role that is not there, or is None, refers to nothing.
	Refs map[string]Value[ResourceID]
	// Aka are other IDs under which references name it: a key's alias ARNs.
	Aka []string

	// unread are the body's attributes and reasons as they were written, of an
	// outline whose body was not read.
	unread [2][]byte
}

// Body holds the attributes of one kind: a pointer to a struct whose exported
// fields are all Values with a json tag.
type Body interface {
	Kind() Kind
	// Derive fills the attributes that follow from others and the time of the
	// snapshot (ages in whole days). It is called once, before anything reads.
	Derive(now time.Time)
}

// NewBody returns an empty body of a kind, all attributes unknown, or nil for
// a kind that does not exist.
func NewBody(k Kind) Body {
	switch k {
	case KindSecret:
		return &Secret{}
	case KindParameter:
		return &Parameter{}
	case KindKey:
		return &Key{}
	case KindTrail:
		return &Trail{}
	case KindFunction:
		return &Function{}
	case KindDatabase:
		return &Database{}
	case KindAccount:
		return &Account{}
	case KindPrincipal:
		return &Principal{}
	case KindIAMPolicy:
		return &IAMPolicy{}
	case KindEvent:
		return &EventView{}
	default:
		return nil
	}
}

// Ref sets a reference to another resource.
func (r *Resource) Ref(role string, to Value[ResourceID]) {
	if r.Refs == nil {
		r.Refs = map[string]Value[ResourceID]{}
	}
	r.Refs[role] = to
}
