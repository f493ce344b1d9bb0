package remediator

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/keyproof/keyproof/model"
)

// simulation are the calls of permitted.
func simulation() []string {
	return []string{"iam:SimulatePrincipalPolicy", "sts:GetCallerIdentity"}
}

// permitted asks IAM whether the caller may make the calls. A simulation knows
// neither key policies nor the values of conditions, so that its no does not
// block but where a policy denies outright; and where the caller may not simulate
// nothing is said, since a refused call says more than a refused question.
func permitted(ctx context.Context, env *Env, c *model.Change, on string, actions []string) []Concern {
	cfg, err := config(env, c)
	if err != nil {
		return nil
	}
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil
	}
	caller := principal(aws.ToString(who.Arn))
	out, err := iam.NewFromConfig(cfg).SimulatePrincipalPolicy(ctx, &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: &caller, ActionNames: actions, ResourceArns: []string{on},
	})
	if err != nil {
		return nil
	}
	var concerns []Concern
	for _, r := range out.EvaluationResults {
		if r.EvalDecision == types.PolicyEvaluationDecisionTypeAllowed || len(r.MissingContextValues) > 0 {
			continue
		}
		action := aws.ToString(r.EvalActionName)
		concerns = append(concerns, Concern{
			Blocks: r.EvalDecision == types.PolicyEvaluationDecisionTypeExplicitDeny,
			Text:   fmt.Sprintf("IAM's simulation says that %s may not call %s (%s)", caller, action, r.EvalDecision),
			Next:   fmt.Sprintf("allow %s on %s; `keyproof permissions --remediate` prints all that the role needs", action, on),
		})
	}
	return concerns
}

// principal is the role of a session, and any other caller as it is. The path of
// the role is not in the session's ARN: IAM then knows no such principal.
func principal(caller string) string {
	parsed, err := arn.Parse(caller)
	if err != nil || parsed.Service != "sts" {
		return caller
	}
	name, ok := strings.CutPrefix(parsed.Resource, "assumed-role/")
	if !ok {
		return caller
	}
	name, _, _ = strings.Cut(name, "/")
	parsed.Service, parsed.Resource = "iam", "role/"+name
	return parsed.String()
}
