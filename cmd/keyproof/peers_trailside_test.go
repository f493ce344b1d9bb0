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

// peerAroundCases have an account each for what other tools judge wrongly of
// what stands around trails.
func peerAroundCases() []peerCase {
	const fail, pass, unknown = model.StatusFail, model.StatusPass, model.StatusUnknown
	const (
		acts      = `metric: m, actions: ["arn:aws:sns:us-east-1:111122223333:ops"]`
		cis       = `{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }`
		reordered = `{ (($.eventName = "ScheduleKeyDeletion") || ($.eventName="DisableKey")) && $.eventSource="kms.amazonaws.com" || $.readOnly IS FALSE }`
		elsewhere = "  - id: \"444455556666\"\n    regions:\n      us-east-1: "
		filter    = "prowler cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk"
		public    = "prowler cloudtrail_logs_s3_bucket_is_not_publicly_accessible"
		here      = "111122223333"
	)
	// A member of an organization has no row for the organization's trail, and what
	// is reported in the management account is unknown to it (prowler's issue 2438).
	member := "organization: {id: o-example, management: \"444455556666\"}\n" + peerAccount("{}") + elsewhere +
		"{trails: [{name: t, bucket: logs, organization: true, multi_region: true, log_group: g}]}\n"
	unreadable := strings.Replace(peerAccount(peerTrail+"buckets: [{name: logs}]"), "    regions:", "    denied: [{action: \"s3:GetBucketAcl\"}]\n    regions:", 1)
	return []peerCase{
		{public, "Bucket policy", "CT-007", "t", fail, peerAccount(peerTrail + "buckets: [{name: logs, policy_public: true}]")},
		{public, "Bucket policy, AuthenticatedUsers", "CT-007", "t", fail, peerAccount(peerTrail + "buckets: [{name: logs, acl: [{group: AuthenticatedUsers}]}]")},
		{public, "Bucket policy, AuthenticatedUsers and BlockPublicAccess", "CT-007", "t", pass, peerAccount(peerTrail + "buckets: [{name: logs, acl: [{group: AllUsers}], block_public_access: [IgnorePublicAcls]}]")},
		{public, "Bucket policy, AuthenticatedUsers and BlockPublicAccess not examined; ACL unreadable", "CT-007", "t", unknown, unreadable},
		{
			"prowler cloudtrail_logs_s3_bucket_access_logging_enabled", "MANUAL for cross-account buckets is right", "CT-009", "t", unknown,
			peerAccount(peerTrail) + elsewhere + "{buckets: [{name: logs}]}\n",
		},
		{"scoutsuite cloudtrail-no-cloudwatch-integration", "fires only if", "CT-010", "t", fail, peerAccount("trails: [{name: t, bucket: logs}]")},
		{"prowler cloudtrail_cloudwatch_logging_enabled", "Member accounts of an organization trail FAIL", "CT-010", "t", "", member},
		{filter, "Alarm without any action", "ACC-002", here, fail, peerAccount(keyFilter(cis, "metric: m"))},
		{filter, "Organization trail log group", "ACC-002", here, unknown, member},
		{filter, "No secretsmanager or ssm equivalent", "ACC-002", here, fail, peerAccount(keyFilter(cis, acts))},
		{"steampipe log_metric_filter_disable_or_delete_cmk", "order and quoting sensitive", "ACC-002", here, pass, peerAccount(keyFilter(reordered, acts))},
		{"steampipe log_metric_filter_disable_or_delete_cmk", "log group in management account", "ACC-002", here, unknown, member},
		{"trivy AWS-0153", "other clause order or quoting", "ACC-002", here, pass, peerAccount(keyFilter(reordered, acts))},
		{"trivy AWS-0153", "lib/cloud/aws_trails.rego compares", "ACC-002", here, pass, peerAccount(keyFilter(`{ $.readOnly IS FALSE }`, acts))},
		{
			"trivy AWS-0153", "lib/cloud/aws_trails.rego compares", "ACC-002", here, fail,
			peerAccount(keyFilter(`{ $.readOnly IS FALSE }`, `metric: f, actions: ["arn:aws:sns:us-east-1:111122223333:ops"]`)),
		},
		{"trivy AWS-0153", "no multi-Region trail", "ACC-002", here, fail, peerAccount("{}")},
	}
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
