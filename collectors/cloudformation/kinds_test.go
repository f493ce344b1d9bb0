package cloudformation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestKeys: what is left out has AWS's default.
func TestKeys(t *testing.T) {
	p := read(t, `
Parameters: {On: {Type: String}, Spec: {Type: String}}
Resources:
  Plain: {Type: AWS::KMS::Key}
  Rotated: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: 'true', RotationPeriodInDays: 180, Enabled: false, Tags: [{Key: a, Value: b}]}}
  Yearly: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
  Asked: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: !Ref On}}
  RSA: {Type: AWS::KMS::Key, Properties: {KeySpec: RSA_2048, KeyUsage: SIGN_VERIFY}}
  AnySpec: {Type: AWS::KMS::Key, Properties: {KeySpec: !Ref Spec}}
  Imported: {Type: AWS::KMS::Key, Properties: {Origin: EXTERNAL, MultiRegion: true}}
  Replica: {Type: AWS::KMS::ReplicaKey, Properties: {PrimaryKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/mrk-1', KeyPolicy: {Statement: []}}}
`)
	unsure := "?unresolved: Ref On, a parameter without a default"
	requireSays(t, p,
		`Plain.manager="CUSTOMER"`, `Plain.state="Enabled"`, `Plain.spec="SYMMETRIC_DEFAULT"`, `Plain.usage="ENCRYPT_DECRYPT"`, `Plain.origin="AWS_KMS"`,
		"Plain.multi_region=false", "Plain.replica=false", "Plain.rotation_supported=true", "Plain.rotation_enabled=false", "Plain.rotation_period_days=null",
		"Plain.next_rotation_at=null", "Plain.deletion_at=null", "Plain.material_expires_at=null", "Plain.aliases=[]", "Plain.tags={}",
		"Plain.key_id=?after_apply: the id of the key", "Plain.grant_count=?not_in_source: a running account tells", "Plain.last_rotated_at=?not_in_source: a running account tells",
		"Plain.policy_present=true", "Plain.policy_public=false", "Plain.outside_accounts=[]",
		`Plain.policy_statements=[{"sid":"Enable IAM User Permissions","effect":"Allow","public":false,"accounts":[],"services":[],"actions":["kms:*"],"conditions":[]}]`,
		"Rotated.rotation_enabled=true", "Rotated.rotation_period_days=180", `Rotated.state="Disabled"`, `Rotated.tags={"a":"b"}`,
		"Rotated.next_rotation_in_days=?not_in_source: a running account tells",
		"Yearly.rotation_period_days=365", "Asked.rotation_enabled="+unsure, "Asked.rotation_period_days="+unsure,
		"RSA.rotation_enabled=null", "RSA.rotation_supported=false",
		"AnySpec.rotation_supported=?unresolved: Ref Spec, a parameter without a default", "AnySpec.rotation_enabled=?unresolved: Ref Spec, a parameter without a default",
		"Imported.state=?not_in_source: whether material was imported", "Imported.rotation_enabled=null", "Imported.material_expires_at=?not_in_source: a running account tells", "Imported.multi_region=true",
		"Replica.replica=true", `Replica.replica_of="arn:aws:kms:us-east-1:111122223333:key/mrk-1"`, "Replica.->primary=arn:aws:kms:us-east-1:111122223333:key/mrk-1", "Replica.multi_region=true", "Replica.rotation_enabled=?not_in_source: a running account tells", "Replica.policy_statements=[]",
	)
}

