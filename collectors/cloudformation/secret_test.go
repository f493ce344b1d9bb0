package cloudformation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

const rotated = `
Parameters:
  Password: {Type: String, NoEcho: true, Default: hunter2hunter2}
  Asked: {Type: String, NoEcho: true}
  KeyParam: {Type: String}
Conditions:
  Own: !Equals [!Ref KeyParam, '']
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/app, TargetKeyId: !Ref Key}}
  Plain: {Type: AWS::SecretsManager::Secret}
  Full:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: app/db
      KmsKeyId: !GetAtt Key.Arn
      Tags: [{Key: team, Value: payments}]
      GenerateSecretString: {SecretStringTemplate: '{"username": "admin"}', GenerateStringKey: password}
      ReplicaRegions: [{Region: us-east-1, KmsKeyId: alias/other}, {Region: ap-southeast-2}]
  ByAlias: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: alias/app}}
  ByAliasRef: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: !Ref Alias}}
  ByAliasARN: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: !Sub 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/app'}}
  Default: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: alias/aws/secretsmanager}}
  DefaultARN: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: !Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/secretsmanager'}}
  Foreign: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: 'arn:aws:kms:eu-west-1:999999999999:key/k'}}
  Handed: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: !Ref KeyParam}}
  Undecided: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: !If [Own, !Ref Key, !Ref KeyParam]}}
  UndecidedOwn: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: !If [Own, !Ref Key, !GetAtt Key.Arn]}}
  Schedule:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: {SecretId: !Ref Attached, RotationLambdaARN: !GetAtt Rotate.Arn, RotationRules: {ScheduleExpression: rate(10 days), Duration: 3h}}
  Attached: {Type: AWS::SecretsManager::SecretTargetAttachment, Properties: {SecretId: !Ref Full, TargetId: !Ref DB, TargetType: 'AWS::RDS::DBInstance'}}
  Rotate: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Timeout: 30, Handler: h, Role: r}}
  Invoke: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Rotate, Action: 'lambda:InvokeFunction', Principal: secretsmanager.amazonaws.com}}
  DB: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, MasterUsername: u, MasterUserPassword: !Sub '{{resolve:secretsmanager:${Full}:SecretString:password}}'}}
  Hosted:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: {SecretId: !Ref ByAlias, HostedRotationLambda: {RotationType: PostgreSQLSingleUser}, RotationRules: {AutomaticallyAfterDays: 30}}
  Managed: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref Foreign, RotationRules: {AutomaticallyAfterDays: '7'}}}
  Policy:
    Type: AWS::SecretsManager::ResourcePolicy
    Properties:
      SecretId: !Ref Plain
      ResourcePolicy: {Version: 2012-10-17, Statement: [{Sid: all, Effect: Allow, Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*'}]}
`

