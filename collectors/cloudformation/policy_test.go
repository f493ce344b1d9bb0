package cloudformation_test

import (
	"fmt"
	"testing"

	"github.com/keyproof/keyproof/collectors/cloudformation"
)

const resourcePolicy = `
Parameters:
  Open: {Type: String}
  Fixed: {Type: String, Default: '999999999999'}
Conditions: {C: !Equals [!Ref Open, x]}
Resources:
  S: {Type: AWS::SecretsManager::Secret}
  Role: {Type: AWS::IAM::Role}
  Endpoint: {Type: AWS::EC2::VPCEndpoint}
  Custom: {Type: Custom::Thing}
  P:
    Type: AWS::SecretsManager::ResourcePolicy
    Properties:
      SecretId: !Ref S
      ResourcePolicy:
        Version: 2012-10-17
        Statement: %s
`

// TestResourcePolicies: what a policy says with expressions in it, when nobody
// says which account it is for. The readings of an unresolved part must agree.
func TestResourcePolicies(t *testing.T) {
	const (
		get    = `Action: 'secretsmanager:GetSecretValue', Resource: '*'`
		unsure = "?unresolved: Ref Open, a parameter without a default"
		ifC    = "?unresolved: Fn::If on condition C"
		org    = "?not_in_source: whether 999999999999 is of the same organization"
	)
	for statement, want := range map[string][3]string{ // public, outside accounts, statements known
		`[{Effect: Allow, Principal: '*', ` + get + `}]`:                                                                             {"true", "[]", "known"},
		`[{Effect: Allow, Principal: {AWS: '*'}, ` + get + `}]`:                                                                      {"true", "[]", "known"},
		`{effect: Allow, principal: '*', action: 'a:b'}`:                                                                             {"true", "[]", "known"},
		`[{Effect: Allow, Principal: {AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}, ` + get + `}]`:                 {"false", "[]", "known"},
		`[{Effect: Allow, Principal: {AWS: !Ref 'AWS::AccountId'}, ` + get + `}]`:                                                    {"false", "[]", "known"},
		`[{Effect: Allow, Principal: {AWS: !GetAtt Role.Arn}, ` + get + `}]`:                                                         {"false", "[]", "known"},
		`[{Effect: Allow, Principal: {AWS: 'arn:aws:iam::999999999999:root'}, ` + get + `}]`:                                         {"false", org, "?not_in_source: whether account 999999999999 is the one that it is deployed to"},
		`[{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${Fixed}:root'}, ` + get + `}]`:                                        {"false", org, "?not_in_source: whether account 999999999999 is the one that it is deployed to"},
		`[{Effect: Allow, Principal: {AWS: !Ref Open}, ` + get + `}]`:                                                                {unsure, unsure, unsure},
		`[{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${Open}:root'}, ` + get + `}]`:                                         {unsure, unsure, unsure},
		`[{Effect: Allow, Principal: {AWS: !GetAtt Custom.Arn}, ` + get + `}]`:                                                       {"?after_apply", "", ""},
		`[{Effect: Deny, Principal: {AWS: !Ref Open}, ` + get + `}]`:                                                                 {"false", "[]", unsure},
		`[{Effect: Allow, Principal: {AWS: !Ref 'AWS::AccountId'}, Action: 'a:b', Resource: !Ref Open}]`:                             {"false", "[]", "known"},
		`[{Effect: Allow, Principal: '*', Action: 'a:b', Resource: !Ref Open}]`:                                                      {"true", "[]", "known"},
		`[{Effect: Allow, Principal: '*', ` + get + `, Condition: {StringEquals: {'aws:SourceVpce': !Ref Endpoint}}}]`:               {"false", "[]", "known"},
		`[{Effect: Allow, Principal: '*', ` + get + `, Condition: {StringEquals: {'aws:PrincipalAccount': !Ref 'AWS::AccountId'}}}]`: {"false", "[]", "known"},
		`[{Effect: Allow, Principal: '*', ` + get + `, Condition: {StringEquals: {'aws:PrincipalOrgID': !Ref Open}}}]`:               {unsure, unsure, unsure},
		`[{Effect: Allow, Principal: '*', ` + get + `, Condition: {Bool: {'aws:SecureTransport': !Ref Open}}}]`:                      {unsure, unsure, unsure},
		`[{Effect: Allow, Principal: '*', ` + get + `, Condition: !Ref Open}]`:                                                       {unsure, unsure, unsure},
		`[{Effect: Allow, Principal: '*', ` + get + `}, {Effect: Allow, Principal: {AWS: !Ref Open}, ` + get + `}]`:                  {"true", unsure, "known"},
		`[!If [C, {Effect: Allow, Principal: '*', ` + get + `}, !Ref 'AWS::NoValue']]`:                                               {ifC, "[]", ifC},
		`[!If [C, {Effect: Allow, Principal: {AWS: !Ref 'AWS::AccountId'}, ` + get + `}, !Ref 'AWS::NoValue']]`:                      {"false", "[]", ifC},
		`[!If [C, !Ref Open, !Ref 'AWS::NoValue']]`:                                                                                  {ifC, ifC, ifC},
		`!Ref Open`: {unsure, unsure, unsure},
		`[{Effect: !Ref Open, Principal: '*', ` + get + `}]`:                                {unsure, unsure, unsure},
		`[{Effect: Allow, NotPrincipal: {AWS: [!Ref Open]}, ` + get + `}]`:                  {"?unresolved", "", ""},
		`[{'Fn::Transform': {Name: x}, Effect: Allow, Principal: {AWS: '1'}, ` + get + `}]`: {"?unresolved", "", ""},
	} {
		t.Run(statement, func(t *testing.T) {
			r := find(t, read(t, fill(resourcePolicy, statement)), "S")
			for i, name := range []string{"policy_public", "outside_accounts", "policy_statements"} {
				got := said(r, name)
				switch {
				case want[i] == "" || want[i] == "known" && got[0] == '[':
				case want[i] == "?unresolved" && got[:11] == want[i], want[i] == "?after_apply" && got[0] == '?':
				case got != want[i]:
					t.Errorf("%s: %s, want %s", name, got, want[i])
				}
			}
		})
	}
	for condition, want := range map[string]string{
		`{StringEquals: {'aws:SourceVpce': !Ref Endpoint}}`:                                                `["a VPC endpoint of the template"]`,
		`{StringEquals: {'aws:SourceVpce': !Ref Endpoint, 'aws:PrincipalAccount': !Ref 'AWS::AccountId'}}`: `[]`,
		`{IpAddress: {'aws:SourceIp': 203.0.113.0/24}}`:                                                    `["203.0.113.0/24"]`,
		`{IpAddress: {'aws:SourceIp': !Ref Open}}`:                                                         unsure,
		`!Ref Open`: unsure,
	} {
		r := find(t, read(t, fill(resourcePolicy, `[{Effect: Allow, Principal: '*', `+get+`, Condition: `+condition+`}]`)), "S")
		if got := said(r, "open_networks"); got != want {
			t.Errorf("%s: %s, want %s", condition, got, want)
		}
	}
	trusted := read(t, fill(resourcePolicy, `[{Effect: Allow, Principal: {AWS: '999999999999'}, Action: 'a:b'}]`), deployed,
		func(o *cloudformation.Options) { o.Trusted = []string{"999999999999"} })
	requireSays(t, trusted, "S.outside_accounts=[]", "S.policy_public=false")
	text := read(t, "Resources:\n  K: {Type: AWS::KMS::Key, Properties: {KeyPolicy: !Sub '{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"${AWS::AccountId}\"}, \"Action\": \"kms:*\"}]}'}}\n  E: {Type: AWS::KMS::Key, Properties: {KeyPolicy: ''}}\n")
	requireSays(t, text, "K.policy_public=false", "K.outside_accounts=[]", "E.policy_public=?unresolved: a list or an object where a text belongs")
	own := read(t, fill(resourcePolicy, `[{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:root'}, Action: 'a:b'}]`), deployed)
	requireSays(t, own, "S.outside_accounts=[]", `S.policy_statements=[{"sid":"#1","effect":"Allow","public":false,"accounts":[],"services":[],"actions":["a:b"],"conditions":[]}]`)
}

