package cloudtrail_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/testaccount"
	"github.com/keyproof/keyproof/internal/alerts"
	"github.com/keyproof/keyproof/model"
)

const sns = `["arn:aws:sns:us-east-1:111122223333:ops"]`

// everything is a filter pattern and an event pattern that match all that is
// watched, in a form that no peer's text comparison knows.
func everything() (filter, event string) {
	var names []string
	for _, e := range alerts.Watched() {
		names = append(names, e.Name)
	}
	filter = `{ ($.eventName = "` + strings.Join(names, `") || ($.eventName = "`) + `") }`
	event = `{"detail-type": ["AWS API Call via CloudTrail"], "detail": {"eventName": ["` + strings.Join(names, `", "`) + `"]}}`
	return filter, event
}

func all() []string {
	var names []string
	for _, e := range alerts.Watched() {
		names = append(names, e.String())
	}
	return names
}

// region is a region with a trail, a filter on its log group, alarms and rules.
func region(trail, filter, alarms, rules string) string {
	return fmt.Sprintf(`us-east-1:
  buckets: [{name: b}]
  trails: [{name: t, bucket: b, multi_region: true, log_group: trail%s}]
  log_groups: [{name: trail, filters: [{name: f, metric: m%s}]}]
  alarms: [%s]
  event_rules: [%s]
eu-west-1: {}
`, trail, filter, alarms, rules)
}

func quote(s string) string { return "'" + s + "'" }

// reported is a region where every call of the collector is made.
var reported = func() string {
	filter, event := everything()
	return region("", ", pattern: "+quote(filter), "{name: a, metric: m}", "{name: r, pattern: "+quote(event)+", targets: "+sns+"}")
}()

func TestUnalerted(t *testing.T) {
	filter, event := everything()
	pattern := ", pattern: " + quote(filter)
	acting := "{name: a, metric: m, actions: " + sns + "}"
	rule := "{name: r, pattern: " + quote(event) + ", targets: " + sns + "}"
	none := []string{}
	var keyEvents, secretEvents []string
	for _, name := range all() {
		if strings.HasPrefix(name, "kms:") {
			keyEvents = append(keyEvents, name)
		}
		if strings.HasPrefix(name, "secretsmanager:") {
			secretEvents = append(secretEvents, name)
		}
	}
	for _, c := range []struct {
		name, file string
		want       []string
	}{
		{"alarm", region("", pattern, acting, ""), none},
		{"rule", region("", "", "", rule), none},
		{"nothing", region("", "", "", ""), all()},
		{"alarm without an action (prowler cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk passes it)", region("", pattern, "{name: a, metric: m}", ""), all()},
		{"actions disabled", region("", pattern, "{name: a, metric: m, actions: "+sns+", actions_disabled: true}", ""), all()},
		{"alarm on the filter's name, not its metric (trivy AWS-0153 compares these)", region("", pattern, "{name: a, metric: f, actions: "+sns+"}", ""), all()},
		{"another namespace", region("", pattern, "{name: a, metric: m, namespace: Other, actions: "+sns+"}", ""), all()},
		{"alarm that waits for five", region("", pattern, "{name: a, metric: m, threshold: 5, actions: "+sns+"}", ""), all()},
		{"metric math without an action", region("", pattern, "{name: a, metric: m, math: true}", ""), all()},
		{"composite", region("", pattern, `{name: a, metric: m}, {name: c, rule: 'ALARM("x") OR ALARM("a")', actions: `+sns+"}", ""), none},
		{"composite that needs two", region("", pattern, `{name: a, metric: m}, {name: c, rule: 'ALARM("x") AND ALARM("a")', actions: `+sns+"}", ""), all()},
		{"composite that needs another one beside any of three", region("", pattern, `{name: a, metric: m}, {name: c, rule: 'ALARM("x") AND (ALARM("b") OR ALARM("a") OR ALARM("c"))', actions: `+sns+"}", ""), all()},
		{"composite without quotes", region("", pattern, `{name: a, metric: m}, {name: c, rule: 'ALARM(x) OR ALARM( a )', actions: `+sns+"}", ""), none},
		{"composite on two lines", region("", pattern, `{name: a, metric: m}, {name: c, rule: "ALARM(x) OR\nALARM(a)\n", actions: `+sns+"}", ""), none},
		{"composite without an action", region("", pattern, `{name: a, metric: m}, {name: c, rule: 'ALARM("a")'}`, ""), all()},
		{"composite of others", region("", pattern, `{name: a, metric: m}, {name: c, rule: 'ALARM("b")', actions: `+sns+"}", ""), all()},
		{"filter of one account's events", region("", pattern+", field_selection: '@aws.account = 1'", acting, ""), all()},
		{"rule without a target", region("", "", "", "{name: r, pattern: "+quote(event)+"}"), all()},
		{"rule that is disabled", region("", "", "", "{name: r, pattern: "+quote(event)+", state: DISABLED, targets: "+sns+"}"), all()},
		{"nothing records", region(", stopped: 1d", pattern, acting, rule), all()},
		{"reads only", region(", selectors: [{read_write: ReadOnly}]", pattern, acting, rule), all()},
		{"key events left out of reads only", region(", selectors: [{read_write: ReadOnly, exclude: [kms.amazonaws.com]}, {read_write: WriteOnly}]", pattern, acting, rule), none},
		{"key events left out of writes only", region(", selectors: [{read_write: ReadOnly}, {read_write: WriteOnly, exclude: [kms.amazonaws.com]}]", pattern, acting, rule), keyEvents},
		{"key events left out", region(", selectors: [{exclude: [kms.amazonaws.com]}]", pattern, acting, rule), keyEvents},
		{"a rule for one service, an alarm for the others", region("", ", pattern: '{ $.eventSource != secretsmanager.amazonaws.com }'", acting, `{name: r, pattern: '{"source": ["aws.secretsmanager"]}', targets: `+sns+"}"), none},
		{"an alarm for all but one service", region("", ", pattern: '{ $.eventSource != secretsmanager.amazonaws.com }'", acting, ""), secretEvents},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := serve(t, c.file)
			s, _ := w.trails(collectors.CellID{})
			assert.Equal(t, model.Known(c.want), accountOf(t, s, testaccount.Here).UnalertedEvents)
		})
	}
	t.Run("metric math", func(t *testing.T) {
		s, _ := serve(t, region("", pattern, "{name: a, metric: m, math: true, actions: "+sns+"}", "")).trails(collectors.CellID{})
		why := accountOf(t, s, testaccount.Here).UnalertedEvents.Why()
		assert.Equal(t, "not collected: whether alarm a goes off at one event, since it calculates with the metric", why.String())
	})
}

