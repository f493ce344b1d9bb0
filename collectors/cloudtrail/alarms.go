package cloudtrail

import (
	"context"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	alarmtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/keyproof/keyproof/internal/alerts"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// filterList is what was read of the metric filters of a log group.
type filterList struct {
	region string
	list   []logtypes.MetricFilter
	why    *model.Unknown // the list is not complete
}

func (r *alertReader) filters(ctx context.Context, region, group string) (*filterList, error) {
	if have := r.filtersOf[region+" "+group]; have != nil {
		return have, nil
	}
	l := &filterList{region: region}
	pages := cloudwatchlogs.NewDescribeMetricFiltersPaginator(r.clients.filters, &cloudwatchlogs.DescribeMetricFiltersInput{LogGroupName: &group})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx, func(o *cloudwatchlogs.Options) { o.Region = region })
		if err != nil {
			if fatal := awserr.Fatal(ctx, err); fatal != nil {
				return nil, fatal
			}
			if awserr.Code(err) != "ResourceNotFoundException" { // no group, no filter
				why := awserr.Unknown(describeFilters, err)
				l.why = &why
			}
			break
		}
		l.list = append(l.list, page.MetricFilters...)
	}
	r.filtersOf[region+" "+group] = l
	return l, nil
}

// report says whether one of the filters counts the event in a metric on which
// an alarm acts.
func (l *filterList) report(ctx context.Context, r *alertReader, e alerts.Event) (model.Value[bool], error) {
	answer := model.Known(false)
	if l.why != nil {
		answer = model.Missing[bool](*l.why)
	}
	for _, f := range l.list {
		// Criteria narrow the events further by account and region.
		if aws.ToString(f.FieldSelectionCriteria) != "" || !alerts.Filter(aws.ToString(f.FilterPattern), e) {
			continue
		}
		alarms, err := r.alarms(ctx, l.region)
		if err != nil {
			return answer, err
		}
		for _, m := range f.MetricTransformations {
			answer = either(answer, alarms.on(&m))
		}
	}
	return answer, nil
}

// alarmList is what was read of the alarms of a region.
type alarmList struct {
	metric    []alarmtypes.MetricAlarm
	composite []alarmtypes.CompositeAlarm
	why       *model.Unknown // the list is not complete
}

// alarms lists them all: DescribeAlarmsForMetric leaves out those that
// calculate with the metric, and composite ones (CloudWatch API Reference).
func (r *alertReader) alarms(ctx context.Context, region string) (*alarmList, error) {
	if have := r.alarmsOf[region]; have != nil {
		return have, nil
	}
	l := &alarmList{}
	pages := cloudwatch.NewDescribeAlarmsPaginator(r.clients.alarms, &cloudwatch.DescribeAlarmsInput{
		AlarmTypes: []alarmtypes.AlarmType{alarmtypes.AlarmTypeMetricAlarm, alarmtypes.AlarmTypeCompositeAlarm}, MaxRecords: aws.Int32(100),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx, func(o *cloudwatch.Options) { o.Region = region })
		if err != nil {
			if fatal := awserr.Fatal(ctx, err); fatal != nil {
				return nil, fatal
			}
			why := awserr.Unknown(describeAlarms, err)
			l.why = &why
			break
		}
		l.metric, l.composite = append(l.metric, page.MetricAlarms...), append(l.composite, page.CompositeAlarms...)
	}
	r.alarmsOf[region] = l
	return l, nil
}

// on says whether an alarm that watches the filter's metric does something when it
// goes off: by itself, or as one of the alarms of a composite one.
func (l *alarmList) on(m *logtypes.MetricTransformation) model.Value[bool] {
	answer := model.Known(false)
	if l.why != nil {
		answer = model.Missing[bool](*l.why)
	}
	for _, a := range l.metric {
		by := watches(&a, m)
		if out(by) { // most alarms: not asked whether they act
			continue
		}
		if acts(a.ActionsEnabled, a.AlarmActions) || l.composes(aws.ToString(a.AlarmName), aws.ToString(a.AlarmArn)) {
			answer = either(answer, by)
		}
	}
	return answer
}

// acts: actions are enabled unless somebody disabled them (PutMetricAlarm).
func acts(enabled *bool, actions []string) bool {
	return len(actions) > 0 && (enabled == nil || *enabled)
}

// A composite alarm's rule is of the states of alarms, each by its name or ARN in
// quotes or without, and of operators (PutCompositeAlarm, AlarmRule).
var (
	inAlarm = regexp.MustCompile(`^\s*ALARM\(\s*(?:"([^"]*)"|([^\s"()]*))\s*\)\s*$`)
	orElse  = regexp.MustCompile(`\s+OR\s+`)
)

// composes says whether a composite alarm that acts goes off whenever the alarm
// does: one whose rule is of alarms with OR between them, and names it.
func (l *alarmList) composes(name, arn string) bool {
	for _, c := range l.composite {
		if !acts(c.ActionsEnabled, c.AlarmActions) {
			continue
		}
		named := false
		for _, part := range orElse.Split(aws.ToString(c.AlarmRule), -1) {
			m := inAlarm.FindStringSubmatch(part)
			if m == nil {
				named = false
				break
			}
			of := m[1] + m[2] // in quotes or without
			named = named || of == name || of == arn
		}
		if named {
			return true
		}
	}
	return false
}
