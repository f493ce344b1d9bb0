package remediator

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/keyproof/keyproof/model"
)

// cancelKeyDeletion keeps a key that waits for its deletion, and makes it usable
// again: KMS leaves such a key disabled.
type cancelKeyDeletion struct{ about }

func newCancelKeyDeletion() Action {
	return cancelKeyDeletion{about{
		name:    "cancel-key-deletion",
		doc:     "cancels the deletion of a KMS key and enables the key again",
		settles: []model.RuleID{"KMS-002", "KMS-005"},
		reads:   []string{"kms:DescribeKey"},
		writes:  []string{"kms:CancelKeyDeletion", "kms:EnableKey", "kms:DisableKey", "kms:ScheduleKeyDeletion"},
	}}
}

func (a cancelKeyDeletion) Plan(_ context.Context, t *Target) (*model.Change, error) {
	key, err := body[*model.Key](t)
	if err != nil {
		return nil, err
	}
	state, err := told("the key's state", key.State)
	if err != nil {
		return nil, err
	}
	c := t.NewChange(a)
	c.Before = map[string]any{"deletion_scheduled": doomed(state), "enabled": false}
	c.After = map[string]any{"deletion_scheduled": false, "enabled": true}
	switch {
	case doomed(state):
		c.Title = "cancel the deletion of the key and enable it"
		c.Undo, c.UndoNote = model.UndoCompensating, "the deletion is scheduled anew: KMS counts 7 to 30 days from then"
	case state == "Disabled":
		c.Title, c.Undo = "enable the key", model.UndoExact
	case state == "PendingImport":
		return nil, notApplicable("import the same material again: `aws kms get-parameters-for-import`, then import-key-material", "the key has no material any more")
	default:
		return nil, notApplicable("", "the key is %s", state)
	}
	c.Effects = []string{"whoever its policy, its grants and IAM allow can use the key again"}
	c.Cost = "US$1 a month for the key while it exists"
	return c, nil
}

func doomed(state string) bool {
	return state == "PendingDeletion" || state == "PendingReplicaDeletion"
}

// Preflight has nothing to ask KMS but the state, which Read has read.
func (a cancelKeyDeletion) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	actions := []string{"kms:EnableKey"}
	if c.Before["deletion_scheduled"] == true {
		actions = append(actions, "kms:CancelKeyDeletion")
	}
	return permitted(ctx, env, c, c.Resource.ID, actions), nil
}

func (a cancelKeyDeletion) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	m, err := describedKey(ctx, env, c, c.Resource.ID)
	if err != nil {
		return nil, err
	}
	state := State{
		"deletion_scheduled": doomed(string(m.KeyState)), "enabled": m.KeyState == types.KeyStateEnabled || m.KeyState == types.KeyStateUpdating,
		"deletion_days": nil, // for Undo: how many days were left
	}
	if m.DeletionDate != nil {
		state["deletion_days"] = int(math.Ceil(m.DeletionDate.Sub(env.Now()).Hours() / (24 * time.Hour).Hours()))
	} else if m.PendingDeletionWindowInDays != nil {
		state["deletion_days"] = int(*m.PendingDeletionWindowInDays)
	}
	return state, nil
}

func (a cancelKeyDeletion) Apply(env *Env, c *model.Change, before State) []Step {
	enable := oneStep(env, a, c, "enable key", map[string]any{"enabled": true}, func(ctx context.Context) error {
		return withKMS(env, c, func(k *kms.Client) error {
			_, err := k.EnableKey(ctx, &kms.EnableKeyInput{KeyId: keyID(c)})
			return err
		})
	})
	if before["deletion_scheduled"] != true {
		return enable
	}
	// KMS refuses to enable a key that it still sees as pending: the wait between is
	// needed.
	cancel := oneStep(env, a, c, "cancel deletion", map[string]any{"deletion_scheduled": false}, func(ctx context.Context) error {
		return withKMS(env, c, func(k *kms.Client) error {
			_, err := k.CancelKeyDeletion(ctx, &kms.CancelKeyDeletionInput{KeyId: keyID(c)})
			return err
		})
	})
	return append(cancel, enable...)
}

func (a cancelKeyDeletion) Undo(env *Env, c *model.Change, before State) []Step {
	if before["deletion_scheduled"] != true {
		return oneStep(env, a, c, "disable key", map[string]any{"enabled": false}, func(ctx context.Context) error {
			return withKMS(env, c, func(k *kms.Client) error {
				_, err := k.DisableKey(ctx, &kms.DisableKeyInput{KeyId: keyID(c)})
				return err
			})
		})
	}
	days, known := number(before["deletion_days"])
	if !known {
		days = longestWait
	}
	days = min(max(days, shortestWait), longestWait)
	return oneStep(env, a, c, fmt.Sprintf("schedule deletion in %d days", days), map[string]any{"deletion_scheduled": true}, func(ctx context.Context) error {
		return withKMS(env, c, func(k *kms.Client) error {
			_, err := k.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: keyID(c), PendingWindowInDays: aws.Int32(int32(days))})
			return err
		})
	})
}

// What ScheduleKeyDeletion takes, in days.
const shortestWait, longestWait = 7, 30

// keyID is the id in a key's ARN, which every call of KMS takes in the key's own
// account and region.
func keyID(c *model.Change) *string {
	_, id, _ := strings.Cut(c.Resource.ID, ":key/")
	return &id
}

func withKMS(env *Env, c *model.Change, do func(*kms.Client) error) error {
	cfg, err := config(env, c)
	if err != nil {
		return err
	}
	return do(kms.NewFromConfig(cfg))
}
