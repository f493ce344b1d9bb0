package remediator

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/keyproof/keyproof/model"
)

const secureString = string(types.ParameterTypeSecureString)

func readsParameter() []string {
	return []string{"kms:DescribeKey", "kms:GenerateDataKey", "ssm:DescribeParameters", "ssm:GetParameter"}
}

// writesParameter has what Parameter Store does with keys in the caller's name.
func writesParameter() []string { return []string{"kms:Decrypt", "kms:Encrypt", "ssm:PutParameter"} }

// describedParameter is what is known of a parameter without its value.
func describedParameter(ctx context.Context, env *Env, c *model.Change) (*types.ParameterMetadata, error) {
	cfg, err := config(env, c)
	if err != nil {
		return nil, err
	}
	in := &ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{{Key: aws.String("Name"), Option: aws.String("Equals"), Values: []string{c.Name}}}}
	// A page may be empty and have another after it.
	for pages := ssm.NewDescribeParametersPaginator(ssm.NewFromConfig(cfg), in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, p := range page.Parameters {
			if aws.ToString(p.Name) == c.Name {
				return &p, nil
			}
		}
	}
	return nil, notApplicable("scan again", "there is no parameter %s any more", c.Name)
}

func readParameter(ctx context.Context, env *Env, c *model.Change) (State, error) {
	p, err := describedParameter(ctx, env, c)
	if err != nil {
		return nil, err
	}
	key := ""
	if string(p.Type) == secureString { // no other has one
		key = aws.ToString(p.KeyId)
	}
	return State{"type": string(p.Type), "kms_key": pointed(key), "version": int(p.Version)}, nil
}

// writeParameter writes the present value again with another type and key. The
// value passes through memory and is in nothing that is kept. What a request
// leaves out a new version lacks, so that all else is given again.
func writeParameter(env *Env, a Action, c *model.Change, name, kind, key string) []Step {
	steps := oneStep(env, a, c, name, map[string]any{"type": kind, "kms_key": pointed(key)}, func(ctx context.Context) error { return rewrite(ctx, env, c, kind, key) })
	steps[0].Quiet = true
	return steps
}

func rewrite(ctx context.Context, env *Env, c *model.Change, kind, key string) error {
	p, err := describedParameter(ctx, env, c)
	if err != nil {
		return err
	}
	cfg, err := config(env, c)
	if err != nil {
		return err
	}
	client := ssm.NewFromConfig(cfg)
	value, err := client.GetParameter(ctx, &ssm.GetParameterInput{Name: &c.Name, WithDecryption: aws.Bool(true)})
	if err != nil {
		return err
	}
	in := &ssm.PutParameterInput{
		Name: &c.Name, Value: value.Parameter.Value, Overwrite: aws.Bool(true), Type: types.ParameterType(kind), Tier: p.Tier,
		Description: p.Description, AllowedPattern: p.AllowedPattern,
	}
	if kind == secureString && key != "" {
		in.KeyId = &key
	}
	if kind != secureString {
		in.DataType = p.DataType // the API takes it for a String alone
	}
	put, err := client.PutParameter(ctx, in)
	if _, ok := errors.AsType[*types.HierarchyTypeMismatchException](err); ok {
		return notApplicable("make a new parameter of type SecureString, move its readers, and delete this one",
			"Parameter Store refuses to change the type in place (HierarchyTypeMismatchException)")
	}
	if err != nil {
		return err
	}
	// Parameter Store cannot be told to write only over a certain version.
	if read := value.Parameter.Version; put.Version != read+1 {
		return notApplicable(fmt.Sprintf("compare the versions: `aws ssm get-parameter-history --name %s`", c.Name),
			"somebody else wrote version %d between reading version %d and writing version %d: theirs is not the current one now", put.Version-1, read, put.Version)
	}
	return nil
}