func TestParameters(t *testing.T) {
	requireSays(t, read(t, `
Parameters: {Value: {Type: String}}
Resources:
  Plain: {Type: AWS::SSM::Parameter, Properties: {Name: /app/flag, Type: String, Value: 'on', Tags: {team: payments}}}
  Full:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /app/DB_PASSWORD
      Type: StringList
      Tier: Advanced
      Value: Xk29dkfJJs92kd
      Policies: '[{"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": "2026-11-11T12:00:00Z"}}, {"Type": "NoChangeNotification", "Version": "1.0", "Attributes": {"After": "20", "Unit": "Days"}}]'
  Handed: {Type: AWS::SSM::Parameter, Properties: {Name: /app/DB_PASSWORD, Type: String, Value: !Ref Value}}
  Copied: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: '{{resolve:secretsmanager:s}}'}}
  ARN: {Type: AWS::SSM::Parameter, Properties: {Name: /app/secret, Type: String, Value: !Ref Secret}}
  Image: {Type: AWS::SSM::Parameter, Properties: {Type: String, DataType: 'aws:ec2:image', Value: !Ref Value}}
  Secure: {Type: AWS::SSM::Parameter, Properties: {Type: SecureString, Value: x}}
  Standard: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: x, Tier: Standard}}
  Tier: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: x, Tier: !Ref Value}}
  Secret: {Type: AWS::SecretsManager::Secret}
`),
		`Plain.name="/app/flag"`, `Plain.type="String"`, `Plain.tier="Standard"`, `Plain.data_type="text"`, `Plain.tags={"team":"payments"}`, "Plain.kms_key=null",
		"Plain.default_key=null", "Plain.->key=null", "Plain.credentials=[]", "Plain.policies=[]", "Plain.expires_at=null", "Plain.version=?not_in_source: a running account tells",
		`Full.tier="Advanced"`, `Full.policies=["Expiration","NoChangeNotification"]`, "Full.expires_in_days=10", `Full.credentials=[{"rule":"named-password","title":"literal password"}]`,
		"Handed.credentials=?unresolved: Ref Value, a parameter without a default", "Copied.credentials=?unresolved: {{resolve:secretsmanager}}",
		"Copied.name=?after_apply: a name that CloudFormation makes up", "ARN.credentials=[]", "Image.credentials=[]",
		"Secure.default_key=?unresolved: CloudFormation makes no SecureString parameters",
		"Standard.policy_present=false", "Standard.policy_public=false", "Standard.policy_statements=[]", "Standard.outside_accounts=[]",
		"Plain.outside_accounts=?not_in_source: whom a parameter that may be shared is shared with is not in the template",
		"Full.policy_public=?not_in_source: whom a parameter that may be shared is shared with is not in the template",
		"Tier.outside_accounts=?unresolved: Ref Value, a parameter without a default",
	)
}

func TestTrails(t *testing.T) {
	p := read(t, `
Resources:
  Bare: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true, S3BucketName: somewhere}}
  Full:
    Type: AWS::CloudTrail::Trail
    Properties:
      TrailName: audit
      IsLogging: false
      IsMultiRegionTrail: true
      EnableLogFileValidation: true
      KMSKeyId: !GetAtt Key.Arn
      S3BucketName: !Ref Bucket
      CloudWatchLogsLogGroupArn: !GetAtt Group.Arn
      EventSelectors: [{ReadWriteType: WriteOnly, ExcludeManagementEventSources: [kms.amazonaws.com]}]
  Advanced:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      S3BucketName: !Ref Open
      AdvancedEventSelectors: [{FieldSelectors: [{Field: eventCategory, Equals: [Management]}]}]
  Unsure: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true, S3BucketName: !Ref PublicByPolicy, EventSelectors: [{ReadWriteType: !ImportValue x}]}}
  Key: {Type: AWS::KMS::Key}
  Group: {Type: AWS::Logs::LogGroup}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: logs
      LoggingConfiguration: {DestinationBucketName: access}
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms'}}]}
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, RestrictPublicBuckets: 'true'}
  Open: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicReadWrite, LoggingConfiguration: {}}}
  PublicByPolicy: {Type: AWS::S3::Bucket}
  BP: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref PublicByPolicy, PolicyDocument: {Statement: {Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: !Sub '${PublicByPolicy.Arn}/*'}}}}
  Store: {Type: AWS::CloudTrail::EventDataStore}
`)
	requireSays(t, p,
		"Bare.name=?after_apply: a name that CloudFormation makes up", "Bare.multi_region=false", "Bare.organization=false", "Bare.global_events=true", "Bare.validation=false",
		"Bare.kms_key=null", "Bare.->key=null", `Bare.bucket="somewhere"`, "Bare.log_group=null", "Bare.logging=true", `Bare.selector_kind="classic"`,
		"Bare.management_read=true", "Bare.management_write=true", "Bare.kms_events_excluded=false", "Bare.bucket_exists=?not_in_source: a running account tells",
		"Bare.bucket_public=?not_in_source: a running account tells", "Bare.delivery_error=?not_in_source: a running account tells", "Bare.home_region=?not_in_source: the region that it is deployed to",
		"Full.logging=false", "Full.multi_region=true", "Full.validation=true", "Full.->key=Key", "Full.kms_key=?after_apply: Fn::GetAtt Key.Arn", `Full.bucket="logs"`,
		"Full.log_group=?after_apply: Fn::GetAtt Group.Arn", "Full.management_read=false", "Full.management_write=true", "Full.kms_events_excluded=true",
		"Full.bucket_exists=true", "Full.bucket_foreign=false", `Full.bucket_logging="access"`, `Full.bucket_encryption="aws:kms"`, `Full.bucket_block_public_access=["BlockPublicAcls","RestrictPublicBuckets"]`,
		"Full.bucket_policy_public=false", "Full.bucket_acl_public=[]", "Full.bucket_public=false",
		`Advanced.selector_kind="advanced"`, "Advanced.management_read=true", `Advanced.bucket_acl_public=["READ to AllUsers","WRITE to AllUsers"]`, "Advanced.bucket_block_public_access=[]",
		"Advanced.bucket_public=true", `Advanced.bucket_encryption="AES256"`, "Advanced.bucket_logging=?after_apply: Ref Open",
		"Unsure.management_read=?unresolved: Fn::ImportValue", "Unsure.selector_kind=?unresolved: Fn::ImportValue", "Unsure.bucket_policy_public=true", "Unsure.bucket_public=true", "Unsure.bucket_logging=null",
	)
	require.True(t, noteWith(p, "Store is an event data store"))
	require.Len(t, p.Notes, 1)
}