func TestSecret(t *testing.T) {
	p := read(t, rotated)
	requireSays(t, p,
		"Plain.name=?after_apply: a name that CloudFormation makes up", "Plain.kms_key=null", "Plain.default_key=true", "Plain.->key=null",
		"Plain.rotation_enabled=false", "Plain.rotation_days=null", "Plain.managed_rotation=false", "Plain.->rotation_function=null", "Plain.tags={}",
		"Plain.policy_present=true", "Plain.policy_public=true", "Plain.replicas=[]", "Plain.primary_region=null", "Plain.is_replica=false",
		"Plain.deletion_scheduled=false", "Plain.owning_service=null", "Plain.value_in_code=false",
		"Plain.last_rotated_at=?not_in_source: a running account tells", "Plain.created_days_ago=?not_in_source: a running account tells",
		"Plain.replica_states=?not_in_source: a running account tells", "Plain.pending_version=?not_in_source: a running account tells",

		`Full.name="app/db"`, "Full.->key=Key", "Full.default_key=false", "Full.kms_key=?after_apply: Fn::GetAtt Key.Arn", `Full.tags={"team":"payments"}`,
		`Full.replicas=[{"region":"ap-southeast-2","default_key":true},{"region":"us-east-1","kms_key":"alias/other","default_key":false}]`,
		"Full.primary_region=?not_in_source: the region that it is deployed to", "Full.value_in_code=false",
		"Full.policy_present=false", "Full.policy_public=false", "Full.policy_statements=[]", "Full.outside_accounts=[]",
		"Full.rotation_enabled=true", `Full.rotation_schedule="rate(10 days)"`, "Full.rotation_interval_days=10", "Full.rotation_days=null",
		"Full.rotation_window_hours=3", "Full.rotation_function=?after_apply: Fn::GetAtt Rotate.Arn", "Full.->rotation_function=Rotate", "Full.managed_rotation=false",

		"ByAlias.->key=Key", `ByAlias.kms_key="alias/app"`, "ByAlias.rotation_enabled=true", "ByAlias.rotation_days=30", "ByAlias.managed_rotation=false",
		"ByAlias.rotation_function=?after_apply: the function that HostedRotationLambda makes", "ByAlias.->rotation_function=?after_apply: the function that HostedRotationLambda makes",
		"ByAliasRef.->key=Key", "ByAliasRef.default_key=false", "ByAliasARN.->key=Key", "ByAliasARN.default_key=false",
		"Default.kms_key=null", "Default.default_key=true", "Default.->key=null", "DefaultARN.default_key=true",
		"Foreign.->key=arn:aws:kms:eu-west-1:999999999999:key/k", "Foreign.default_key=false", "Foreign.managed_rotation=true", "Foreign.rotation_function=null", "Foreign.rotation_interval_days=7",
		"Handed.default_key=?unresolved: Ref KeyParam, a parameter without a default", "Handed.->key=?unresolved: Ref KeyParam, a parameter without a default",
		"Undecided.default_key=?unresolved: Fn::If on condition Own", "Undecided.->key=?unresolved: Fn::If on condition Own",
		"UndecidedOwn.default_key=false", "UndecidedOwn.->key=Key",

		`Key.aliases=["alias/app"]`, "Rotate.rotation_function=true", `Rotate.secretsmanager_source_arns=["*"]`, "Rotate.timeout_seconds=30",
		"DB.password_in_code=false", "DB.->credential_secret=Full", "DB.managed_password=false",
	)
	full := find(t, p, "Full")
	require.Equal(t, model.Origin{File: "t.yaml", Line: 12, Address: "Full", Syntax: model.SyntaxCloudFormation}, full.Origin)
	require.Contains(t, full.Aka, "app/db")
	require.Equal(t, "app/db", full.Name)
	require.Contains(t, find(t, p, "Key").Aka, "alias/app")
	requireSays(t, read(t, rotated, deployed), `Full.primary_region="eu-west-1"`, `DefaultARN.kms_key=null`,
		`ByAliasARN.kms_key="arn:aws:kms:eu-west-1:111122223333:alias/app"`, "ByAliasARN.->key=Key")
}

// TestVagueBlocks: a block that may be about any secret leaves none of them
// without it for certain.
func TestVagueBlocks(t *testing.T) {
	const secrets = `
Parameters: {Which: {Type: String}, Named: {Type: String, Default: other}}
Resources:
  A: {Type: AWS::SecretsManager::Secret}
  B: {Type: AWS::SecretsManager::Secret, Properties: {Name: b}}
  R: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: %s, RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:f', RotationRules: {AutomaticallyAfterDays: 30}}}
`
	unsure := "?unresolved: Ref Which, a parameter without a default, of R"
	for id, want := range map[string][2]string{
		"!Ref Which": {unsure, unsure}, "!Ref A": {"true", "false"}, "!GetAtt A.Id": {"true", "false"}, "b": {"false", "true"}, "!Ref Named": {"false", "false"},
		"!ImportValue x": {"false", "false"}, "arn:aws:secretsmanager:eu-west-1:111122223333:secret:b-AbCdEf": {"false", "true"},
		"!Sub 'arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:b'": {"false", "true"},
	} {
		p := read(t, fill(secrets, id))
		requireSays(t, p, "A.rotation_enabled="+want[0], "B.rotation_enabled="+want[1])
	}
}

