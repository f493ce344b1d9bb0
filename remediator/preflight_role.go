package remediator

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// roleConcerns asks IAM whether the role of a rotation function may do what the
// four steps need ("Lambda rotation function execution role permissions", User
// Guide). The simulator does not know what runs in the function, so that none of
// this blocks: AWS's own test of the function has the last word.
func roleConcerns(ctx context.Context, env *Env, c *model.Change, role, key string) ([]Concern, error) {
	if role == "" {
		return []Concern{{Text: "nobody could say what the function's role may do: AWS left it out"}}, nil
	}
	if owner := ownerOf(role); owner != c.Resource.Account {
		return []Concern{{Text: fmt.Sprintf("the function's role is of account %s: let %s itself say whether it reaches the secret", owner, roleName(role))}}, nil
	}
	cfg, err := env.Access.Config(c.Resource.Account, c.Resource.Region)
	if err != nil {
		return nil, err
	}
	client := iam.NewFromConfig(cfg)
	denied, err := simulate(ctx, client, role, c.Resource.ID, []string{
		"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage",
	})
	if err == nil && strings.HasPrefix(key, "arn:") {
		var more []string
		more, err = simulate(ctx, client, role, key, []string{"kms:Decrypt", "kms:GenerateDataKey"},
			types.ContextEntry{
				ContextKeyName: aws.String("kms:ViaService"), ContextKeyType: types.ContextKeyTypeEnumString,
				ContextKeyValues: []string{"secretsmanager." + c.Resource.Region + ".amazonaws.com"},
			})
		denied = append(denied, more...)
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case awserr.Denied(err):
		return []Concern{notKnown("whether the function's role reaches the secret and its key", "iam:SimulatePrincipalPolicy")}, nil
	case err != nil:
		return []Concern{{Text: "nobody could say whether the function's role reaches the secret and its key: " + awserr.Words(err)}}, nil
	case len(denied) > 0:
		// A resource policy of the secret or the key may allow it all the same.
		return []Concern{{Text: fmt.Sprintf("the role %s has no policy that allows %s", roleName(role), strings.Join(denied, ", ")),
			Next: "allow it, unless the resource policy of the secret or the key does"}}, nil
	}
	return nil, nil
}

type simulator interface {
	SimulatePrincipalPolicy(context.Context, *iam.SimulatePrincipalPolicyInput, ...func(*iam.Options)) (*iam.SimulatePrincipalPolicyOutput, error)
}

// simulate returns the actions on a resource that a role's policies do not allow.
func simulate(ctx context.Context, client simulator, role, resource string, actions []string, given ...types.ContextEntry) ([]string, error) {
	out, err := client.SimulatePrincipalPolicy(ctx, &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String(role), ActionNames: actions, ResourceArns: []string{resource}, ContextEntries: given,
	})
	if err != nil {
		return nil, err
	}
	allowed := map[string]bool{}
	for _, r := range out.EvaluationResults {
		allowed[aws.ToString(r.EvalActionName)] = r.EvalDecision == types.PolicyEvaluationDecisionTypeAllowed
	}
	var denied []string
	for _, action := range actions {
		if !allowed[action] {
			denied = append(denied, action)
		}
	}
	return denied, nil
}
