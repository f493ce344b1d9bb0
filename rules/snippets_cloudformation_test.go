package rules_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

// otherProperties are what stands in the rest of a resource of which a fix shows a few lines:
// the properties without which CloudFormation takes no resource of that type.
const otherProperties = `
AWS::CloudTrail::Trail: {IsLogging: true, S3BucketName: abc}
AWS::IAM::Role:
  AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
AWS::IAM::RolePolicy: {PolicyName: abc, RoleName: abc}
AWS::KMS::ReplicaKey: {PrimaryKeyArn: "arn:aws:kms:us-east-1:111122223333:key/abc", KeyPolicy: {}}
AWS::Lambda::Function: {Code: {ZipFile: abc}, Role: "arn:aws:iam::111122223333:role/abc", Handler: index.handler, Runtime: python3.13}
AWS::RDS::DBInstance: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: "20", MasterUsername: abc}
AWS::SecretsManager::ResourcePolicy: {SecretId: abc, ResourcePolicy: {}}
AWS::SecretsManager::RotationSchedule: {SecretId: abc}
AWS::SSM::Parameter: {Type: String, Value: abc}
`

// otherResources are what the logical ids in fixes stand for.
const otherResources = `
ACCESSLOGS: AWS::S3::Bucket
BUCKET: AWS::S3::Bucket
FUNCTION: AWS::Lambda::Function
KEY: AWS::KMS::Key
LOGGROUP: AWS::Logs::LogGroup
NAME: AWS::SecretsManager::Secret
READER: AWS::IAM::Role
ROLE: AWS::IAM::Role
SECRET: AWS::SecretsManager::Secret
TOPIC: AWS::SNS::Topic
USER: AWS::IAM::Role
`

// template completes a fix to a template that stands by itself: what stands
// elsewhere in its resources, and the resources that it names.
func template(t *testing.T, id model.RuleID, code string) []byte {
	t.Helper()
	resources := cloudFormationResources(t, id, code)
	var properties map[string]map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(otherProperties), &properties))
	var types map[string]string
	require.NoError(t, yaml.Unmarshal([]byte(otherResources), &types))
	for i := 0; i < len(resources.Content); i += 2 {
		delete(types, resources.Content[i].Value)
		resource := resources.Content[i+1] // Type, its value, Properties, their value
		there := resource.Content[3]
		for name, value := range properties[resource.Content[1].Value] {
			if !strings.Contains(keys(there), " "+name+" ") {
				there.Content = append(there.Content, node(t, name), node(t, value))
			}
		}
	}
	for id, typ := range types {
		if !regexp.MustCompile(`\b` + id + `\b`).MatchString(code) {
			continue
		}
		body := map[string]any{"Type": typ}
		if p := properties[typ]; p != nil {
			body["Properties"] = p
		}
		resources.Content = append(resources.Content, node(t, id), node(t, body))
	}
	raw, err := yaml.Marshal(map[string]any{"Resources": resources})
	require.NoError(t, err)
	return raw
}

func node(t *testing.T, value any) *yaml.Node {
	t.Helper()
	var n yaml.Node
	require.NoError(t, n.Encode(value))
	return &n
}

// keys are the names in a mapping, each with spaces around it.
func keys(mapping *yaml.Node) string {
	text := " "
	for i := 0; i < len(mapping.Content); i += 2 {
		text += mapping.Content[i].Value + " "
	}
	return text
}

// TestSnippetsAreCloudFormation: cfn-lint, which has the schemas that AWS
// publishes, knows each type and each property of the fixes, and takes their values.
func TestSnippetsAreCloudFormation(t *testing.T) {
	lint := needs.Program(t, "cfn-lint", "pip install cfn-lint")
	dir := t.TempDir()
	// Errors only: warnings and advice are about the rest of a template.
	args := []string{"--format", "json", "--regions", "us-east-1", "--ignore-checks", "W", "I", "--"}
	write := func(id model.RuleID, code string) {
		name := filepath.Join(dir, string(id)+".yaml")
		require.NoError(t, os.WriteFile(name, template(t, id, code), 0o600))
		args = append(args, name)
	}
	for _, r := range allRules(t) {
		if code := filledIn(r.Remediation.CloudFormation); code != "" {
			write(r.ID, code)
		}
	}
	write("wrong", "NAME:\n  Type: AWS::KMS::Key\n  Properties:\n    EnableRotation: true\n")
	out, _ := exec.CommandContext(t.Context(), lint, args...).Output() // it fails, by the template that is wrong
	var found []struct {
		Filename, Message string
		Location          struct{ Path []any }
	}
	require.NoError(t, json.Unmarshal(out, &found), string(out))
	caught := 0
	for _, f := range found {
		if filepath.Base(f.Filename) == "wrong.yaml" {
			caught++
			continue
		}
		assert.Fail(t, f.Message, "%s: %v", filepath.Base(f.Filename), f.Location.Path)
	}
	assert.Equal(t, 1, caught, "a property that does not exist is noticed")
}
