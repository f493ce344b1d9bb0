package detect

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// Credentials in these tests are made up and put together at run time, so that
// scanners of source code do not stumble over them.
const sentinel = "SENTINEL"

var (
	akid   = "AKIA" + "IOSFODNN7EXAMPLE" // AWS's documented example
	akid2  = "AKIA" + "Q3EGRIVBTTNQ4XYZ"
	awsKey = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"
	ghp    = "ghp" + "_" + "x9Kq2mVb7TzR4wLp8NfH3cYd6GsJ1aEu5QoI"
	hex32  = "9f86d081884c7d65" + "9a2feaa0c55ad015"
	jwt    = "ey" + "JhbGciOiJIUzI1NiJ9x" + ".ey" + "JzdWIiOiIxMjM0NTY3ODkwIn0x" + ".dozjgNryP4J3jVmNHl0w5N" + "_XgL0n3I9PlFUP0THsR8U"
	pem    = "-----BEGIN RSA " + "PRIVATE KEY-----\nFAKE" + sentinel + "\n-----END RSA " + "PRIVATE KEY-----"
	cipher = "AQICA" + "Hh" + strings.Repeat("Zm9vYmFyYmF6", 8)
)

func newDetector(t testing.TB) *Detector {
	t.Helper()
	d, err := New()
	require.NoError(t, err)
	return d
}

// at renders a credential as "rule" or "rule@place".
func at(found []model.Credential) []string {
	list := []string{}
	for _, c := range found {
		s := c.Rule
		if c.Place != "" {
			s += "@" + c.Place
		}
		list = append(list, s)
	}
	return list
}

func dsn(scheme string) string {
	return scheme + "://app:" + "FAKE" + sentinel + "@db.example.com:5432/app"
}

// TestSeed holds the parameters and variables of the moto account with the
// labels that its maker gave them.
func TestSeed(t *testing.T) {
	d := newDetector(t)
	config, err := json.Marshal(map[string]string{"user": "app", "password": "FAKE-" + sentinel})
	require.NoError(t, err)
	for _, c := range []struct {
		name, value string
		fails       bool
	}{
		{"/prod/db/password", "FAKE-" + sentinel + "-hunter2", true},
		{"/prod/db/host", "db.internal.example.com", false},
		{"/app/allowed-hosts", "a.example.com,b.example.com", false},
		{"/app/legacy-keys", akid + ",eu-west-1", true},
		{"/app/config", string(config), true},
		{"/app/dsn", dsn("postgres"), true},
		{"/app/tls-key", pem, true},
		{"/app/feature-flag", "true", false},
		{"/prod/password-policy/min-length", "14", false},
		{"DB_PASSWORD", "FAKE-" + sentinel, true},
		{"STAGE", "prod", false},
		{"DB_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/golden-abcdef", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.fails, len(d.Classify(c.name, c.value)) > 0)
		})
	}
}

// TestPeers holds what other tools are known to get wrong, by their own code
// (catalogue/peer-checks.json names each).
func TestPeers(t *testing.T) {
	d := newDetector(t)
	for _, c := range []struct {
		peer, name, value string
		want              []string
	}{
		// Fires on names and values that contain pass, secret, token or key.
		{"steampipe lambda_function_variables_no_sensitive_data", "DB_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf", nil},
		{"steampipe lambda_function_variables_no_sensitive_data", "KEY_PREFIX", "uploads/2024", nil},
		{"steampipe lambda_function_variables_no_sensitive_data", "BUCKET", "token-store", nil},
		// Fires on every String parameter.
		{"steampipe ssm_parameter_encryption_enabled", "/images/base", "ami-0abcdef1234567890", nil},
		{"steampipe ssm_parameter_encryption_enabled", "/app/feature-flag", "true", nil},
		{"checkov CKV2_AWS_34", "/app/log-level", "debug", nil},
		{"custodian ssm-parameter", "/network/vpc-id", "vpc-0123456789abcdef0", nil},
		// Looks only under names with "secret" or "api_key".
		{"checkov CKV_AWS_384", "DB_PASSWORD", "hunter2" + sentinel, []string{"named-password"}},
		// Has a test for dynamic references that nobody calls.
		{"checkov CKV_AWS_384", "/app/client-secret", "{{resolve:secretsmanager:prod/db:SecretString:password}}", nil},
		// Skips whatever says test or example.
		{"checkov CKV_AWS_384", "/test/example/api_key", hex32, []string{"named-key"}},
		// Fires on any 20 capitals and digits, and any 40 characters of base64.
		{"kics 1402afd8-a95c-4e84-8b0b-6fb43758e6ce", "BUILD", "RELEASE2024CANDIDATE", nil},
		{"kics 1402afd8-a95c-4e84-8b0b-6fb43758e6ce", "IMAGE_DIGEST", "sha256:" + hex32 + hex32, nil},
		{"kics 1402afd8-a95c-4e84-8b0b-6fb43758e6ce", "ARTIFACT", "builds/release/candidate/package/archive/file", nil},
		// Know names only, and three of them.
		{"securityhub ECS.8", "STRIPE_SECRET", "s3cr3t" + sentinel + "9", []string{"named-secret"}},
		{"steampipe ecs_task_definition_container_environment_no_secret", "OLD_CONFIG", "id=" + akid2, []string{"aws-access-token"}},
		// Takes the variable from a line number, wrong for values of many lines.
		{"prowler awslambda_function_no_secrets_in_variables", "TLS_BUNDLE", "first line\n" + pem, []string{"private-key"}},
	} {
		t.Run(c.peer+" "+c.name, func(t *testing.T) {
			assert.ElementsMatch(t, c.want, at(d.Classify(c.name, c.value)))
		})
	}
}

func TestEncoded(t *testing.T) {
	d := newDetector(t)
	assert.Equal(t, []string{"private-key"}, at(d.Classify("/app/tls", base64.StdEncoding.EncodeToString([]byte(pem)))))
	assert.Equal(t, []string{"named-password@password"},
		at(d.Classify("/app/env", base64.StdEncoding.EncodeToString([]byte(`{"password": "FAKE`+sentinel+`"}`)))))
	assert.Empty(t, d.Classify("/app/motd", base64.StdEncoding.EncodeToString([]byte("welcome to the machine, stranger"))))
}

func TestSortedAndOnce(t *testing.T) {
	d := newDetector(t)
	value := "password=FAKE" + sentinel + "1\nadmin_password=FAKE" + sentinel + "2\n# " + akid + " " + akid2 + "\nx=" + dsn("mysql") + "\n"
	want := []string{"aws-access-token", "named-password@password", "url-password"}
	for range 20 {
		assert.Equal(t, want, at(d.Classify("/app/env", value)))
	}
}

// TestPanic shows that a library's panic neither escapes, nor says anything of
// the value, nor passes for a clean value.
func TestPanic(t *testing.T) {
	d := newDetector(t)
	d.scan = func(text string) []match { panic("cannot parse " + text) }
	got := d.Classify("/app/config", "some "+sentinel+" value")
	require.Equal(t, []string{ruleUnread}, at(got))
	assert.NotContains(t, got[0].Title, sentinel)
}

// TestTitles shows that no finding goes without words of its own.
func TestTitles(t *testing.T) {
	d := newDetector(t)
	assert.Greater(t, len(d.titles), 150, "gitleaks' rules are loaded")
	for rule, title := range d.titles {
		assert.NotEmpty(t, title, rule)
	}
	assert.Equal(t, "AWS access key id", d.titles[ruleAWSKey])
	assert.Equal(t, "github pat", d.titles["github-pat"])
}