func TestDatabases(t *testing.T) {
	p := read(t, `
Parameters: {Source: {Type: String}}
Conditions: {C: !Equals [!Ref Source, x]}
Resources:
  Managed: {Type: AWS::RDS::DBCluster, Properties: {DBClusterIdentifier: Main, Engine: aurora-postgresql, ManageMasterUserPassword: true, MasterUserSecret: {KmsKeyId: !Ref Key}}}
  Default: {Type: AWS::RDS::DBInstance, Properties: {Engine: MySQL, ManageMasterUserPassword: true}}
  Member: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-postgresql, DBClusterIdentifier: !Ref Managed}}
  Replica: {Type: AWS::RDS::DBInstance, Properties: {SourceDBInstanceIdentifier: !Ref Source}}
  MaybeReplica: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, SourceDBInstanceIdentifier: !If [C, x, !Ref 'AWS::NoValue']}}
  Literal: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, MasterUserPassword: hunter2hunter2, Tags: [{Key: 'keyproof:secret', Value: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf'}]}}
  ByName: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, MasterUserPassword: '{{resolve:secretsmanager:app/db:SecretString:password}}'}}
  Named: {Type: AWS::SecretsManager::Secret, Properties: {Name: app/db}}
  Asked: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, ManageMasterUserPassword: !Ref Source}}
  Docs: {Type: AWS::DocDB::DBCluster, Properties: {MasterUserPassword: !Ref Source}}
  Graph: {Type: AWS::Neptune::DBCluster}
  Global: {Type: AWS::RDS::GlobalCluster, Properties: {GlobalClusterIdentifier: world, SourceDBClusterIdentifier: !Ref Managed}}
  Joined: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, GlobalClusterIdentifier: !Ref Global}}
  Writer: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, GlobalClusterIdentifier: !Ref Global, MasterUserPassword: !Ref Source}}
  Key: {Type: AWS::KMS::Key}
  Warehouse: {Type: AWS::Redshift::Cluster}
  Another: {Type: AWS::SecretsManager::SecretTargetAttachment, Properties: {SecretId: !Ref Named, TargetId: !Ref Warehouse, TargetType: 'AWS::Redshift::Cluster'}}
`)
	const secondary = "?not_in_source: whether another cluster of the global database is its writer, which has the password"
	made, asked := "?after_apply: the secret that RDS makes", "?unresolved: Ref Source, a parameter without a default"
	requireSays(t, p,
		`Managed.name="main"`, `Managed.type="cluster"`, `Managed.engine="aurora-postgresql"`, "Managed.cluster=null", "Managed.managed_password=true", "Managed.secret="+made,
		"Managed.->secret="+made, "Managed.->secret_key=Key", "Managed.secret_kms_key=?after_apply: Ref Key", "Managed.->credential_secret="+made, "Managed.password_in_code=false",
		"Managed.secret_status=?not_in_source: a running account tells", `Managed.global_cluster="world"`, "Managed.replica_regions=?not_in_source: replicas in other regions are in other stacks",
		`Default.engine="mysql"`, "Default.secret_kms_key="+made, "Default.global_cluster=null",
		`Member.cluster="main"`, "Member.managed_password=null", "Member.secret=null",
		"Replica.managed_password=?unresolved: Ref Source, a parameter without a default", "Replica.engine=?not_in_source: the engine of what it is made from", "Replica.replica_of="+asked,
		"MaybeReplica.managed_password=?unresolved: Fn::If on condition C",
		"Literal.password_in_code=true", "Literal.managed_password=false", "Literal.->credential_secret=arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
		"ByName.password_in_code=false", "ByName.->credential_secret=Named", "Asked.managed_password="+asked, "Asked.secret="+asked,
		`Docs.engine="docdb"`, "Docs.password_in_code=false", "Docs.managed_password=false", `Graph.engine="neptune"`, "Graph.managed_password=null", `Joined.global_cluster="world"`,
		"Joined.managed_password="+secondary, "Joined.replica_of="+secondary, "Writer.managed_password=false", "Writer.replica_of=null",
	)
}