// TestAlertedElsewhere: the alarm on a trail of all regions speaks for all of
// them, a rule for its own region only; trails change in their home region.
func TestAlertedElsewhere(t *testing.T) {
	filter, event := everything()
	in := collectors.CellID{Region: testaccount.Ireland}
	w := serve(t, region("", ", pattern: "+quote(filter), "{name: a, metric: m, actions: "+sns+"}", ""))
	s, _ := w.trails(in)
	assert.Equal(t, model.Known([]string{}), accountOf(t, s, testaccount.Here).UnalertedEvents)

	w = serve(t, region("", "", "", "{name: r, pattern: "+quote(event)+", targets: "+sns+"}"))
	s, _ = w.trails(in)
	got, ok := accountOf(t, s, testaccount.Here).UnalertedEvents.Get()
	require.True(t, ok)
	assert.Contains(t, got, "kms:ScheduleKeyDeletion")
	assert.NotContains(t, got, "cloudtrail:DeleteTrail")
}

// TestAlertsDenied: what may report an event, and could not be read, is unknown;
// what is reported in another way is known.
func TestAlertsDenied(t *testing.T) {
	filter, event := everything()
	pattern := ", pattern: " + quote(filter)
	acting := "{name: a, metric: m, actions: " + sns + "}"
	rule := "{name: r, pattern: " + quote(event) + ", targets: " + sns + "}"
	for _, c := range []struct{ service, operation, bad, good string }{
		{"logs", "DescribeMetricFilters", region("", pattern, acting, ""), region("", pattern, acting, rule)},
		{"cloudwatch", "DescribeAlarms", region("", pattern, acting, ""), region("", pattern, acting, rule)},
		{"events", "ListRules", region("", "", "", rule), region("", pattern, acting, rule)},
		{"events", "ListTargetsByRule", region("", "", "", rule), region("", pattern, acting, rule)},
		{"cloudtrail", "GetTrailStatus", region("", pattern, acting, rule), ""},
		{"cloudtrail", "GetEventSelectors", region("", pattern, acting, rule), ""},
	} {
		w := serve(t, c.bad)
		w.Deny(c.service, c.operation)
		s, _ := w.trails(collectors.CellID{})
		assert.Equal(t, testaccount.Denied(c.service+":"+c.operation), accountOf(t, s, testaccount.Here).UnalertedEvents.Why())
		if c.good != "" {
			w = serve(t, c.good)
			w.Deny(c.service, c.operation)
			s, _ = w.trails(collectors.CellID{})
			assert.Equal(t, model.Known([]string{}), accountOf(t, s, testaccount.Here).UnalertedEvents, c.operation)
		}
	}
}

// TestMemberOfOrganization: the log group of an organization's trail is in
// another account, where alarms may be. prowler fails the members (its issue
// 2438), and steampipe log_metric_filter_disable_or_delete_cmk too.
func TestMemberOfOrganization(t *testing.T) {
	_, event := everything()
	const file = `organization: {id: o-example, management: "444455556666"}
accounts:
  - id: "111122223333"
    credentials: [{access_key: A1, secret_key: x, principal: user/scanner}]
    regions:
      us-east-1: {event_rules: [%s]}
  - id: "444455556666"
    credentials: [{access_key: A2, secret_key: x, principal: user/scanner}]
    regions:
      us-east-1:
        trails: [{name: everyone, bucket: b, organization: true, multi_region: true, log_group: everyone}]
`
	s, _ := serveFile(t, fmt.Sprintf(file, "")).trails(collectors.CellID{})
	why := accountOf(t, s, testaccount.Here).UnalertedEvents.Why()
	assert.Equal(t, model.ReasonNotCollected, why.Reason)
	assert.Contains(t, why.Detail, "log group of account 444455556666")

	s, _ = serveFile(t, fmt.Sprintf(file, "{name: r, pattern: "+quote(event)+", targets: "+sns+"}")).trails(collectors.CellID{})
	assert.Equal(t, model.Known([]string{}), accountOf(t, s, testaccount.Here).UnalertedEvents)
}

func TestNoTrailNoAlert(t *testing.T) {
	w := serve(t, "us-east-1: {}")
	s, _ := w.trails(collectors.CellID{})
	got, _ := accountOf(t, s, testaccount.Here).UnalertedEvents.Get()
	assert.Len(t, got, 6, "all but those of trails")
	assert.Equal(t, map[string]int{"cloudtrail:DescribeTrails": 1}, w.Calls(), "nothing else is asked for")
}