// TestValueInCode: which values stand in the template.
func TestValueInCode(t *testing.T) {
	const secret = `
Parameters:
  Password: {Type: String, NoEcho: true, Default: hunter2hunter2}
  Empty: {Type: String, NoEcho: true, Default: ''}
  Asked: {Type: String, NoEcho: true}
Conditions: {C: !Equals [!Ref Asked, x]}
Resources:
  Other: {Type: AWS::SecretsManager::Secret}
  S: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: %s}}
  D: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, MasterUserPassword: %[1]s}}
`
	for expr, want := range map[string]string{
		`hunter2hunter2`: "true", `!Ref Password`: "true", `!Ref Asked`: "false", `!Ref Empty`: "false", `!Ref AWS::NoValue`: "false", `''`: "false",
		`!Sub '${Password}'`: "true", `'{{resolve:secretsmanager:other}}'`: "false", `!Sub '{{resolve:secretsmanager:${Other}:SecretString:password}}'`: "false",
		`'{{resolve:ssm-secure:/p:1}}'`: "false", `'{{resolve:ssm:/p:1}}'`: "false", `!ImportValue x`: "false",
		`!If [C, !Ref Asked, !Ref 'AWS::NoValue']`: "false", `!If [C, hunter2hunter2, !Ref Asked]`: "?unresolved: Fn::If on condition C", `!If [C, hunter2hunter2, other2other2]`: "true",
		`!Sub '{"username": "admin", "password": "${Asked}"}'`:                   "false",
		`!Sub '{"host": "${Other}", "password": "Xk29dkfJJs92kd"}'`:              "true",
		`!Join ['', ['{"password": "', !If [C, abc, def], '"}']]`:                "?unresolved: Fn::If on condition C",
		`{'Fn::ToJsonString': {username: admin, password: !Ref Asked}}`:          "false",
		`{'Fn::ToJsonString': {username: !Ref Asked, password: Xk29dkfJJs92kd}}`: "true",
	} {
		t.Run(expr, func(t *testing.T) {
			requireSays(t, read(t, fill(secret, expr)), "S.value_in_code="+want, "D.password_in_code="+want)
		})
	}
	given := read(t, fill(secret, "!Ref Password"), parameters("Password", "from outside"))
	requireSays(t, given, "S.value_in_code=false")
}

// TestNoValueIsKept: whatever a template says, no value of a secret is in what is
// read.
func TestNoValueIsKept(t *testing.T) {
	const canary = "Xk29dkfJJs92kdCANARY"
	p := read(t, `
Parameters: {P: {Type: String, NoEcho: true, Default: `+canary+`}}
Conditions: {C: !Equals [!Ref Unknown, x]}
Resources:
  S: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: '{"password": "`+canary+`"}'}}
  T: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: !If [C, !Ref P, !Sub 'a`+canary+`${Unknown}']}}
  D: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, MasterUserPassword: `+canary+`}}
  V: {Type: AWS::SSM::Parameter, Properties: {Name: /db/password, Type: String, Value: `+canary+`}}
  W: {Type: AWS::SSM::Parameter, Properties: {Name: /db/password2, Type: String, Value: !Sub '`+canary+`${Unknown}'}}
  F: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: {DB_PASSWORD: `+canary+`, X: !If [C, `+canary+`, y]}}}}
`)
	for r := range p.After.Resources {
		raw, err := r.MarshalJSON()
		require.NoError(t, err)
		require.NotContains(t, string(raw), "CANARY", string(raw))
	}
	for _, n := range p.Notes {
		require.NotContains(t, n, "CANARY")
	}
	requireSays(t, p, "S.value_in_code=true", "D.password_in_code=true")
	require.Contains(t, said(find(t, p, "V"), "credentials"), "rule")
	require.Contains(t, said(find(t, p, "F"), "env_credentials"), `"place":"DB_PASSWORD"`)
}
