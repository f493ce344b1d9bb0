package cloudtrail

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/alerts"
	"github.com/keyproof/keyproof/model"
)

const (
	describeFilters = "logs:DescribeMetricFilters"
	describeAlarms  = "cloudwatch:DescribeAlarms"
	listRules       = "events:ListRules"
	listTargets     = "events:ListTargetsByRule"
)

// ruleClient lists the calls made to EventBridge.
type ruleClient interface {
	ListRules(context.Context, *eventbridge.ListRulesInput, ...func(*eventbridge.Options)) (*eventbridge.ListRulesOutput, error)
	ListTargetsByRule(context.Context, *eventbridge.ListTargetsByRuleInput, ...func(*eventbridge.Options)) (*eventbridge.ListTargetsByRuleOutput, error)
}

type alertClients struct {
	filters cloudwatchlogs.DescribeMetricFiltersAPIClient
	alarms  cloudwatch.DescribeAlarmsAPIClient
	rules   ruleClient
}

func newAlertClients(cfg aws.Config) alertClients {
	return alertClients{cloudwatchlogs.NewFromConfig(cfg), cloudwatch.NewFromConfig(cfg), eventbridge.NewFromConfig(cfg)}
}

// unalerted returns the watched events of which nobody is told when they happen
// in this region. An event is reported in one of two ways:
//
//   - a trail sends it to a log group, a metric filter counts it there and an
//     alarm on the metric does something;
//   - a rule on the default event bus of the region matches it and has a target.
//     EventBridge gets the event only if a trail records it.
func (c *Collector) unalerted(ctx context.Context, cell *collectors.Cell, trails []*model.Trail, keyWrites map[*model.Trail]model.Value[bool], own func(*model.Trail) bool) (model.Value[[]string], error) {
	r := &alertReader{clients: c.alerts, cell: cell, keyWrites: keyWrites, alarmsOf: map[string]*alarmList{}, filtersOf: map[string]*filterList{}}
	list := []string{}
	var doubt *model.Unknown
	for _, e := range alerts.Watched() {
		if e.Service == "cloudtrail" && !hasHome(trails, cell.Region, own) {
			continue // a trail is changed in its home region, and there is none here
		}
		v, err := r.alerted(ctx, trails, e)
		if err != nil {
			return model.Value[[]string]{}, err
		}
		is, known := v.Get()
		switch {
		case !known && doubt == nil:
			why := v.Why()
			doubt = &why
		case known && !is:
			list = append(list, e.String())
		}
	}
	if doubt != nil {
		return model.Missing[[]string](*doubt), nil
	}
	return model.Known(list), nil
}

// hasHome says whether one of the account's own trails is kept in the region.
func hasHome(trails []*model.Trail, region string, own func(*model.Trail) bool) bool {
	for _, t := range trails {
		if own(t) && t.HomeRegion.Or(region) == region {
			return true
		}
	}
	return false
}

// alertReader reads what reports events, each thing once and only if an answer
// hangs on it.
type alertReader struct {
	clients   alertClients
	cell      *collectors.Cell
	alarmsOf  map[string]*alarmList  // by region
	filtersOf map[string]*filterList // by ARN of the log group
	bus       *ruleList
	keyWrites map[*model.Trail]model.Value[bool] // whether a trail records the write events of KMS
}

// alerted is Kleene's or over the ways in which an event is reported.
func (r *alertReader) alerted(ctx context.Context, trails []*model.Trail, e alerts.Event) (model.Value[bool], error) {
	recorded, answer := model.Known(false), model.Known(false)
	for _, t := range trails {
		by := r.records(t, e)
		recorded = either(recorded, by)
		if out(by) {
			continue
		}
		alarm, err := r.alarmed(ctx, t, e)
		if err != nil {
			return answer, err
		}
		answer = either(answer, both(by, alarm))
	}
	if is, _ := answer.Get(); is || out(recorded) {
		return answer, nil
	}
	rule, err := r.ruled(ctx, e)
	return either(answer, both(recorded, rule)), err
}

// records says whether a trail records a write event of a service.
func (r *alertReader) records(t *model.Trail, e alerts.Event) model.Value[bool] {
	if e.Service == "kms" {
		return both(t.Logging, r.keyWrites[t])
	}
	return both(t.Logging, t.ManagementWrite)
}

// alarmed says whether an alarm on the trail's log group reports the event.
func (r *alertReader) alarmed(ctx context.Context, t *model.Trail, e alerts.Event) (model.Value[bool], error) {
	group, ok := t.LogGroup.Get()
	_, failing := t.LogGroupError.Get()
	if !ok || failing {
		return model.Known(false), nil
	}
	at, err := arn.Parse(group)
	if err != nil {
		return model.Missing[bool](model.Unknown{Reason: model.ReasonFailed, Detail: "the log group has no ARN: " + group}), nil
	}
	if at.AccountID != r.cell.Account {
		return model.Missing[bool](model.Unknown{
			Reason: model.ReasonNotCollected,
			Detail: "the organization's trail sends events to a log group of account " + at.AccountID + ", whose alarms only that account shows",
		}), nil
	}
	name := strings.TrimSuffix(strings.TrimPrefix(at.Resource, "log-group:"), ":*")
	filters, err := r.filters(ctx, at.Region, name)
	if err != nil {
		return model.Value[bool]{}, err
	}
	return filters.report(ctx, r, e)
}

// out says whether a value is known to be false.
func out(v model.Value[bool]) bool {
	is, known := v.Get()
	return known && !is
}

// both and either are Kleene's and, or.
func both(a, b model.Value[bool]) model.Value[bool]   { return kleene(a, b, false) }
func either(a, b model.Value[bool]) model.Value[bool] { return kleene(a, b, true) }

func kleene(a, b model.Value[bool], decides bool) model.Value[bool] {
	unknown := a
	for _, v := range []model.Value[bool]{b, a} {
		is, known := v.Get()
		if known && is == decides {
			return v
		}
		if !known {
			unknown = v
		}
	}
	return unknown
}
