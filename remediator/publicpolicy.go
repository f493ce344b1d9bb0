package remediator

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// blockPublicPolicy takes the public out of a secret's resource policy and makes
// AWS refuse a public one.
type blockPublicPolicy struct{ about }

func newBlockPublicPolicy() Action {
	return blockPublicPolicy{about{
		name: "block-public-policy", doc: "takes the public out of a secret's resource policy, and lets AWS refuse a public one",
		settles: []model.RuleID{"SM-009"},
		settings: []Setting{{
			Name: "public", Doc: "what becomes of a public statement: narrow (to the secret's own account; the default) or remove", Example: "remove",
		}},
		reads:  []string{"secretsmanager:GetResourcePolicy", "secretsmanager:ValidateResourcePolicy"},
		writes: []string{"secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"},
	}}
}

// The fields are the labels of the public statements: of the whole text, which
// may change in other ways meanwhile, the journal keeps what was there.
const publicStatements = "public_statements"

func (a blockPublicPolicy) Plan(_ context.Context, t *Target) (*model.Change, error) {
	secret, err := body[*model.Secret](t)
	if err != nil {
		return nil, err
	}
	if replica, err := told("whether the secret is a replica", secret.IsReplica); err != nil || replica {
		if err != nil {
			return nil, err
		}
		return nil, notApplicable("change the policy of its primary, then of the replica", "it is a replica, whose policy came from its primary")
	}
	statements, err := told("the policy's statements", secret.PolicyStatements)
	if err != nil {
		return nil, err
	}
	mode := t.Settings["public"]
	if mode == "" {
		mode = "narrow"
	}
	if mode != "narrow" && mode != "remove" {
		return nil, notApplicable("", "the setting public is %q: use narrow or remove", mode)
	}
	c := t.NewChange(a)
	c.Settings["public"] = mode
	public := labels(statements)
	if len(public) == 0 {
		return nil, notApplicable("", "no statement of its policy is public")
	}
	verb := "narrow to account " + t.Resource.ID.Account
	if mode == "remove" {
		verb = "remove"
	}
	c.Title = fmt.Sprintf("%s what is public in the policy: %s", verb, strings.Join(public, ", "))
	c.Before, c.After = map[string]any{publicStatements: public}, map[string]any{publicStatements: []string{}}
	c.Undo, c.UndoNote = model.UndoExact, "the policy of before is public, and is put back without the block"
	c.Effects = []string{"whoever is let in by these statements alone is refused: other accounts at once, the own account's principals unless IAM allows them"}
	for _, s := range statements {
		if s.Public {
			c.Effects = append(c.Effects, fmt.Sprintf("statement %s (%s): %s", s.SID, strings.Join(s.Actions, ", "), consequence(mode, t.Resource.ID.Account)))
		}
	}
	return c, nil
}

func consequence(mode, account string) string {
	if mode == "remove" {
		return "is removed"
	}
	return fmt.Sprintf("its principal * becomes the account %s, or it is removed where that does not make it private", account)
}

func labels(statements []model.PolicyStatement) []string {
	list := []string{}
	for _, s := range statements {
		if s.Public {
			list = append(list, s.SID)
		}
	}
	return list
}

// Preflight lets Secrets Manager validate the policy that would be put.
func (a blockPublicPolicy) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	state, err := a.Read(ctx, env, c)
	if err != nil {
		return nil, err
	}
	text, err := privatePolicy(fmt.Sprint(state["policy"]), fmt.Sprint(c.Settings["public"]), c.Resource)
	if err != nil {
		return nil, err
	}
	if text != "" {
		cfg, err := config(env, c)
		if err != nil {
			return nil, err
		}
		out, err := secretsmanager.NewFromConfig(cfg).ValidateResourcePolicy(ctx, &secretsmanager.ValidateResourcePolicyInput{SecretId: &c.Resource.ID, ResourcePolicy: &text})
		if err != nil {
			return []Concern{{Blocks: true, Text: "Secrets Manager does not take the policy that would be put: " + awserr.Words(err), Next: "change the policy by hand"}}, nil
		}
		if !out.PolicyValidationPassed {
			var why []string
			for _, e := range out.ValidationErrors {
				why = append(why, aws.ToString(e.CheckName)+": "+aws.ToString(e.ErrorMessage))
			}
			return []Concern{{Blocks: true, Text: "Secrets Manager finds the policy that would be put invalid: " + strings.Join(why, "; "), Next: "plan again with --set block-public-policy.public=remove, or change the policy by hand"}}, nil
		}
	}
	return permitted(ctx, env, c, c.Resource.ID, []string{"secretsmanager:PutResourcePolicy"}), nil
}

func (a blockPublicPolicy) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	cfg, err := config(env, c)
	if err != nil {
		return nil, err
	}
	out, err := secretsmanager.NewFromConfig(cfg).GetResourcePolicy(ctx, &secretsmanager.GetResourcePolicyInput{SecretId: &c.Resource.ID})
	if err != nil {
		return nil, err
	}
	text := aws.ToString(out.ResourcePolicy)
	facts := iampolicy.Facts(text, c.Resource, func(string) model.Value[bool] { return model.Known(true) })
	statements, err := told("the policy", facts.PolicyStatements)
	if err != nil {
		return nil, err
	}
	return State{publicStatements: labels(statements), "policy": text}, nil
}

func (a blockPublicPolicy) Apply(env *Env, c *model.Change, before State) []Step {
	return oneStep(env, a, c, "put policy", c.After, func(ctx context.Context) error {
		was := fmt.Sprint(before["policy"])
		// The fields of the change do not tell everything: nobody's other edit may be
		// lost.
		now, err := a.Read(ctx, env, c)
		if err != nil {
			return err
		}
		if now.is(c.After) {
			return nil
		}
		if now["policy"] != was {
			return &Drift{Resource: c.Resource, Field: "policy", Want: "as it was when the change began", Found: "edited"}
		}
		text, err := privatePolicy(was, fmt.Sprint(c.Settings["public"]), c.Resource)
		if err != nil {
			return err
		}
		return putPolicy(ctx, env, c, text, true)
	})
}

func (a blockPublicPolicy) Undo(env *Env, c *model.Change, before State) []Step {
	return oneStep(env, a, c, "put back policy", map[string]any{publicStatements: before[publicStatements]}, func(ctx context.Context) error {
		return putPolicy(ctx, env, c, fmt.Sprint(before["policy"]), false)
	})
}

// putPolicy puts a policy, or deletes it when there is nothing left to say.
func putPolicy(ctx context.Context, env *Env, c *model.Change, text string, block bool) error {
	cfg, err := config(env, c)
	if err != nil {
		return err
	}
	client := secretsmanager.NewFromConfig(cfg)
	if text == "" {
		_, err = client.DeleteResourcePolicy(ctx, &secretsmanager.DeleteResourcePolicyInput{SecretId: &c.Resource.ID})
		return err
	}
	_, err = client.PutResourcePolicy(ctx, &secretsmanager.PutResourcePolicyInput{SecretId: &c.Resource.ID, ResourcePolicy: &text, BlockPublicPolicy: &block})
	return err
}
