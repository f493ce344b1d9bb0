package cloudformation_test

import (
	"fmt"
	"testing"
)

// TestQualified: the version or alias by which a secret names its function has a
// policy of its own, and a version keeps the configuration that it was published with.
func TestQualified(t *testing.T) {
	const (
		template = `
Parameters: {Open: {Type: String}}
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: f, Runtime: python3.13}}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref F}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref F, FunctionVersion: !GetAtt Version.Version, Name: live}}
  Head: {Type: AWS::Lambda::Alias, Properties: {FunctionName: f, FunctionVersion: $LATEST, Name: head}}
  Some: {Type: AWS::Lambda::Alias, Properties: {FunctionName: f, FunctionVersion: $LATEST, Name: !Ref Open}}
  S: {Type: AWS::SecretsManager::Secret}
  R: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref S, RotationLambdaARN: %s, RotationRules: {AutomaticallyAfterDays: 30}}}
  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: %s, Action: 'lambda:InvokeFunction', Principal: secretsmanager.amazonaws.com}}
%s
`
		there   = "[]"
		runtime = `"python3.13"`
		unknown = "?not_in_source: the configuration of the version or alias that secrets name"
		absent  = "?not_in_source: whether the version or alias is there that secrets name"
		second  = `  T: {Type: AWS::SecretsManager::Secret}
  Q: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref T, RotationLambdaARN: !GetAtt F.Arn, RotationRules: {AutomaticallyAfterDays: 30}}}`
	)
	for _, c := range []struct{ named, permitted, more, qualifier, sources, runtime, missing string }{
		{"!GetAtt F.Arn", "!Ref F", "", "null", `["*"]`, runtime, there},
		{"!GetAtt F.Arn", "!Ref Live", "", "null", "[]", runtime, there},
		{"!Ref Live", "!Ref F", "", `"live"`, "[]", unknown, there},
		{"!Ref Live", "!Ref Live", "", `"live"`, `["*"]`, unknown, there},
		{"!GetAtt Live.AliasArn", "!Sub '${F}:live'", "", `"live"`, `["*"]`, unknown, there},
		{"!Ref Live", "'f:live'", "", `"live"`, `["*"]`, unknown, there},
		{"!Ref Live", "!Ref Head", "", `"live"`, "[]", unknown, there},
		{"!Ref Head", "!Ref Head", "", `"head"`, `["*"]`, runtime, there},
		{"!Ref Live", "!Sub '${F}:${Open}'", "", `"live"`, "?unresolved: which version or alias P is for", unknown, there},
		{"!Ref Some", "!Ref Some", "", "?after_apply: Ref Some", `["*"]`, runtime, there},
		{"!Ref Some", "!Ref Live", "", "?after_apply: Ref Some", "?unresolved: which version or alias P is for", runtime, there},
		{"!Ref Version", "!Ref Version", "", "?after_apply: Ref Version", `["*"]`, unknown, there},
		{"!Ref Version", "!Ref F", "", "?after_apply: Ref Version", "[]", unknown, there},
		{"'arn:aws:lambda:eu-west-1:111122223333:function:f:blue'", "!Ref F", "", `"blue"`, "[]", unknown, absent},
		{"!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f:live'", "!Ref Live", "", `"live"`, `["*"]`, unknown, there},
		{"!Ref Live", "!Ref Live", second, `"live"`, "?unresolved: which version or alias P is for", unknown, there},
	} {
		p := read(t, fmt.Sprintf(template, c.named, c.permitted, c.more))
		requireSays(t, p, "S.->rotation_function=F", "S.rotation_qualifier="+c.qualifier, "F.rotation_function=true", "F.secretsmanager_source_arns="+c.sources, "F.runtime="+c.runtime, "F.missing_qualifiers="+c.missing)
		if c.runtime == unknown {
			requireSays(t, p, "F.timeout_seconds="+unknown, "F.env_credentials="+unknown)
		}
	}
}
