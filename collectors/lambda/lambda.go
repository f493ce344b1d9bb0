// Package lambda collects Lambda functions: what their plain environment
// variables hold, and for rotation functions whether they work and whether
// Secrets Manager may invoke them.
//
// It belongs to a later stage than secrets, whose references say which functions
// rotate something. It makes a call for every fifty functions, two more for every
// rotation function, and one for each further version or alias by which secrets
// name it. The values of variables end in the classification.
package lambda

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
)

const (
	listFunctions    = "lambda:ListFunctions"
	getConfiguration = "lambda:GetFunctionConfiguration"
	getPolicy        = "lambda:GetPolicy"
)

// client lists the calls made.
type client interface {
	lambda.ListFunctionsAPIClient
	GetFunctionConfiguration(context.Context, *lambda.GetFunctionConfigurationInput, ...func(*lambda.Options)) (*lambda.GetFunctionConfigurationOutput, error)
	GetPolicy(context.Context, *lambda.GetPolicyInput, ...func(*lambda.Options)) (*lambda.GetPolicyOutput, error)
}

// Collector reads the functions of one account in one region.
type Collector struct {
	lambda   client
	detector *detect.Detector
}

// New makes a collector for the account and region of the configuration.
func New(cfg aws.Config, detector *detect.Detector) *Collector {
	return &Collector{lambda: lambda.NewFromConfig(cfg), detector: detector}
}

// Name returns "lambda".
func (*Collector) Name() string { return "lambda" }

// Permissions returns the IAM actions of all calls.
func (*Collector) Permissions() []string { return []string{getConfiguration, getPolicy, listFunctions} }

// parallel is how many rotation functions are read at a time.
const parallel = 8

// Collect emits every function of the region.
func (c *Collector) Collect(ctx context.Context, cell *collectors.Cell) error {
	// A page has at most fifty functions whatever is asked for.
	pages := lambda.NewListFunctionsPaginator(c.lambda, &lambda.ListFunctionsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			if fatal := awserr.Fatal(ctx, err); fatal != nil {
				return fatal
			}
			cell.Gap(model.KindFunction, awserr.Unknown(listFunctions, err))
			return nil
		}
		err = collectors.Each(ctx, parallel, page.Functions, func(ctx context.Context, f types.FunctionConfiguration) error {
			return c.emit(ctx, cell, &f)
		})
		if err != nil {
			return err
		}
	}
	cell.Listed(model.KindFunction)
	return nil
}

func (c *Collector) emit(ctx context.Context, cell *collectors.Cell, f *types.FunctionConfiguration) error {
	// Listed without FunctionVersion, a function has its unqualified ARN.
	arn := aws.ToString(f.FunctionArn)
	body := &model.Function{
		Name:           given(f.FunctionName),
		Runtime:        runtime(f.Runtime),
		TimeoutSeconds: seconds(f.Timeout),
		Role:           given(f.Role),
		VPC:            model.Known(f.VpcConfig != nil && aws.ToString(f.VpcConfig.VpcId) != ""),
		EnvCredentials: c.environment(f.Environment, listFunctions),
	}
	if err := c.rotation(ctx, cell, arn, body); err != nil {
		return err
	}
	return cell.Emit(&model.Resource{ID: cell.ID(model.KindFunction, arn), Name: aws.ToString(f.FunctionName), Body: body})
}

// runtime is absent for container images, the only functions without one.
func runtime(r types.Runtime) model.Value[string] {
	if r == "" {
		return model.None[string]()
	}
	return model.Known(string(r))
}

func seconds(n *int32) model.Value[int] {
	if n == nil {
		return model.Value[int]{}
	}
	return model.Known(int(*n))
}

// given is a member that AWS always sends; were it missing, it is unknown.
func given(s *string) model.Value[string] {
	if s == nil {
		return model.Value[string]{}
	}
	return model.Known(*s)
}