// TestIdentities: who may do what, by which of the many ways to give a policy.
func TestIdentities(t *testing.T) {
	p := read(t, `
Parameters: {Open: {Type: String}}
Conditions: {C: !Equals [!Ref Open, x]}
Resources:
  Inline:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: all
          PolicyDocument: {Statement: [{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: !Sub 'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*'}]}
  Narrow:
    Type: AWS::IAM::Role
    Properties: {RoleName: narrow, Tags: [{Key: a, Value: b}], Policies: [{PolicyName: one, PolicyDocument: {Statement: [{Effect: Allow, Action: 'secretsmanager:*', Resource: [!Ref S, !Sub '${S}*']}]}}]}
  Unsure:
    Type: AWS::IAM::Role
    Properties: {Policies: [{PolicyName: one, PolicyDocument: {Statement: [{Effect: Allow, Action: 'kms:Decrypt', Resource: !Ref Open}]}}]}
  Path:
    Type: AWS::IAM::Role
    Properties: {Policies: [{PolicyName: one, PolicyDocument: {Statement: [{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: !Sub 'arn:aws:secretsmanager:*:*:secret:${Open}/*'}]}}]}
  Admin: {Type: AWS::IAM::User, Properties: {UserName: root, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']}}
  Foreign: {Type: AWS::IAM::User, Properties: {ManagedPolicyArns: [!Join ['', ['arn:', !Ref 'AWS::Partition', ':iam::aws:policy/SomethingElse']], !Ref Managed, 'arn:aws:iam::111122223333:policy/p']}}
  Parameter: {Type: AWS::IAM::User, Properties: {ManagedPolicyArns: [!Ref Open]}}
  Bounded: {Type: AWS::IAM::Role, Properties: {PermissionsBoundary: !Ref Boundary, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']}}
  BoundedOutside: {Type: AWS::IAM::Role, Properties: {PermissionsBoundary: 'arn:aws:iam::111122223333:policy/b', ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']}}
  Boundary: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}}}
  Managed: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: keys, Path: /a/, Roles: [!Ref Inline], PolicyDocument: {Statement: [{Effect: Allow, Action: 'kms:*', Resource: '*'}]}}}
  Team: {Type: AWS::IAM::Group, Properties: {GroupName: team}}
  Given: {Type: AWS::IAM::Policy, Properties: {PolicyName: given, Groups: [!Ref Team], Roles: [outside], PolicyDocument: {Statement: [{Effect: Allow, Action: 'ssm:GetParameter', Resource: '*'}]}}}
  Separate: {Type: AWS::IAM::UserPolicy, Properties: {PolicyName: separate, UserName: !Ref Admin, PolicyDocument: {Statement: []}}}
  Deny: {Type: AWS::IAM::RolePolicy, Condition: C, Properties: {PolicyName: d, RoleName: !Ref Inline, PolicyDocument: {Statement: [{Effect: Deny, Action: '*', Resource: '*'}]}}}
  MaybeBoth:
    Type: AWS::IAM::Role
    Properties: {Policies: [{PolicyName: one, PolicyDocument: {Statement: [!If [C, {Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: '*', Resource: '*'}]]}}]}
  S: {Type: AWS::SecretsManager::Secret}
`)
	const ifC = "?unresolved: condition C, of Deny"
	admin := `[{"policy":"AdministratorAccess","sid":"#1","actions":["*"],"resources":["*"],"conditions":[],"limits":[]}]`
	requireSays(t, p,
		"Inline.secret_read_grants="+ifC, "Inline.inline_policies="+ifC, "Inline.attached_policies="+ifC,
		"Narrow.secret_admin_grants=[]", "Narrow.secret_read_grants=[]", `Narrow.tags={"a":"b"}`, `Narrow.path="/"`, "Narrow.permissions_boundary=null", "Narrow.service_linked=false", `Narrow.type="role"`,
		"Unsure.decrypt_grants=?unresolved: Ref Open, a parameter without a default", "Unsure.secret_read_grants=[]",
		"Path.secret_read_grants=[]", "Admin.admin_grants="+admin, `Admin.aws_managed_policies=["AdministratorAccess"]`, `Admin.inline_policies=["separate"]`, "Admin.created_at=?not_in_source: a running account tells",
		"Foreign.admin_grants=?not_in_source: what AWS's policy SomethingElse allows", "Foreign.attached_policies=?after_apply: Ref Managed", `Foreign.aws_managed_policies=["SomethingElse"]`,
		"Parameter.admin_grants=?unresolved: Ref Open, a parameter without a default",
		"Bounded.admin_grants=[]", "Bounded.permissions_boundary=?after_apply: Ref Boundary",
		"BoundedOutside.admin_grants=?not_in_source: what its permissions boundary allows",
		"Boundary.attachment_count=?unresolved: Ref Open, a parameter without a default", "Boundary.boundary_count=1", "Boundary.admin_grants=[]",
		`Managed.path="/a/"`, "Managed.attachment_count=?unresolved: Ref Open, a parameter without a default",
		`Managed.decrypt_grants=[{"policy":"keys","sid":"#1","actions":["kms:Decrypt","kms:ReEncryptFrom"],"resources":["*"],"conditions":[],"limits":[]}]`,
		"Team.tags=null", `Team.inline_policies=["given"]`, `Team.parameter_read_grants=[{"policy":"given","sid":"#1","actions":["ssm:GetParameter"],"resources":["*"],"conditions":[],"limits":[]}]`,
		`Given.type="role"`, `Given.parameter_read_grants=[{"policy":"given","sid":"#1","actions":["ssm:GetParameter"],"resources":["*"],"conditions":[],"limits":[]}]`,
		"Given.admin_grants=?not_in_source: the other policies of the role that Given is for",
		"MaybeBoth.admin_grants=?unresolved: Fn::If on condition C",
	)
	china := read(t, `
Resources:
  R: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: 'arn:aws-cn:secretsmanager:*:*:secret:*'}]}}]}}
`)
	requireSays(t, china, "R.secret_read_grants=?unresolved: Ref AWS::Partition")
}

