package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

// oracleRules pairs the rules of the seeding tool's oracle with ours.
var oracleRules = map[string]model.RuleID{
	"sm.rotation_enabled": "SM-001", "sm.rotation_interval_max_90d": "SM-002", "sm.rotation_not_overdue": "SM-003",
	"sm.rotation_not_failed": "SM-004", "sm.rotation_lambda_exists": "SM-005", "sm.customer_kms_key": "SM-007",
	"sm.kms_key_usable": "SM-008", "sm.policy_not_public": "SM-009", "sm.policy_no_external": "SM-010",
	"sm.replicated": "SM-011", "sm.used_90d": "SM-013", "sm.required_tags": "SM-014",
	"ssm.no_plaintext_secret": "SSM-001", "ssm.customer_kms_key": "SSM-002", "ssm.required_tags": "SSM-003",
	"kms.rotation_enabled": "KMS-001", "kms.policy_not_public": "KMS-003", "kms.in_use_not_doomed": "KMS-005",
	"cloudtrail.logging": "CT-001", "cloudtrail.multi_region": "CT-002", "cloudtrail.validation": "CT-003",
	"cloudtrail.kms": "CT-004", "cloudtrail.kms_events": "CT-005", "cloudtrail.account_covered": "ACC-001",
	"rds.managed_password": "RDS-001", "lambda.no_plaintext_env": "LAM-001",
}

// oracleDiffers are the oracle's verdicts that keyproof does not share, by rule
// and scenario, with the reason.
var oracleDiffers = map[model.RuleID]map[string]string{
	"SM-010": {
		"shared/policy-org-condition": "the condition admits o-exampleorgid, which is not the id that moto gave the organization: " +
			"members of another organization get in",
	},
	"SM-013": {
		"rds-owned": "nobody needs to read the password of a master user, and its secret goes only with the database",
	},
}

// oracle is what the seeding tool prints: verdicts known by hand.
type oracle struct {
	Accounts    []string `json:"accounts"`
	Credentials struct {
		AccessKeyID     string              `json:"AccessKeyId"`
		SecretAccessKey string              `json:"SecretAccessKey"`
		Roles           map[string][]string `json:"roles"`
	} `json:"credentials"`
	Rules     map[string]string `json:"rules"`
	Artifacts []string          `json:"moto_artifacts"`
	Resources []struct {
		Kind, Account, Region, ID, ARN, Scenario string
		Expect                                   map[string]string
	} `json:"resources"`
	Meta struct {
		Regions  []string `json:"regions"`
		Sentinel string   `json:"sentinel"`
	} `json:"meta"`
}

// moto is a running moto server, seeded.
type moto struct {
	url    string
	oracle oracle
}

