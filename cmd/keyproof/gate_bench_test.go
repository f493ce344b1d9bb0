package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkGate runs the built program, from process start to exit, on a small
// plan and on one with 2,000 resources, and conftest (the binary that
// KEYPROOF_CONFTEST names, or that of PATH) on the latter with eight rules that
// say what some of ours say.
//
//	go install github.com/open-policy-agent/conftest@v0.71.1
//	go test -run - -bench Gate -benchtime 5x ./cmd/keyproof
func BenchmarkGate(b *testing.B) {
	dir := b.TempDir()
	program := filepath.Join(dir, "keyproof")
	out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(b, err, string(out))
	small, large := filepath.Join(dir, "small.json"), filepath.Join(dir, "large.json")
	writePlan(b, small, 4)
	writePlan(b, large, 2000)
	took := map[string]time.Duration{}
	run := func(b *testing.B, name string, program string, args ...string) {
		n := 0
		for b.Loop() {
			begun := time.Now()
			cmd := exec.CommandContext(b.Context(), program, args...)
			cmd.Dir = dir
			_, err := cmd.Output()
			var exit *exec.ExitError
			require.True(b, errors.As(err, &exit), "something fails, and the program says so: %v", err)
			took[name] += time.Since(begun)
			n++
		}
		took[name] /= time.Duration(n)
	}
	b.Run("small plan", func(b *testing.B) { run(b, "small", program, "gate", small) })
	b.Run("2,000 resources", func(b *testing.B) { run(b, "large", program, "gate", large) })
	name := os.Getenv("KEYPROOF_CONFTEST")
	if name == "" {
		name = "conftest"
	}
	conftest, err := exec.LookPath(name)
	if err != nil {
		b.Skip("conftest is not there: go install github.com/open-policy-agent/conftest@v0.71.1")
	}
	require.NoError(b, os.WriteFile(filepath.Join(dir, "plan.rego"), []byte(conftestRules), 0o600))
	b.Run("2,000 resources by conftest", func(b *testing.B) {
		run(b, "conftest", conftest, "test", "--policy", "plan.rego", large)
		b.ReportMetric(float64(took["conftest"])/float64(took["large"]), "times-as-long-as-keyproof")
	})
}

// conftestRules are rules on plans as they are, with which people begin.
const conftestRules = `package main

secrets contains r if { some r in input.resource_changes; r.type == "aws_secretsmanager_secret" }
keys contains r if { some r in input.resource_changes; r.type == "aws_kms_key" }
parameters contains r if { some r in input.resource_changes; r.type == "aws_ssm_parameter" }
policies contains r if { some r in input.resource_changes; r.type == "aws_iam_policy" }
rotations contains r.change.after.secret_id if { some r in input.resource_changes; r.type == "aws_secretsmanager_secret_rotation" }

deny contains sprintf("%s: no customer key", [r.address]) if { some r in secrets; not r.change.after.kms_key_id }
deny contains sprintf("%s: no rotation", [r.address]) if { some r in secrets; not r.change.after.name in rotations }
deny contains sprintf("%s: no owner", [r.address]) if { some r in secrets; not r.change.after.tags.owner }
deny contains sprintf("%s: does not rotate", [r.address]) if { some r in keys; not r.change.after.enable_key_rotation }
deny contains sprintf("%s: short window", [r.address]) if { some r in keys; r.change.after.deletion_window_in_days < 30 }
deny contains sprintf("%s: no SecureString", [r.address]) if { some r in parameters; r.change.after.type == "String"; contains(lower(r.change.after.value), "password") }
deny contains sprintf("%s: no owner", [r.address]) if { some r in parameters; not r.change.after.tags.owner }
deny contains sprintf("%s: allows all", [r.address]) if {
	some r in policies
	some s in json.unmarshal(r.change.after.policy).Statement
	s.Effect == "Allow"
	s.Resource == "*"
}
`

// writePlan writes a plan that makes n resources of four types.
func writePlan(b *testing.B, path string, n int) {
	b.Helper()
	type object = map[string]any
	kinds := []func(i int) (string, object, object){
		func(i int) (string, object, object) {
			return "aws_secretsmanager_secret", object{
				"name": fmt.Sprintf("app-%d/db", i), "kms_key_id": nil, "tags": object{"owner": "x"}, "tags_all": object{"owner": "x"}, "replica": []any{},
				"recovery_window_in_days": 30, "force_overwrite_replica_secret": false, "description": nil,
			}, object{"arn": true, "id": true, "policy": true, "name_prefix": true, "replica": []any{}}
		},
		func(i int) (string, object, object) {
			return "aws_ssm_parameter", object{"name": fmt.Sprintf("/app/%d/url", i), "type": "String", "value": fmt.Sprintf("https://%d.example.com", i), "tags": nil, "tier": "Standard"},
				object{"arn": true, "id": true, "version": true, "data_type": true, "key_id": true, "insecure_value": true}
		},
		func(i int) (string, object, object) {
			return "aws_kms_key", object{
				"description": fmt.Sprint(i), "enable_key_rotation": i%8 == 2, "key_usage": "ENCRYPT_DECRYPT", "customer_master_key_spec": "SYMMETRIC_DEFAULT",
				"is_enabled": true, "multi_region": false, "tags": nil, "deletion_window_in_days": nil,
			}, object{"arn": true, "id": true, "key_id": true, "policy": true, "rotation_period_in_days": true}
		},
		func(i int) (string, object, object) {
			policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:us-east-1:111122223333:secret:app-%d/*"}]}`, i)
			return "aws_iam_policy", object{"name": fmt.Sprintf("p%d", i), "path": "/", "policy": policy}, object{"arn": true, "id": true, "policy_id": true, "attachment_count": true}
		},
	}
	const provider = "registry.terraform.io/hashicorp/aws"
	var changes, values, config []object
	for i := range n {
		typ, after, unknown := kinds[i%len(kinds)](i)
		name := fmt.Sprintf("r%d", i)
		head := object{"address": typ + "." + name, "mode": "managed", "type": typ, "name": name}
		with := func(more object) object {
			for k, v := range head {
				more[k] = v
			}
			return more
		}
		changes = append(changes, with(object{"provider_name": provider, "change": object{
			"actions": []string{"create"}, "before": nil, "after": after, "after_unknown": unknown, "before_sensitive": false, "after_sensitive": object{},
		}}))
		values = append(values, with(object{"provider_name": provider, "schema_version": 0, "values": after, "sensitive_values": object{}}))
		config = append(config, with(object{"provider_config_key": "aws", "schema_version": 0, "expressions": object{}}))
	}
	raw, err := json.Marshal(object{
		"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
		"planned_values": object{"root_module": object{"resources": values}},
		"configuration": object{
			"provider_config": object{"aws": object{"name": "aws", "full_name": provider, "expressions": object{"region": object{"constant_value": "us-east-1"}}}},
			"root_module":     object{"resources": config},
		},
	})
	require.NoError(b, err)
	require.NoError(b, os.WriteFile(path, raw, 0o600))
}
