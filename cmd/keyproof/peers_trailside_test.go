package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	fixture "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

// peerAccount is an account with the scanner and one region, as text.
func peerAccount(region string) string {
	return "accounts:\n  - id: \"111122223333\"\n    credentials: [{access_key: AKIDPEER, secret_key: x, principal: user/scanner}]\n" +
		"    regions:\n      us-east-1:\n        " + strings.ReplaceAll(strings.TrimSpace(region), "\n", "\n        ") + "\n"
}

const peerTrail = "trails: [{name: t, bucket: logs, multi_region: true, log_group: g}]\n"

// keyFilter is a trail with an alarm that reports what the pattern matches.
func keyFilter(pattern, alarm string) string {
	return peerTrail + "log_groups: [{name: g, filters: [{name: f, metric: m, pattern: '" + pattern + "'}]}]\nalarms: [{name: a, " + alarm + "}]"
}

// TestPeersAroundTrails has an account for each known false result of another
// tool about what stands around trails, and the right verdict.
func TestPeersAroundTrails(t *testing.T) {
	const acts = `metric: m, actions: ["arn:aws:sns:us-east-1:111122223333:ops"]`
	const cis = `{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }`
	for _, c := range []struct {
		check, wrong, account string
		rule                  model.RuleID
		resource              string
		want                  model.Status
	}{
		{
			"prowler cloudtrail_logs_s3_bucket_is_not_publicly_accessible", "does not look at the bucket policy",
			peerAccount(peerTrail + "buckets: [{name: logs, policy_public: true}]"), "CT-007", "t", model.StatusFail,
		},
		{
			"prowler cloudtrail_logs_s3_bucket_is_not_publicly_accessible", "does not look at AuthenticatedUsers",
			peerAccount(peerTrail + "buckets: [{name: logs, acl: [{group: AuthenticatedUsers}]}]"), "CT-007", "t", model.StatusFail,
		},
		{
			"prowler cloudtrail_logs_s3_bucket_is_not_publicly_accessible", "does not look at Block Public Access",
			peerAccount(peerTrail + "buckets: [{name: logs, acl: [{group: AllUsers}], block_public_access: [IgnorePublicAcls]}]"), "CT-007", "t", model.StatusPass,
		},
		{
			"prowler cloudtrail_logs_s3_bucket_is_not_publicly_accessible", "passes a bucket whose ACL it may not read",
			strings.Replace(peerAccount(peerTrail+"buckets: [{name: logs}]"), "    regions:", "    denied: [{action: \"s3:GetBucketAcl\"}]\n    regions:", 1), "CT-007", "t", model.StatusUnknown,
		},
		{
			"prowler cloudtrail_logs_s3_bucket_access_logging_enabled", "right: it leaves a bucket of another account to a person",
			peerAccount(peerTrail) + "  - id: \"444455556666\"\n    regions: {us-east-1: {buckets: [{name: logs}]}}\n", "CT-009", "t", model.StatusUnknown,
		},
		{
			"scoutsuite cloudtrail-no-cloudwatch-integration", "misses a trail that was never integrated",
			peerAccount("trails: [{name: t, bucket: logs}]"), "CT-010", "t", model.StatusFail,
		},
		{
			"prowler cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk", "passes an alarm without an action",
			peerAccount(keyFilter(cis, "metric: m")), "ACC-002", "111122223333", model.StatusFail,
		},
		{
			"prowler cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk", "knows nothing of secrets",
			peerAccount(keyFilter(cis, acts)), "ACC-002", "111122223333", model.StatusFail,
		},
		{
			"steampipe log_metric_filter_disable_or_delete_cmk", "fails clauses in another order, with quotes",
			peerAccount(keyFilter(`{ (($.eventName = "ScheduleKeyDeletion") || ($.eventName="DisableKey")) && $.eventSource="kms.amazonaws.com" || $.readOnly IS FALSE }`, acts)), "ACC-002", "111122223333", model.StatusPass,
		},
		{
			"trivy AWS-0153", "fails an alarm on the metric of a filter that has another name than the metric",
			peerAccount(keyFilter(`{ $.readOnly IS FALSE }`, acts)), "ACC-002", "111122223333", model.StatusPass,
		},
		{
			"trivy AWS-0153", "passes an alarm on a metric that has the filter's name",
			peerAccount(keyFilter(`{ $.readOnly IS FALSE }`, `metric: f, actions: ["arn:aws:sns:us-east-1:111122223333:ops"]`)), "ACC-002", "111122223333", model.StatusFail,
		},
		{
			"trivy AWS-0153", "finds nothing where there is no trail of all regions",
			peerAccount("{}"), "ACC-002", "111122223333", model.StatusFail,
		},
	} {
		t.Run(c.check+": "+c.wrong, func(t *testing.T) {
			assert.Equal(t, map[string]model.Status{c.resource: c.want}, verdicts(t, c.account, c.rule))
		})
	}
}