func TestFunctions(t *testing.T) {
	p := read(t, `
Parameters: {Value: {Type: String}, Function: {Type: String}}
Resources:
  Plain: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.8, Role: 'arn:aws:iam::111122223333:role/r', Environment: {Variables: {DB_SECRET_ARN: !Ref S, LEVEL: info}}}}
  Image: {Type: AWS::Lambda::Function, Properties: {PackageType: Image, Timeout: 900, VpcConfig: {SubnetIds: [subnet-1]}, Environment: {Variables: {DB_PASSWORD: !Ref Value}}}}
  Leaky: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref Value, Environment: {Variables: {OTHER: !Ref Value, DB_PASSWORD: Xk29dkfJJs92kd}}}}
  Copy: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x, Environment: {Variables: {X: '{{resolve:secretsmanager:s}}'}}}}
  Invoked: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x, FunctionName: rotate}}
  Chosen: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x}}
  OtherOnly: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x}}
  P1: {Type: AWS::Lambda::Permission, Properties: {FunctionName: rotate, Action: 'lambda:InvokeFunction', Principal: secretsmanager.amazonaws.com, SourceAccount: !Ref 'AWS::AccountId'}}
  P2: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Sub '${Chosen.Arn}:live', Action: 'lambda:*', Principal: secretsmanager.amazonaws.com, SourceArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-*'}}
  ForAccount: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x}}
  P4: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref ForAccount, Action: 'lambda:InvokeFunction', Principal: secretsmanager.amazonaws.com, SourceAccount: '111122223333'}}
  P3: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref OtherOnly, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com}}
  S: {Type: AWS::SecretsManager::Secret}
  R: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref S, RotationLambdaARN: !Sub '${Chosen.Arn}:live', RotationRules: {AutomaticallyAfterDays: 1}}}
`)
	asked := "?unresolved: Ref Value, a parameter without a default"
	requireSays(t, p,
		`Plain.runtime="python3.8"`, "Plain.runtime_deprecated_in_days=-749", "Plain.timeout_seconds=3", `Plain.role="arn:aws:iam::111122223333:role/r"`, "Plain.vpc=false",
		"Plain.env_credentials=[]", "Plain.rotation_function=false", "Plain.state=null", "Plain.secretsmanager_source_arns=null",
		"Image.runtime=null", "Image.timeout_seconds=900", "Image.vpc=true", "Image.env_credentials=?unresolved: variable DB_PASSWORD: Ref Value, a parameter without a default",
		"Leaky.runtime="+asked, `Leaky.env_credentials=[{"rule":"named-password","title":"literal password","place":"DB_PASSWORD"}]`,
		"Copy.env_credentials=?unresolved: variable X: {{resolve:secretsmanager}}",
		"Invoked.rotation_function=?not_in_source: whether secrets of other stacks name it", `Invoked.secretsmanager_source_arns=["*"]`,
		"Chosen.rotation_function=true", `Chosen.secretsmanager_source_arns=["arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-*"]`, "Chosen.state=?not_in_source: a running account tells",
		"ForAccount.secretsmanager_source_arns=?not_in_source: whether 111122223333 is the account that it is deployed to",
		"OtherOnly.rotation_function=false", "S.->rotation_function=Chosen",
	)
}

