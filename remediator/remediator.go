// Package remediator repairs what a scan found: it plans changes, applies them,
// verifies them by judging again, and undoes them. It is the only part of
// keyproof that can change an account.
//
// Its promises: nothing is written to an account before the line that announces
// it, with the state before, is on disk; nothing is written when the account is
// no longer as the plan saw it; a run that ends in the middle can be resumed or
// undone from its record, and no write is made twice; a change counts as a
// repair only when judging the resource again says pass. No secret's value is
// kept anywhere.
//
// An Action is one kind of repair. It knows AWS and its one repair; the Engine
// knows the order, the journal, the leases and the failures.
package remediator

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/keyproof/keyproof/model"
)

// Action is one kind of repair.
type Action interface {
	Name() string // as a rule's METADATA names it: "enable-rotation"
	Doc() string  // one sentence for people
	// Settles are the rules of keyproof that the action can make pass. A rule that
	// names the action and is not among them is planned too: users have their own.
	Settles() []model.RuleID
	Settings() []Setting
	Permissions() Permissions

	// Plan says what the action would change of a resource, from the snapshot alone.
	// *NotApplicable says why it cannot, and what to do instead.
	Plan(ctx context.Context, t *Target) (*model.Change, error)
	// Preflight asks AWS, with calls that write nothing, whether the change would
	// work. An error is a call that went wrong, and blocks like a Concern that does.
	Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error)
	// Read is the present state: at least every field of c.Before, and whatever else
	// Undo needs. It never holds a secret's value.
	Read(ctx context.Context, env *Env, c *model.Change) (State, error)
	// Apply are the steps that make the change, and Undo those that take it back to
	// the state before. Both depend on their arguments alone, so that resuming in
	// another process finds the same steps.
	Apply(env *Env, c *model.Change, before State) []Step
	Undo(env *Env, c *model.Change, before State) []Step
}

// Step is one call that writes, or a wait for what it set off.
type Step struct {
	Name string // unique among the steps of the change: the journal knows it by this
	// Wait marks a step that writes nothing: it may be cancelled and begun again.
	Wait bool
	// Done says whether the step's effect is there already. It is asked when nobody
	// knows whether an interrupted call reached AWS. Nil where doing it again
	// changes nothing: the call itself is idempotent, or the step is a wait.
	Done func(ctx context.Context) (bool, error)
	Do   func(ctx context.Context) error
	// Quiet keeps AWS's messages out of journal and output, which then have its
	// error codes alone: messages of validation quote what they refuse, and that
	// would be a secret's value here.
	Quiet bool
}

// State is what an action reads of a resource, by field. Values are what JSON
// knows; they are compared as JSON.
type State map[string]any

// Permissions are the IAM actions of all calls that an action can make.
type Permissions struct {
	Reads  []string
	Writes []string
}

// Setting is what users may say about how an action works.
type Setting struct {
	Name    string // "regions"
	Doc     string
	Example string
}

// Concern is what a preflight found.
type Concern struct {
	Blocks bool   `json:"blocks"` // false: it may work all the same, or nobody could say
	Text   string `json:"text"`
	Next   string `json:"next,omitempty"` // the command to type or the permission to add
}

// Access opens accounts for reading and for writing.
type Access interface {
	// Config is for calls in a region of an account. The calls are limited to what
	// the actions declare.
	Config(account, region string) (aws.Config, error)
}

// Env is what an action works with.
type Env struct {
	Access Access
	Now    func() time.Time
	// Sleep waits, or returns early with the error of ctx.
	Sleep func(ctx context.Context, d time.Duration) error
	// Say tells the user what is being waited for.
	Say func(text string)
	// Run is the run that the steps belong to: with the change's id and a step's name
	// it makes tokens by which AWS knows a call that is made again.
	Run string
}

// Actions lists all actions. A new one is one line here.
func Actions() []Action {
	return []Action{
		Rotation{}, Replication{}, newUseCustomerKey(), newBlockPublicPolicy(), newRestoreSecret(), newPromoteReplica(), newAddTags(),
		newConvertToSecureString(), newEnableKeyRotation(), newCancelKeyDeletion(),
		newStartTrailLogging(), newValidateTrail(), newExtendTrail(), newRecordKeyEvents(), newManageMasterPassword(),
	}
}

// Find returns the action of a name, or nil.
func Find(actions []Action, name string) Action {
	for _, a := range actions {
		if a.Name() == name {
			return a
		}
	}
	return nil
}
