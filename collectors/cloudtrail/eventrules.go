package cloudtrail

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	ruletypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/keyproof/keyproof/internal/alerts"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// ruleList is what was read of the rules of the default event bus, which is
// where the events of AWS services arrive.
type ruleList struct {
	list    []ruletypes.Rule // the ones that are enabled and have a pattern
	why     *model.Unknown   // the list is not complete
	targets map[string]model.Value[bool]
}

func (r *alertReader) rules(ctx context.Context) (*ruleList, error) {
	if r.bus != nil {
		return r.bus, nil
	}
	r.bus = &ruleList{targets: map[string]model.Value[bool]{}}
	for in := (&eventbridge.ListRulesInput{}); ; {
		out, err := r.clients.rules.ListRules(ctx, in)
		if err != nil {
			why := awserr.Unknown(listRules, err)
			r.bus.why = &why
			return r.bus, awserr.Fatal(ctx, err)
		}
		for _, rule := range out.Rules {
			if rule.State != ruletypes.RuleStateDisabled && aws.ToString(rule.EventPattern) != "" {
				r.bus.list = append(r.bus.list, rule)
			}
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return r.bus, nil
		}
	}
}

// ruled says whether a rule with a target matches the event.
func (r *alertReader) ruled(ctx context.Context, e alerts.Event) (model.Value[bool], error) {
	bus, err := r.rules(ctx)
	if err != nil {
		return model.Value[bool]{}, err
	}
	answer := model.Known(false)
	if bus.why != nil {
		answer = model.Missing[bool](*bus.why)
	}
	for _, rule := range bus.list {
		if !alerts.Pattern(aws.ToString(rule.EventPattern), e, r.cell.Account, r.cell.Region) {
			continue
		}
		to, err := r.target(ctx, bus, aws.ToString(rule.Name))
		if err != nil {
			return answer, err
		}
		answer = either(answer, to)
	}
	return answer, nil
}

// target says whether a rule has one: without it nothing happens.
func (r *alertReader) target(ctx context.Context, bus *ruleList, rule string) (model.Value[bool], error) {
	if have, ok := bus.targets[rule]; ok {
		return have, nil
	}
	out, err := r.clients.rules.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: &rule, Limit: aws.Int32(1)})
	if err != nil {
		bus.targets[rule] = model.Missing[bool](awserr.Unknown(listTargets, err))
		return bus.targets[rule], awserr.Fatal(ctx, err)
	}
	bus.targets[rule] = model.Known(len(out.Targets) > 0)
	return bus.targets[rule], nil
}