// TestDenials: what a customer managed policy denies, it denies to all who have it.
// One that nobody can read may deny anything, and adds nothing.
func TestDenials(t *testing.T) {
	const template = `
Parameters: {Open: {Type: String}}
Conditions: {C: !Equals [!Ref Open, x]}
Resources:
  R: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess', %s]}}
  N: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: [%[1]s]}}
  Grants: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}}}
  Denies: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: denies, PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: '*', Resource: '*'}]}}}
  DeniesSome: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: [{Effect: Deny, Action: '*', Resource: !Ref Open}]}}}
  MayDeny: {Type: AWS::IAM::ManagedPolicy, Condition: C, Properties: {PolicyDocument: {Statement: [{Effect: Deny, Action: '*', Resource: '*'}]}}}
  Opaque: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: [{Fn::Transform: {Name: a, Parameters: {}}}]}}}
  Beside: {Type: AWS::IAM::ManagedPolicy, Properties: {Roles: [%[2]s], PolicyDocument: {Statement: [{Effect: Deny, Action: '*', Resource: '*'}]}}}
`
	const admin = `[{"policy":"AdministratorAccess","sid":"#1","actions":["*"],"resources":["*"],"conditions":[],"limits":[]}]`
	for attached, want := range map[string]string{
		"!Ref Grants":                          admin,
		"!Ref Denies":                          "[]",
		"!Ref DeniesSome":                      "?unresolved: Ref Open, a parameter without a default",
		"!Ref MayDeny":                         "?unresolved: condition C, of MayDeny",
		"!Ref Opaque":                          "?unresolved: Fn::Transform",
		"'arn:aws:iam::111122223333:policy/p'": "?not_in_source: the text of the policy arn:aws:iam::111122223333:policy/p",
		"!Sub 'arn:aws:iam::${AWS::AccountId}:policy/denies'": "[]",
	} {
		p := read(t, fmt.Sprintf(template, attached, "outside"))
		requireSays(t, p, "R.admin_grants="+want, "N.admin_grants=[]")
	}
	requireSays(t, read(t, fmt.Sprintf(template, "!Ref Grants", "!Ref R")), "R.admin_grants=[]", "N.admin_grants=[]")
}