func TestServerless(t *testing.T) {
	p := read(t, `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 20
    Runtime: python3.13
    Environment: {Variables: {LEVEL: info, DB_PASSWORD: Xk29dkfJJs92kd}}
    VpcConfig: {SubnetIds: [subnet-1]}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 30
      Environment: {Variables: {LEVEL: debug}}
      Policies:
        - AWSSecretsManagerGetSecretValuePolicy: {SecretArn: !Ref S}
        - SecretsManagerReadWrite
        - Statement: [{Effect: Allow, Action: 'kms:Decrypt', Resource: '*'}]
  Rotation:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Policies: [{AWSSecretsManagerRotationPolicy: {FunctionName: rotate}}, {DynamoDBCrudPolicy: {TableName: t}}]}
  Odd: {Type: AWS::Serverless::Function, Properties: {Policies: [{NewPolicy: {}}]}}
  Own: {Type: AWS::Serverless::Function, Properties: {Role: !GetAtt R.Arn}}
  R: {Type: AWS::IAM::Role}
  S: {Type: AWS::SecretsManager::Secret}
  App: {Type: AWS::Serverless::Application}
  More: {Type: AWS::IAM::Policy, Properties: {PolicyName: more, Roles: [!Ref MachineRole], PolicyDocument: {Statement: []}}}
  Machine: {Type: AWS::Serverless::StateMachine, Properties: {Policies: [{Statement: [{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: '*'}]}]}}
  Aliased: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: live}}
  S2: {Type: AWS::SecretsManager::Secret}
  Sch2: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref S2, RotationLambdaARN: !Ref Aliased.Alias, RotationRules: {AutomaticallyAfterDays: 30}}}
  Sch: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref S, RotationLambdaARN: !GetAtt App.Outputs.RotationLambdaARN, RotationRules: {AutomaticallyAfterDays: 30}}}
`)
	requireSays(t, p,
		"F.timeout_seconds=30", `F.runtime="python3.13"`, `F.env_credentials=[{"rule":"named-password","title":"literal password","place":"DB_PASSWORD"}]`, "F.vpc=true",
		`FRole.type="role"`, `FRole.aws_managed_policies=["AWSLambdaBasicExecutionRole","AWSLambdaVPCAccessExecutionRole","SecretsManagerReadWrite"]`,
		`FRole.inline_policies=["FRolePolicy0","FRolePolicy2"]`,
		`FRole.decrypt_grants=[{"policy":"FRolePolicy2","sid":"#1","actions":["kms:Decrypt"],"resources":["*"],"conditions":[],"limits":[]}]`,
		`RotationRole.secret_read_grants=[{"policy":"RotationRolePolicy0","sid":"#1","actions":["secretsmanager:GetSecretValue"],"resources":["arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*"],"conditions":["secretsmanager:resource/allowrotationlambdaarn"],"limits":["secretsmanager:resource/allowrotationlambdaarn"]}]`,
		`MachineRole.inline_policies=["MachineRolePolicy0","more"]`, "MachineRole.decrypt_grants=[]", "MachineRole.aws_managed_policies=[]",
		`MachineRole.secret_read_grants=[{"policy":"MachineRolePolicy0","sid":"#1","actions":["secretsmanager:GetSecretValue"],"resources":["*"],"conditions":[],"limits":[]}]`,
		"S2.->rotation_function=Aliased", "Aliased.rotation_function=true", `S2.rotation_qualifier="live"`, "Aliased.missing_qualifiers=[]",
		"RotationRole.decrypt_grants=[]", "OddRole.secret_read_grants=?unresolved: the policy template NewPolicy",
		"S.rotation_enabled=true", "S.->rotation_function=?unresolved: Fn::GetAtt App.Outputs.RotationLambdaARN, of another template", "S.managed_rotation=false",
	)
	require.NotContains(t, said(find(t, p, "FRole"), "secret_admin_grants"), "?")
	for r := range p.After.Resources {
		require.NotEqual(t, "OwnRole", r.ID.ID)
		if r.ID.Kind == model.KindPrincipal {
			require.Equal(t, model.RegionGlobal, r.ID.Region)
		}
	}
	require.True(t, noteWith(p, "App is a stack of its own"))
}
