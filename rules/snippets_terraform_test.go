package rules_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
)

// elsewhere is what stands in the rest of a resource of which a fix shows a few
// lines: that without which the provider takes no resource of the type. Of
// names with a bar between them one is enough.
func elsewhere() map[string]map[string]string {
	return map[string]map[string]string{
		"aws_cloudtrail":              {"name": `name = "abc"`, "s3_bucket_name": `s3_bucket_name = "abc"`},
		"aws_cloudwatch_event_rule":   {},
		"aws_cloudwatch_event_target": {},
		"aws_cloudwatch_log_group":    {},
		"aws_db_instance":             {"instance_class": `instance_class = "db.t4g.micro"`},
		"aws_iam_policy":              {},
		"aws_iam_role":                {"assume_role_policy": `assume_role_policy = "{}"`},
		"aws_iam_role_policy":         {"role": `role = "abc"`},
		"aws_kms_grant":               {"key_id": `key_id = "abc"`, "operations": `operations = ["Decrypt"]`},
		"aws_kms_key":                 {},
		"aws_kms_replica_key":         {"primary_key_arn": `primary_key_arn = "arn:aws:kms:us-east-1:111122223333:key/abc"`},
		"aws_lambda_function": {
			"function_name": `function_name = "abc"`, "role": `role = "arn:aws:iam::111122223333:role/abc"`,
			"filename": `filename = "abc"`, "handler": `handler = "abc"`, "runtime": `runtime = "python3.13"`,
		},
		"aws_lambda_permission":                              {},
		"aws_ram_resource_share":                             {},
		"aws_s3_bucket":                                      {},
		"aws_s3_bucket_logging":                              {},
		"aws_s3_bucket_policy":                               {},
		"aws_s3_bucket_public_access_block":                  {},
		"aws_s3_bucket_server_side_encryption_configuration": {},
		"aws_secretsmanager_random_password":                 {},
		"aws_secretsmanager_secret":                          {},
		"aws_secretsmanager_secret_policy": {
			"secret_arn": `secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:abc"`, "policy": `policy = "{}"`,
		},
		"aws_secretsmanager_secret_rotation": {
			"secret_id": `secret_id = "abc"`, "rotation_rules": "rotation_rules {\n  automatically_after_days = 30\n}",
		},
		"aws_secretsmanager_secret_version": {"secret_id": `secret_id = "abc"`},
		"aws_sns_topic":                     {},
		"aws_ssm_parameter":                 {"name": `name = "abc"`, "type": `type = "SecureString"`, "value|value_wo": `value = "abc"`},
	}
}

// rest is what elsewhere says of a type, but for the names that are there.
func rest(t *testing.T, typ string, there []string) string {
	t.Helper()
	all, ok := elsewhere()[typ]
	require.True(t, ok, "say in elsewhere() what a %s needs", typ)
	text := "\n"
	for names, line := range all {
		if !slices.ContainsFunc(strings.Split(names, "|"), func(name string) bool { return slices.Contains(there, name) }) {
			text += line + "\n"
		}
	}
	return text
}

// whole completes a fix to a module that stands by itself: what stands elsewhere
// in its resources, and the resources and variables that it refers to.
func whole(t *testing.T, blocks hclsyntax.Blocks, code string) string {
	t.Helper()
	declared := map[string]bool{}
	for _, b := range slices.Backward(blocks) { // from the end, so that positions stay right
		declared[strings.Join(b.Labels, ".")] = true
		there := slices.Collect(maps.Keys(b.Body.Attributes))
		for _, inner := range b.Body.Blocks {
			there = append(there, inner.Type)
		}
		at := b.OpenBraceRange.End.Byte
		code = code[:at] + rest(t, b.Labels[0], there) + code[at:]
	}
	for _, b := range blocks {
		for _, to := range references(b.Body) {
			switch name := strings.Join(to, "."); {
			case to[0] == "ephemeral" || declared[name]:
			case to[0] == "var":
				code += fmt.Sprintf("\nvariable %q {\n  ephemeral = true\n}\n", to[1])
			default:
				code += fmt.Sprintf("\nresource %q %q {%s}\n", to[0], to[1], rest(t, to[0], nil))
			}
			declared[strings.Join(to, ".")] = true
		}
	}
	return code
}

// references are the first two names of what is referred to: aws_kms_key, KEY.
func references(body *hclsyntax.Body) [][]string {
	var all [][]string
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		if e, ok := n.(*hclsyntax.ScopeTraversalExpr); ok && len(e.Traversal) > 1 {
			second, _ := e.Traversal[1].(hcl.TraverseAttr)
			all = append(all, []string{e.Traversal.RootName(), second.Name})
		}
		return nil
	})
	return all
}

// TestSnippetsAreTerraform: the real provider knows each resource and each attribute of
// the fixes, and takes their values.
func TestSnippetsAreTerraform(t *testing.T) {
	terraform, config := needs.Terraform(t)
	dir := t.TempDir()
	root := "terraform {\n  required_providers {\n    aws = { source = \"hashicorp/aws\" }\n  }\n}\n"
	module := func(name, code string) {
		require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name, "main.tf"), []byte(code), 0o600))
		root += fmt.Sprintf("module %q {\n  source = \"./%s\"\n", name, name)
		if strings.Contains(code, "\nvariable ") {
			root += "  NEW_VALUE = \"\"\n"
		}
		root += "}\n"
	}
	for _, r := range allRules(t) {
		if code := filledIn(r.Remediation.HCL); code != "" {
			module(string(r.ID), whole(t, hclBlocks(t, r.ID, code), code))
		}
	}
	module("wrong", "resource \"aws_kms_key\" \"NAME\" {\n  enable_rotation = true\n}\n")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.tf"), []byte(root), 0o600))
	run := func(args ...string) []byte {
		cmd := exec.CommandContext(t.Context(), terraform, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1")
		out, _ := cmd.Output() // validate fails, by the module that is wrong
		return out
	}
	run("get")
	var answer struct {
		Diagnostics []struct {
			Severity, Summary, Detail string
			Range                     struct{ Filename string }
		}
	}
	require.NoError(t, json.Unmarshal(run("validate", "-json"), &answer))
	caught := 0
	for _, d := range answer.Diagnostics {
		switch {
		case d.Severity != "error":
		case d.Range.Filename == "wrong/main.tf":
			caught++
		default:
			assert.Fail(t, d.Summary, "%s: %s", d.Range.Filename, d.Detail)
		}
	}
	assert.Equal(t, 1, caught, "an attribute that does not exist is noticed")
}
