package lambda

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// rotation fills what is asked of rotation functions only; of others these
// attributes are absent, which saves two calls for each. Whether a function is
// one is unknown while secrets could not all be listed.
func (c *Collector) rotation(ctx context.Context, cell *collectors.Cell, arn string, body *model.Function) error {
	if !cell.Referenced(model.KindFunction, arn) {
		if why, incomplete := cell.GapOf(model.KindSecret); incomplete {
			body.RotationFunction = model.Missing[bool](why)
			setAll(body, model.Missing[string](why), model.Missing[[]string](why))
			return nil
		}
		body.RotationFunction = model.Known(false)
		setAll(body, model.None[string](), model.None[[]string]())
		return nil
	}
	body.RotationFunction = model.Known(true)
	names := cell.CalledAs(arn)
	if len(names) == 0 {
		names = []string{arn}
	}
	if err := c.versions(ctx, arn, names, body); err != nil {
		return err
	}
	if len(names) > 1 || latest(names[0]) {
		// One row cannot say what holds of each.
		why := model.Unknown{Reason: model.ReasonNotCollected, Detail: "secrets name it in different ways: " + strings.Join(names, ", ")}
		body.State, body.StateReason, body.LastUpdateStatus = model.Missing[string](why), model.Missing[string](why), model.Missing[string](why)
		body.InvokeSources = model.Missing[[]string](why)
		body.Runtime, body.TimeoutSeconds = model.Missing[string](why), model.Missing[int](why)
		return nil
	}
	return c.policy(ctx, cell, names[0], body)
}

func latest(name string) bool { return collectors.Qualifier(name) == "$LATEST" }

// setAll fills what only rotation functions have.
func setAll(body *model.Function, s model.Value[string], list model.Value[[]string]) {
	body.State, body.StateReason, body.LastUpdateStatus, body.InvokeSources, body.MissingQualifiers = s, s, s, list, list
}

// versions reads the function by each name that secrets have for it. Those with a
// version or alias that does not exist are missing.
func (c *Collector) versions(ctx context.Context, arn string, names []string, body *model.Function) error {
	missing, unread := []string{}, (*model.Unknown)(nil)
	for _, as := range names {
		if latest(as) || as == arn && len(names) > 1 {
			continue // it is there, and the list has told the rest
		}
		err := c.state(ctx, arn, as, body)
		switch {
		case err == nil:
		case awserr.Fatal(ctx, err) != nil:
			return awserr.Fatal(ctx, err)
		case as == arn:
		case awserr.Code(err) == "ResourceNotFoundException":
			missing = append(missing, collectors.Qualifier(as))
		default:
			why := awserr.Unknown(getConfiguration, err)
			unread = &why
			body.EnvCredentials = alsoUnread(body.EnvCredentials, why)
		}
	}
	body.MissingQualifiers = model.Known(missing)
	if unread != nil {
		body.MissingQualifiers = model.Missing[[]string](*unread)
	}
	return nil
}

// state reads what the list does not have: State, StateReason and
// LastUpdateStatus (Lambda API Reference, ListFunctions). Of a version or alias it
// reads the runtime, timeout and variables too, as the list tells those of $LATEST.
func (c *Collector) state(ctx context.Context, arn, as string, body *model.Function) error {
	out, err := c.lambda.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: aws.String(as)})
	if err != nil {
		why := awserr.Unknown(getConfiguration, err)
		text := model.Missing[string](why)
		body.State, body.StateReason, body.LastUpdateStatus = text, text, text
		if as != arn {
			body.Runtime, body.TimeoutSeconds = text, model.Missing[int](why)
		}
		return err
	}
	if as != arn {
		body.Runtime, body.TimeoutSeconds = runtime(out.Runtime), seconds(out.Timeout)
		body.EnvCredentials = c.also(body.EnvCredentials, collectors.Qualifier(as), out.Environment)
	}
	if out.State != "" {
		body.State = model.Known(string(out.State))
	}
	if out.LastUpdateStatus != "" {
		body.LastUpdateStatus = model.Known(string(out.LastUpdateStatus))
	}
	body.StateReason = model.KnownOrNone(out.StateReason)
	return nil
}

// policy reads for which secrets the resource policy lets Secrets Manager
// invoke the function. A version or alias that does not exist has no policy.
func (c *Collector) policy(ctx context.Context, cell *collectors.Cell, arn string, body *model.Function) error {
	out, err := c.lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: aws.String(arn)})
	switch {
	case err != nil && awserr.Code(err) == "ResourceNotFoundException":
		body.InvokeSources = model.Known([]string{}) // it has no policy, so nobody but the account may
		return nil
	case err != nil:
		body.InvokeSources = model.Missing[[]string](awserr.Unknown(getPolicy, err))
		return awserr.Fatal(ctx, err)
	}
	sources, err := iampolicy.ServiceSources(aws.ToString(out.Policy), "secretsmanager.amazonaws.com", "lambda:InvokeFunction", cell.Account)
	if err != nil {
		body.InvokeSources = model.Missing[[]string](model.Unknown{Reason: model.ReasonFailed, Action: getPolicy, Detail: err.Error()})
		return nil
	}
	body.InvokeSources = model.Known(sources)
	return nil
}
