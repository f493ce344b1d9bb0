package cloudtrail

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	alarmtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/model"
)

// TestWatches: an alarm counts if the first event sets it off.
func TestWatches(t *testing.T) {
	type alarm = alarmtypes.MetricAlarm
	type filter = logtypes.MetricTransformation
	dimension := []alarmtypes.Dimension{{Name: aws.String("user"), Value: aws.String("ada")}}
	query := func(change func(*alarmtypes.MetricDataQuery)) func(*alarm, *filter) {
		return func(a *alarm, _ *filter) {
			q := alarmtypes.MetricDataQuery{MetricStat: &alarmtypes.MetricStat{
				Stat: aws.String("Sum"), Metric: &alarmtypes.Metric{Namespace: a.Namespace, MetricName: a.MetricName},
			}}
			a.Namespace, a.MetricName, a.Statistic = nil, nil, ""
			change(&q)
			a.Metrics = []alarmtypes.MetricDataQuery{q}
		}
	}
	for _, c := range []struct {
		name   string
		change func(*alarm, *filter)
		want   bool
	}{
		{"sum of at least one", func(*alarm, *filter) {}, true},
		{"more than none", func(a *alarm, _ *filter) {
			a.ComparisonOperator, a.Threshold = alarmtypes.ComparisonOperatorGreaterThanThreshold, aws.Float64(0)
		}, true},
		{"more than one", func(a *alarm, _ *filter) {
			a.ComparisonOperator = alarmtypes.ComparisonOperatorGreaterThanThreshold
		}, false},
		{"five", func(a *alarm, _ *filter) { a.Threshold = aws.Float64(5) }, false},
		{"five, each counted as ten", func(a *alarm, f *filter) { a.Threshold, f.MetricValue = aws.Float64(5), aws.String("10") }, true},
		{"how many, each counted as ten", func(a *alarm, f *filter) {
			a.Statistic, a.Threshold, f.MetricValue = alarmtypes.StatisticSampleCount, aws.Float64(5), aws.String("10")
		}, false},
		{"a value out of the event", func(_ *alarm, f *filter) { f.MetricValue = aws.String("$.x") }, false},
		{"fewer than one", func(a *alarm, _ *filter) {
			a.ComparisonOperator = alarmtypes.ComparisonOperatorLessThanThreshold
		}, false},
		{"an anomaly", func(a *alarm, _ *filter) { a.Threshold, a.ThresholdMetricId = nil, aws.String("e1") }, false},
		{"three periods", func(a *alarm, _ *filter) { a.EvaluationPeriods = aws.Int32(3) }, false},
		{"one of three periods", func(a *alarm, _ *filter) { a.EvaluationPeriods, a.DatapointsToAlarm = aws.Int32(3), aws.Int32(1) }, true},
		{"average", func(a *alarm, _ *filter) { a.Statistic = alarmtypes.StatisticAverage }, true},
		{"average over minutes of nothing", func(a *alarm, f *filter) {
			a.Statistic, f.DefaultValue = alarmtypes.StatisticAverage, aws.Float64(0)
		}, false},
		{"a percentile", func(a *alarm, _ *filter) { a.Statistic, a.ExtendedStatistic = "", aws.String("p90") }, true},
		{"a percentile of many", func(a *alarm, _ *filter) {
			a.Statistic, a.ExtendedStatistic, a.EvaluateLowSampleCountPercentile = "", aws.String("p90"), aws.String("ignore")
		}, false},
		{"sum with minutes of nothing", func(_ *alarm, f *filter) { f.DefaultValue = aws.Float64(0) }, true},
		{"at its threshold without an event", func(a *alarm, f *filter) { a.Threshold, f.DefaultValue = aws.Float64(0), aws.Float64(0) }, false},
		{"minutes without an event over its threshold", func(a *alarm, _ *filter) { a.TreatMissingData = aws.String("breaching") }, false},
		{"minutes without an event within its threshold", func(a *alarm, _ *filter) { a.TreatMissingData = aws.String("notBreaching") }, true},
		{"a value for minutes without an event", func(a *alarm, f *filter) {
			a.TreatMissingData, f.DefaultValue = aws.String("breaching"), aws.Float64(0)
		}, true},
		{"how many, minutes of nothing included", func(a *alarm, f *filter) {
			a.Statistic, f.DefaultValue = alarmtypes.StatisticSampleCount, aws.Float64(0)
		}, false},
		{"another metric", func(a *alarm, _ *filter) { a.MetricName = aws.String("n") }, false},
		{"a dimension of the alarm", func(a *alarm, _ *filter) { a.Dimensions = dimension }, false},
		{"a dimension of the filter", func(a *alarm, f *filter) {
			a.Dimensions, f.Dimensions = dimension, map[string]string{"user": "$.userIdentity.userName"}
		}, false},
		{"another unit", func(a *alarm, _ *filter) { a.Unit = alarmtypes.StandardUnitCount }, false},
		{"the filter's unit", func(a *alarm, f *filter) {
			a.Unit, f.Unit = alarmtypes.StandardUnitCount, logtypes.StandardUnitCount
		}, true},
		{"the metric as a query", query(func(*alarmtypes.MetricDataQuery) {}), true},
		{"the metric of another account", query(func(q *alarmtypes.MetricDataQuery) { q.AccountId = aws.String("444455556666") }), false},
		{"the metric of its own account", func(a *alarm, f *filter) {
			a.AlarmArn = aws.String("arn:aws:cloudwatch:us-east-1:111122223333:alarm:a")
			query(func(q *alarmtypes.MetricDataQuery) { q.AccountId = aws.String("111122223333") })(a, f)
		}, true},
		{"a query with a dimension", query(func(q *alarmtypes.MetricDataQuery) { q.MetricStat.Metric.Dimensions = dimension }), false},
		{"a query of another metric", query(func(q *alarmtypes.MetricDataQuery) { q.MetricStat.Metric.MetricName = aws.String("n") }), false},
	} {
		a := &alarm{
			Namespace: aws.String("trail"), MetricName: aws.String("m"), Statistic: alarmtypes.StatisticSum, EvaluationPeriods: aws.Int32(1),
			ComparisonOperator: alarmtypes.ComparisonOperatorGreaterThanOrEqualToThreshold, Threshold: aws.Float64(1),
		}
		f := &filter{MetricNamespace: aws.String("trail"), MetricName: aws.String("m"), MetricValue: aws.String("1")}
		c.change(a, f)
		assert.Equal(t, model.Known(c.want), watches(a, f), c.name)
	}

	a := &alarm{AlarmName: aws.String("math"), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1),
		ComparisonOperator: alarmtypes.ComparisonOperatorGreaterThanOrEqualToThreshold, ActionsEnabled: aws.Bool(true), AlarmActions: []string{"arn:topic"}}
	f := &filter{MetricNamespace: aws.String("trail"), MetricName: aws.String("m"), MetricValue: aws.String("1")}
	of := func(name string) alarmtypes.MetricDataQuery {
		return alarmtypes.MetricDataQuery{Id: aws.String("m1"), MetricStat: &alarmtypes.MetricStat{
			Stat: aws.String("Sum"), Metric: &alarmtypes.Metric{Namespace: aws.String("trail"), MetricName: aws.String(name)},
		}}
	}
	expression := alarmtypes.MetricDataQuery{Id: aws.String("e1"), Expression: aws.String("IF(m1 > 100, 1, 0)")}
	a.Metrics = []alarmtypes.MetricDataQuery{of("m"), expression}
	l := &alarmList{metric: []alarmtypes.MetricAlarm{*a}}
	assert.Equal(t, "not collected: whether alarm math goes off at one event, since it calculates with the metric", l.on(f).Why().String())
	a.Metrics[0] = of("n")
	assert.Equal(t, model.Known(false), watches(a, f), "it calculates with another metric")
	a.Metrics = []alarmtypes.MetricDataQuery{{Id: aws.String("q1"), Expression: aws.String(`SELECT SUM(m) FROM "trail"`)}}
	assert.Equal(t, "not collected: whether alarm math goes off at one event, since it calculates with the metric", watches(a, f).Why().String(), "a query of Metrics Insights")
	a.Metrics[0].Expression = aws.String(`SELECT SUM(n) FROM "trail"`)
	assert.Equal(t, model.Known(false), watches(a, f), "of another metric")
	a.Metrics = []alarmtypes.MetricDataQuery{of("m")}
	l.metric = append(l.metric, *a)
	assert.Equal(t, model.Known(true), l.on(f), "another alarm is sure to go off")
	l.metric[0].ActionsEnabled, l.metric = aws.Bool(false), l.metric[:1]
	assert.Equal(t, model.Known(false), l.on(f), "it tells nobody")
}
