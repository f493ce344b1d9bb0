package remediator

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/internal/glob"
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// functionReader lists the calls on functions.
type functionReader interface {
	GetFunctionConfiguration(context.Context, *lambda.GetFunctionConfigurationInput, ...func(*lambda.Options)) (*lambda.GetFunctionConfigurationOutput, error)
	GetPolicy(context.Context, *lambda.GetPolicyInput, ...func(*lambda.Options)) (*lambda.GetPolicyOutput, error)
}

// Preflight looks at the secret, the key, the function, who may invoke it and
// what its role may do: what AWS refuses, and what would make rotation fail later.
func (Rotation) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	client, err := secretsClient[secretReader](env, c.Resource)
	if err != nil {
		return nil, err
	}
	s, err := describe(ctx, client, c.Resource.ID)
	if err != nil {
		return nil, err
	}
	var list []Concern
	if v := pendingVersion(s); v != "" {
		// "any later invocation of RotateSecret assumes that a previous rotation request
		// is still in progress and returns an error" (API reference, RotateSecret).
		list = append(list, Concern{Blocks: true,
			Text: "a rotation that was begun has not ended: version " + v + " is AWSPENDING, and AWS refuses another",
			Next: fmt.Sprintf("find out why it failed, then aws secretsmanager update-secret-version-stage --secret-id %s --region %s --version-stage AWSPENDING --remove-from-version-id %s",
				c.Resource.ID, c.Resource.Region, v)})
	}
	if key := aws.ToString(s.KmsKeyId); key != "" {
		concerns, err := keyConcerns(ctx, env, c.Resource.Account, c.Resource.Region, key)
		if err != nil {
			return nil, err
		}
		list = append(list, concerns...)
	}
	function, _ := c.After[fieldFunction].(string)
	if function == "" {
		return list, nil
	}
	concerns, err := functionConcerns(ctx, env, c, s, function)
	return append(list, concerns...), err
}

func functionConcerns(ctx context.Context, env *Env, c *model.Change, s *sm.DescribeSecretOutput, function string) ([]Concern, error) {
	cfg, err := env.Access.Config(c.Resource.Account, c.Resource.Region)
	if err != nil {
		return nil, err
	}
	client := lambda.NewFromConfig(cfg)
	f, err := client.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: aws.String(function)})
	switch {
	case awserr.Code(err) == "ResourceNotFoundException":
		return []Concern{{Blocks: true, Text: "the function " + function + " does not exist", Next: "name one that does with --set enable-rotation.function=NAME"}}, nil
	case awserr.Denied(err):
		return []Concern{notKnown("whether the function exists and is active", "lambda:GetFunctionConfiguration")}, nil
	case err != nil:
		return nil, err
	}
	var list []Concern
	if state := string(f.State); state != "" && state != "Active" && state != "Inactive" { // an idle one starts when it is called
		list = append(list, Concern{Blocks: true, Text: fmt.Sprintf("the function is %s: %s", state, aws.ToString(f.StateReason)),
			Next: "mend it, or wait until `aws lambda wait function-active-v2 --function-name " + function + "` returns"})
	}
	if status := string(f.LastUpdateStatus); status == "Failed" {
		list = append(list, Concern{Text: "the last update of the function failed: it runs the code before it"})
	}
	if f.VpcConfig != nil && aws.ToString(f.VpcConfig.VpcId) != "" {
		list = append(list, Concern{Text: "the function runs in " + *f.VpcConfig.VpcId + ": it reaches Secrets Manager only through a VPC endpoint (com.amazonaws." +
			c.Resource.Region + ".secretsmanager) or a NAT gateway; without one each rotation times out"})
	}
	invoke, err := invokeConcerns(ctx, client, c, function)
	if err != nil {
		return nil, err
	}
	list = append(list, invoke...)
	role, err := roleConcerns(ctx, env, c, aws.ToString(f.Role), aws.ToString(s.KmsKeyId))
	return append(list, role...), err
}

// invokeConcerns says whether the function's policy lets Secrets Manager invoke
// it for this secret.
func invokeConcerns(ctx context.Context, client functionReader, c *model.Change, function string) ([]Concern, error) {
	out, err := client.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: aws.String(function)})
	text := ""
	switch {
	case err == nil:
		text = aws.ToString(out.Policy)
	case awserr.Code(err) == "ResourceNotFoundException": // it has no policy
	case awserr.Denied(err):
		return []Concern{notKnown("whether Secrets Manager may invoke the function", "lambda:GetPolicy")}, nil
	default:
		return nil, err
	}
	sources, err := iampolicy.ServiceSources(text, "secretsmanager.amazonaws.com", "lambda:InvokeFunction", c.Resource.Account)
	if err != nil {
		return []Concern{{Text: "nobody could say whether Secrets Manager may invoke the function: " + err.Error()}}, nil
	}
	for _, pattern := range sources {
		if glob.Match(pattern, c.Resource.ID) {
			return nil, nil
		}
	}
	return []Concern{{Blocks: true, Text: "Secrets Manager may not invoke the function for this secret",
		Next: fmt.Sprintf("aws lambda add-permission --region %s --function-name %s --statement-id keyproof --action lambda:InvokeFunction --principal secretsmanager.amazonaws.com --source-arn %s",
			c.Resource.Region, function, c.Resource.ID)}}, nil
}

// notKnown is a concern about what could not be read. It does not block: AWS
// refuses what does not work.
func notKnown(what, action string) Concern {
	return Concern{Text: "nobody could say " + what, Next: "allow " + action}
}

// ownerOf is the account of an ARN, or "".
func ownerOf(text string) string {
	a, err := arn.Parse(text)
	if err != nil {
		return ""
	}
	return a.AccountID
}

// roleName is the last part of a role's ARN.
func roleName(role string) string { return role[strings.LastIndex(role, "/")+1:] }
