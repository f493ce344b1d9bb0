package cloudformation_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/cloudformation"
)

func files(text map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, s := range text {
		fsys[name] = &fstest.MapFile{Data: []byte(s)}
	}
	return fsys
}

// TestAssembly reads a folder of the CDK: a stack with a place, one without, a
// nested assembly, and a nested stack with what its parent hands in.
func TestAssembly(t *testing.T) {
	list, err := cloudformation.ReadAssembly(t.Context(), files(map[string]string{
		"manifest.json": `{"version": "36.0.0", "artifacts": {
			"A": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "A.template.json", "parameters": {"Name": "from the manifest"}}},
			"B": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region", "properties": {"templateFile": "B.template.json"}},
			"A.assets": {"type": "cdk:asset-manifest"},
			"Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}}}}`,
		"A.template.json": `{"Parameters": {"Name": {"Type": "String"}}, "Resources": {
			"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": {"Ref": "Name"}, "Type": "String", "Value": "x"}},
			"K": {"Type": "AWS::KMS::Key"},
			"N": {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "N.nested.template.json"},
				"Properties": {"Parameters": {"Size": "Advanced", "Password": "hunter2hunter2", "Key": {"Fn::GetAtt": ["K", "Arn"]}}}}}}`,
		"N.nested.template.json": `{"Parameters": {"Size": {"Type": "String"}, "Key": {"Type": "String"}, "Password": {"Type": "String"}}, "Resources": {
			"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Tier": {"Ref": "Size"}, "Type": "String", "Value": "x"}},
			"S": {"Type": "AWS::SecretsManager::Secret", "Properties": {"KmsKeyId": {"Ref": "Key"}, "SecretString": {"Ref": "Password"}}}}}`,
		"B.template.json":                      `{"Resources": {"X": {"Type": "AWS::CloudFormation::Stack"}}}`,
		"assembly-Stage/manifest.json":         `{"artifacts": {"C": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "C.template.json"}}}}`,
		"assembly-Stage/C.template.json":       small,
		"assembly-Stage/not-named.template.js": "",
	}), cloudformation.Options{Name: "cdk.out", TakenAt: takenAt})
	require.NoError(t, err)
	var sources []string
	for _, p := range list {
		sources = append(sources, p.After.Source)
	}
	require.Equal(t, []string{"cdk.out/A.template.json", "cdk.out/N.nested.template.json", "cdk.out/B.template.json", "cdk.out/assembly-Stage/C.template.json"}, sources)
	requireSays(t, list[0], `P.name="from the manifest"`)
	require.Equal(t, "eu-west-1", find(t, list[0], "P").ID.Region)
	require.Empty(t, list[0].Notes, "the nested stack is judged")
	requireSays(t, list[1], `P.tier="Advanced"`, "S.value_in_code=true", "S.kms_key=?unresolved: Ref of a resource of another template")
	require.Equal(t, "111122223333", find(t, list[1], "S").ID.Account)
	require.True(t, noteWith(list[2], "X is a stack of its own"))
	require.Empty(t, find(t, list[3], "K").ID.Region)
}

func TestWrongAssemblies(t *testing.T) {
	for want, text := range map[string]map[string]string{
		"cdk.out/manifest.json: it cannot be read":            {},
		"cdk.out/manifest.json: it is no manifest of the CDK": {"manifest.json": "{"},
		"the manifest names no stack: run `cdk synth`":        {"manifest.json": "{}"},
		"cdk.out/A.template.json: it cannot be read":          {"manifest.json": `{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "A.template.json"}}}}`},
		"cdk.out/A.json: it is no CloudFormation template":    {"manifest.json": `{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "A.json"}}}}`, "A.json": "[]"},
		"run `cdk synth` again":                               {"manifest.json": `{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../../etc/passwd"}}}}`},
		"stacks are nested too deeply, or there are too many": {"manifest.json": `{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "A.json"}}}}`, "A.json": `{"Resources": {"N": {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "A.json"}}}}`},
	} {
		_, err := cloudformation.ReadAssembly(t.Context(), files(text), cloudformation.Options{Name: "cdk.out"})
		require.ErrorContains(t, err, want)
	}
	// An assembly in itself ends.
	_, err := cloudformation.ReadAssembly(t.Context(), files(map[string]string{
		"manifest.json": `{"artifacts": {"A": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}}}`,
	}), cloudformation.Options{})
	require.ErrorContains(t, err, "names no stack")
}

func TestReadParameters(t *testing.T) {
	want := map[string]string{"Env": "prod", "Count": "3"}
	for _, text := range []string{
		`[{"ParameterKey": "Env", "ParameterValue": "prod"}, {"ParameterKey": "Count", "ParameterValue": "3"}, {"ParameterKey": "Old", "UsePreviousValue": true}]`,
		`{"Parameters": {"Env": "prod", "Count": 3}, "Tags": {"a": "b"}}`,
		`{"Env": "prod", "Count": "3"}`,
		"Env: prod\nCount: 3\n",
		"Parameters:\n  Env: prod\n  Count: '3'\n",
	} {
		got, err := cloudformation.ReadParameters([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	lists, err := cloudformation.ReadParameters([]byte(`{"Names": ["a", "b"]}`))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"Names": "a,b"}, lists)
	for text, want := range map[string]string{
		"":                               "neither JSON nor YAML",
		`"text"`:                         "1: a file of parameters is",
		`[{"ParameterValue": "x"}]`:      "1: an item has no ParameterKey",
		`[{"ParameterKey": "x"}]`:        "1: the value of parameter x is no text",
		"{\"a\": {\"b\": 1}}":            "the value of parameter a is no text",
		"{\n\"a\": \"b\",\n\"a\": \"\"}": "3: parameter a is there twice",
		"{":                              "it is no valid JSON",
		"a: [":                           "neither JSON nor YAML",
	} {
		_, err := cloudformation.ReadParameters([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}