// TestPeersOfOrganization: prowler (its issue 2438) and steampipe fail the
// members of an organization whose trail sends its events to a log group of the
// management account. A member has no row for that trail, and what is reported
// there is unknown to it.
func TestPeersOfOrganization(t *testing.T) {
	member := "organization: {id: o-example, management: \"444455556666\"}\n" + peerAccount("{}") + "  - id: \"444455556666\"\n    regions:\n      us-east-1:\n        " +
		"trails: [{name: t, bucket: logs, organization: true, multi_region: true, log_group: g}]\n"
	assert.Empty(t, verdicts(t, member, "CT-010"))
	assert.Equal(t, map[string]model.Status{"111122223333": model.StatusUnknown}, verdicts(t, member, "ACC-002"))
}

// verdicts scans us-east-1 of an account file with one rule, by resource name.
func verdicts(t *testing.T, file string, rule model.RuleID) map[string]model.Status {
	t.Helper()
	world, err := fixture.Load(strings.NewReader(file), scriptNow)
	require.NoError(t, err)
	server, err := fixture.Serve(t.Context(), world)
	require.NoError(t, err)
	defer server.Close()
	path := filepath.Join(t.TempDir(), "r.json")
	o := scanOptions{failOn: "low", outputs: []string{"json=" + path}, quiet: true}
	o.judge.only = []string{string(rule)}
	o.access.base = &aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL()), Credentials: credentials.NewStaticCredentialsProvider("AKIDPEER", "x", ""),
	}
	o.access.regions, o.access.noLimits = []string{"us-east-1"}, true
	var out, errs bytes.Buffer
	err = system{getenv: func(string) string { return "" }, stdout: &out, stderr: &errs, now: func() time.Time { return scriptNow }, version: "test"}.scan(t.Context(), &o)
	if code := exitCode(0); err != nil {
		require.ErrorAs(t, err, &code, errs.String())
	}
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var report struct {
		Results []struct {
			Status   model.Status
			Resource model.ResourceID
		}
	}
	require.NoError(t, json.Unmarshal(raw, &report))
	got := map[string]model.Status{}
	for _, r := range report.Results {
		name := r.Resource.ID[strings.LastIndexAny(r.Resource.ID, "/:")+1:]
		if name == "root" {
			name = r.Resource.Account
		}
		got[name] = r.Status
	}
	return got
}

// TestReplicasWithoutSecret: where nothing says which secret is meant, or
// whether there are replicas, the answer is unknown and never a pass.
func TestReplicasWithoutSecret(t *testing.T) {
	writer := "clusters: [{name: c, engine: aurora-mysql, global: g, writer: true%s}]\n"
	const secret = `, tags: {"keyproof:secret": "arn:aws:secretsmanager:us-east-1:111122223333:secret:s-AbCdEf"}`
	region := func(cluster, secrets string) string {
		return peerAccount(strings.Replace(writer, "%s", cluster, 1)+"secrets: ["+secrets+"]") +
			"      eu-west-1: {clusters: [{name: far, engine: aurora-mysql, global: g}]}\n"
	}
	denied := func(file, action string) string {
		return strings.Replace(file, "    regions:", "    denied: [{action: \""+action+"\"}]\n    regions:", 1)
	}
	good := region(secret, "{name: s, suffix: AbCdEf, replicas: [{region: eu-west-1}]}")
	for name, c := range map[string]struct {
		file string
		want model.Status
	}{
		"replicated":             {good, model.StatusPass},
		"not replicated":         {region(secret, "{name: s, suffix: AbCdEf}"), model.StatusFail},
		"no such secret":         {region(secret, ""), model.StatusFail},
		"nothing names a secret": {region("", ""), model.StatusUnknown},
		"global clusters denied": {denied(good, "rds:DescribeGlobalClusters"), model.StatusUnknown},
		"secret denied":          {denied(good, "secretsmanager:*"), model.StatusUnknown},
		"no replica":             {peerAccount("clusters: [{name: c, engine: aurora-mysql}]"), model.StatusNotApplicable},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, map[string]model.Status{"c": c.want}, verdicts(t, c.file, "RDS-003"))
		})
	}
}
