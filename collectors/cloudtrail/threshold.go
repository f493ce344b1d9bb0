package cloudtrail

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	alarmtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/keyproof/keyproof/model"
)

// watches says whether an alarm goes off when the filter counts a single event:
// one deletion is enough to be told of. What an alarm that calculates with the
// metric makes of one event is not worked out, and unknown.
func watches(a *alarmtypes.MetricAlarm, m *logtypes.MetricTransformation) model.Value[bool] {
	if len(m.Dimensions) > 0 {
		// Each value of a dimension is a metric of its own, and CloudWatch does
		// not add up those of custom metrics (User Guide, "Dimensions").
		return model.Known(false)
	}
	if len(a.Metrics) == 0 {
		is := aws.ToString(a.Namespace) == aws.ToString(m.MetricNamespace) && aws.ToString(a.MetricName) == aws.ToString(m.MetricName)
		return model.Known(is && len(a.Dimensions) == 0 && sameUnit(a.Unit, m.Unit) && crossed(a, string(a.Statistic), m))
	}
	// A query of Metrics Insights names the metric in its text.
	selects := regexp.MustCompile(`(?is)^\s*SELECT\b.*\b` + regexp.QuoteMeta(aws.ToString(m.MetricName)) + `\b`)
	math, found, stat := false, false, ""
	for _, q := range a.Metrics {
		math = math || aws.ToString(q.Expression) != ""
		found = found || selects.MatchString(aws.ToString(q.Expression))
		if s := q.MetricStat; s != nil && s.Metric != nil && ownMetric(a, q.AccountId) && len(s.Metric.Dimensions) == 0 && sameUnit(s.Unit, m.Unit) &&
			aws.ToString(s.Metric.Namespace) == aws.ToString(m.MetricNamespace) && aws.ToString(s.Metric.MetricName) == aws.ToString(m.MetricName) {
			found, stat = true, aws.ToString(s.Stat)
		}
	}
	if found && math {
		return model.Missing[bool](model.Unknown{Reason: model.ReasonNotCollected,
			Detail: "whether alarm " + aws.ToString(a.AlarmName) + " goes off at one event, since it calculates with the metric"})
	}
	return model.Known(found && crossed(a, stat, m))
}

// ownMetric: a query may be of a metric of another account (MetricDataQuery,
// AccountId), where the filter does not count.
func ownMetric(a *alarmtypes.MetricAlarm, account *string) bool {
	return aws.ToString(account) == "" || strings.Contains(aws.ToString(a.AlarmArn), ":"+*account+":")
}

// sameUnit: an alarm that names a unit sees no data of another (MetricAlarm,
// Unit); a filter that names none publishes "None".
func sameUnit(alarm alarmtypes.StandardUnit, filter logtypes.StandardUnit) bool {
	published := string(filter)
	if published == "" {
		published = string(alarmtypes.StandardUnitNone)
	}
	return alarm == "" || string(alarm) == published
}

// crossed says whether one event in one period crosses the alarm's threshold. An
// alarm without a fixed one looks for what is unusual, and one that waits for
// several periods does not go off at the first. Actions follow when an alarm goes
// "to the ALARM state from any other state" (MetricAlarm, AlarmActions): one that
// is in it while nothing happens has nothing more to say when something does.
func crossed(a *alarmtypes.MetricAlarm, statistic string, m *logtypes.MetricTransformation) bool {
	periods := aws.ToInt32(a.EvaluationPeriods)
	if a.DatapointsToAlarm != nil {
		periods = *a.DatapointsToAlarm
	}
	value, err := strconv.ParseFloat(aws.ToString(m.MetricValue), 64)
	if err != nil || a.Threshold == nil || periods > 1 {
		return false // a value that is taken out of the event is not known
	}
	idle := m.DefaultValue // what minutes without an event count as; nil: they have no data
	if idle == nil && aws.ToString(a.TreatMissingData) == "breaching" {
		return false
	}
	switch statistic {
	case "Sum", "Maximum":
	case "SampleCount":
		if idle != nil {
			return false // they count as much as an event
		}
		value = 1
	default: // they count too
		if aws.ToString(a.EvaluateLowSampleCountPercentile) == "ignore" {
			return false // "the alarm state does not change during periods with too few data points" (PutMetricAlarm)
		}
		if idle != nil {
			value = min(value, *idle)
		}
	}
	return over(a, value) && (idle == nil || !over(a, *idle))
}

func over(a *alarmtypes.MetricAlarm, value float64) bool {
	switch a.ComparisonOperator {
	case alarmtypes.ComparisonOperatorGreaterThanOrEqualToThreshold:
		return value >= *a.Threshold
	case alarmtypes.ComparisonOperatorGreaterThanThreshold:
		return value > *a.Threshold
	default:
		return false // it goes off when nothing happens
	}
}