// startMoto starts a server (a program with arguments, -p PORT is added) and
// seeds it. It ends with the test.
func startMoto(t *testing.T, seedArgs []string, program string, args ...string) moto {
	t.Helper()
	python := needs.Program(t, "python3", "the seeding tool needs it")
	seed := needs.Shared(t, "../..", "moto", "seed.py")
	port := freePort(t)
	m := moto{url: fmt.Sprintf("http://127.0.0.1:%d", port)}
	server := exec.Command(program, append(args, "-p", fmt.Sprint(port))...)
	logs, err := os.Create(filepath.Join(t.TempDir(), "moto.log"))
	require.NoError(t, err)
	server.Stdout, server.Stderr = logs, logs
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		_ = logs.Close()
	})
	require.Eventually(t, func() bool {
		resp, err := http.Get(m.url + "/moto-api/config")
		if err == nil {
			resp.Body.Close()
		}
		return err == nil
	}, 60*time.Second, 100*time.Millisecond, "moto does not start")
	cmd := exec.Command(python, append([]string{seed, "--endpoint", m.url}, seedArgs...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	require.NoError(t, json.Unmarshal(out, &m.oracle))
	require.NotEmpty(t, m.oracle.Resources)
	return m
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// motoReport is the part of a report that the comparison needs.
type motoReport struct {
	Results []struct {
		Rule     model.RuleID
		Status   model.Status
		Gap      bool
		Resource model.ResourceID
		Unknown  map[string]model.Unknown
	}
}

// scan runs the program on the server as a role of every account, and returns
// its report with everything that it printed and saved.
func (m moto) scan(t *testing.T, role string) (report motoReport, printed string) {
	t.Helper()
	args := []string{"scan", "--no-rate-limit", "--output", "json=" + filepath.Join(t.TempDir(), "r.json"), "--limit", "0"}
	for _, region := range m.oracle.Meta.Regions {
		args = append(args, "--region", region)
	}
	for _, arn := range m.oracle.Credentials.Roles[role] {
		args = append(args, "--assume-role", arn)
	}
	code, out, errs := runNow(t, []string{
		"AWS_ENDPOINT_URL=" + m.url, "AWS_ACCESS_KEY_ID=" + m.oracle.Credentials.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY=" + m.oracle.Credentials.SecretAccessKey,
		"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}, args...)
	require.Equal(t, exitFail, code, errs)
	raw, err := os.ReadFile(strings.TrimPrefix(args[3], "json="))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &report))
	return report, out + errs + string(raw)
}

// TestMotoOracle compares verdicts on a stock server and on one whose resources
// are as old as they say; the seed and a number of plain secrets make other ids,
// and more pages of lists, of the second one.
func TestMotoOracle(t *testing.T) {
	t.Parallel()
	for _, server := range []struct {
		name string
		make func(t *testing.T) moto
	}{
		{"stock", func(t *testing.T) moto {
			return startMoto(t, nil, needs.Program(t, "moto_server", "pip install 'moto[server]'"), "-H", "127.0.0.1")
		}},
		{"with dates, other ids and several pages", func(t *testing.T) moto {
			return startMotoPlus(t, "--seed", "7", "--secrets", "220", "--bulk-in", "0:us-east-1")
		}},
	} {
		t.Run(server.name, func(t *testing.T) {
			t.Parallel()
			m := server.make(t)
			report, printed := m.scan(t, "ScannerReadOnly")
			agreed, _ := m.compare(t, report)
			t.Logf("%d verdicts agree", agreed)
			require.Greater(t, agreed, 1000)
			requireIAM(t, report)
			require.NotContains(t, printed, m.oracle.Meta.Sentinel, "no value leaks")
		})
	}
}

// startMotoPlus starts the server that has dates, faults and AWS's own errors.
func startMotoPlus(t *testing.T, seedArgs ...string) moto {
	t.Helper()
	needs.Program(t, "moto_server", "pip install 'moto[server]'")
	return startMoto(t, seedArgs, needs.Program(t, "python3", ""), needs.Shared(t, "../..", "moto", "moto_plus.py"))
}

// TestMotoEnforced scans a server that enforces permissions. With a role that has
// all that the oracle's rules need, nothing changes; with one that lacks some,
// what they would show is unknown, with the permission's name, and all else is
// the same.
func TestMotoEnforced(t *testing.T) {
	t.Parallel()
	m := startMotoPlus(t, "--enforce-auth")
	t.Run("all that is needed", func(t *testing.T) {
		report, _ := m.scan(t, "ScannerReadOnly")
		agreed, unknown := m.compare(t, report, motoRefuses)
		t.Logf("%d verdicts agree, %d are unknown", agreed, unknown)
		require.Greater(t, agreed, 900)
		for _, r := range report.Results {
			require.False(t, r.Rule == "SSM-003" && r.Status == model.StatusPass, "nobody could read the tags of %s", r.Resource.ID)
		}
	})
	t.Run("some of it", func(t *testing.T) {
		report, _ := m.scan(t, "ScannerPartial")
		agreed, unknown := m.compare(t, report, deniedActions()...)
		t.Logf("%d verdicts agree, %d are unknown", agreed, unknown)
		require.Greater(t, agreed, 500)
		require.Greater(t, unknown, 100)
		requireDenied(t, report)
	})
}

// motoRefuses is refused to every role: moto looks for the permission under the
// name that the service's calls are signed with (tagging:GetResources), and IAM
// calls it otherwise.
const motoRefuses = "tag:GetResources"

// deniedActions are those that the role ScannerPartial lacks.
func deniedActions() []string {
	return []string{
		"kms:GetKeyRotationStatus", "secretsmanager:GetResourcePolicy", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors",
		motoRefuses,
	}
}

// requireDenied wants no answer from the rules that need what is refused.
func requireDenied(t *testing.T, report motoReport) {
	t.Helper()
	denied := map[model.RuleID]string{
		"KMS-001": "kms:GetKeyRotationStatus", "SM-009": "secretsmanager:GetResourcePolicy", "SM-010": "secretsmanager:GetResourcePolicy",
		"CT-001": "cloudtrail:GetTrailStatus", "CT-005": "cloudtrail:GetEventSelectors", "ACC-001": "cloudtrail:Get",
	}
	count := map[model.RuleID]int{}
	for _, r := range report.Results {
		action, ok := denied[r.Rule]
		if !ok || r.Status == model.StatusNotApplicable {
			continue
		}
		if r.Rule == "ACC-001" && r.Status == model.StatusFail {
			continue // what the list of trails says is enough to fail
		}
		require.Equal(t, model.StatusUnknown, r.Status, "%s of %s", r.Rule, r.Resource.ID)
		named := false
		for _, why := range r.Unknown {
			named = named || why.Reason == model.ReasonAccessDenied && strings.HasPrefix(why.Action, action)
		}
		require.True(t, named, "%s of %s: %v", r.Rule, r.Resource.ID, r.Unknown)
		count[r.Rule]++
	}
	for rule := range denied {
		require.Positive(t, count[rule], rule)
	}
}

// compare fails the test for every verdict that differs from the oracle's, and
// returns how many agree. Where actions are refused a verdict may be unknown
// instead, if it names nothing but those.
func (m moto) compare(t *testing.T, report motoReport, refused ...string) (agreed, unknown int) {
	t.Helper()
	type row struct {
		rule        model.RuleID
		account, id string
	}
	got := map[row]map[model.Status]bool{} // an account has a row a region
	explained := map[row]bool{}
	for _, r := range report.Results {
		at := row{r.Rule, r.Resource.Account, r.Resource.ID}
		if got[at] == nil {
			got[at] = map[model.Status]bool{}
		}
		got[at][r.Status] = true
		explained[at] = explained[at] || r.Status == model.StatusUnknown && onlyRefused(r.Unknown, refused)
	}
	words := map[string]model.Status{"pass": model.StatusPass, "fail": model.StatusFail, "na": model.StatusNotApplicable}
	for _, want := range m.oracle.Resources {
		for name, verdict := range want.Expect {
			rule, ok := oracleRules[name]
			require.True(t, ok, "the oracle's rule %s has no counterpart", name)
			at := row{rule, want.Account, want.ARN}
			statuses := got[at]
			if len(statuses) == 1 && explained[at] {
				unknown++
				continue
			}
			same := len(statuses) == 1 && statuses[words[verdict]]
			if why, ok := oracleDiffers[rule][want.Scenario]; ok {
				require.False(t, same, "%s of %s agrees now: take it off the list", rule, want.Scenario)
				t.Logf("%s of %s differs as explained: %s", rule, want.Scenario, why)
				continue
			}
			if same {
				agreed++
				continue
			}
			t.Errorf("%s (%s) of %s in %s %s: the oracle says %s, keyproof %v", rule, name, want.ID, want.Account, want.Region, verdict, statuses)
		}
	}
	return agreed, unknown
}

// onlyRefused says whether all that is unknown is so because of these actions.
func onlyRefused(unknown map[string]model.Unknown, actions []string) bool {
	for _, why := range unknown {
		if why.Reason != model.ReasonAccessDenied || !slices.Contains(actions, why.Action) {
			return false
		}
	}
	return len(unknown) > 0
}
