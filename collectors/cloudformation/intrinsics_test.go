package cloudformation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/cloudformation"
)

const sections = `
Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, Default: prod}
  Given: {Type: String, Default: not this}
  Open: {Type: String}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /some/name}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
Mappings:
  Sizes:
    prod: {tier: Advanced, list: [x, y]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  NotProd: !Not [Condition: IsProd]
  Asked: !Equals [!Ref Open, 'yes']
  Either: !Or [!Condition Asked, !Condition IsProd]
  Both: !And [!Condition Asked, !Condition NotProd]
  Unsure: !And [!Condition Asked, !Condition IsProd]
  Round: !Not [!Condition Round]
Resources:
  Key: {Type: AWS::KMS::Key}
  Named: {Type: AWS::Lambda::Function, Properties: {FunctionName: fn}}
  Custom: {Type: Custom::Thing}
  P:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value: none
      Name: %s
`

// TestIntrinsics evaluates expressions where the name of a parameter stands.
func TestIntrinsics(t *testing.T) {
	for expr, want := range map[string]string{
		`plain`:                                `"plain"`,
		`!Ref Env`:                             `"prod"`,
		`{Ref: Env}`:                           `"prod"`,
		`!Ref Given`:                           `"handed in"`,
		`!Ref Open`:                            `?unresolved: Ref Open, a parameter without a default`,
		`!Ref Stored`:                          `?unresolved: Ref Stored, a parameter that Parameter Store has`,
		`!Ref Nobody`:                          `?unresolved: Ref Nobody`,
		`!Ref AWS::Region`:                     `?unresolved: Ref AWS::Region`,
		`!Ref AWS::NoValue`:                    `?after_apply: a name that CloudFormation makes up`,
		`!Ref Key`:                             `?after_apply: Ref Key`,
		`!Ref Named`:                           `"fn"`,
		`!GetAtt Key.Arn`:                      `?after_apply: Fn::GetAtt Key.Arn`,
		`{'Fn::GetAtt': [Key, Arn]}`:           `?after_apply: Fn::GetAtt Key.Arn`,
		`!GetAtt Nobody.Arn`:                   `?unresolved: Fn::GetAtt Nobody.Arn`,
		`!Sub '/${Env}/${!Env}'`:               `"/prod/${Env}"`,
		`!Sub ['/${A}/${Env}', {A: !Ref Env}]`: `"/prod/prod"`,
		`!Sub '/${Env}/${Key.Arn}'`:            `?after_apply: Fn::GetAtt Key.Arn`,
		`!Sub '/${AWS::Region}/${Open}'`:       `?unresolved: Ref AWS::Region`,
		`{'Fn::Sub': '/${Env}'}`:               `"/prod"`,
		`!Sub 'a${'`:                           `"a${"`,
		`!Join ['/', [a, !Ref Env, !Ref 'AWS::NoValue', 3]]`: `"a/prod/3"`,
		`!Join ['-', !Ref Names]`:                            `"a-b-c"`,
		`!Join ['-', [a, !ImportValue x]]`:                   `?unresolved: Fn::ImportValue`,
		`!Join ['-', !Split ['/', 'a/b']]`:                   `"a-b"`,
		`!Select [1, !Ref Names]`:                            `"b"`,
		`!Select [9, !Ref Names]`:                            `?unresolved: Fn::Select`,
		`!Select [0, !GetAZs '']`:                            `?unresolved: Fn::GetAZs`,
		`!Select [1, !Split ['/', !Ref Open]]`:               `?unresolved: Ref Open, a parameter without a default`,
		`!Select [1, !Cidr [10.0.0.0/8, 2, 8]]`:              `?unresolved: Fn::Cidr`,
		`!FindInMap [Sizes, !Ref Env, tier]`:                 `"Advanced"`,
		`!Select [1, !FindInMap [Sizes, prod, list]]`:        `"y"`,
		`!FindInMap [Sizes, dev, tier]`:                      `?unresolved: Fn::FindInMap: the mapping has no such entry`,
		`!FindInMap [Sizes, dev, tier, {DefaultValue: no}]`:  `"no"`,
		`!FindInMap [Sizes, !Ref Open, tier]`:                `?unresolved: Fn::FindInMap with Ref Open, a parameter without a default`,
		`!If [IsProd, yes, no]`:                              `"yes"`,
		`!If [NotProd, yes, no]`:                             `"no"`,
		`!If [Either, yes, no]`:                              `"yes"`,
		`!If [Both, yes, no]`:                                `"no"`,
		`!If [Unsure, yes, no]`:                              `?unresolved: Fn::If on condition Unsure`,
		`!If [Asked, same, same]`:                            `"same"`,
		`!If [Asked, !If [IsProd, a, b], a]`:                 `"a"`,
		`!If [Round, yes, no]`:                               `?unresolved: Fn::If on condition Round`,
		`!If [Nobody, yes, no]`:                              `?unresolved: Fn::If on condition Nobody`,
		`!ImportValue x`:                                     `?unresolved: Fn::ImportValue`,
		`{'Fn::ImportValue': !Sub '${Env}-x'}`:               `?unresolved: Fn::ImportValue`,
		`{'Fn::Base64': !Sub '${Env}'}`:                      `"cHJvZA=="`,
		`!Length [1, 2, 3]`:                                  `"3"`,
		`{'Fn::ToJsonString': {a: !Ref Env, b: [1, '"']}}`:   `"{\"a\":\"prod\",\"b\":[\"1\",\"\\\"\"]}"`,
		`{'Fn::Transform': {Name: Mine}}`:                    `?unresolved: Fn::Transform`,
		`!Mystery x`:                                         `?unresolved: Fn::Mystery`,
		`'{{resolve:ssm:/a/b:1}}'`:                           `?unresolved: {{resolve:ssm}}`,
		`'x{{resolve:secretsmanager:s}}'`:                    `?unresolved: {{resolve:secretsmanager}}`,
		`!Join ['', ['{{resolve:ssm:', !Ref Env, '}}']]`:     `?unresolved: {{resolve:ssm}}`,
		`'{{resolve:ssm:'`:                                   `"{{resolve:ssm:"`,
		`[a]`:                                                `?unresolved: a list or an object where a text belongs`,
		`{a: b}`:                                             `?unresolved: a list or an object where a text belongs`,
		`!Join [a]`:                                          `?unresolved: Fn::Join`,
		`!Ref [a]`:                                           `?unresolved: Ref`,
		`!GetAtt [Key]`:                                      `?unresolved: Fn::GetAtt`,
		`!Sub {a: b}`:                                        `?unresolved: Fn::Sub`,
		`!If [IsProd]`:                                       `?unresolved: Fn::If`,
	} {
		p := read(t, fmt.Sprintf(sections, expr), func(o *cloudformation.Options) { o.Parameters = map[string]string{"Given": "handed in"} })
		assert.Equal(t, want, strings.TrimSpace(said(find(t, p, "P"), "name")), expr)
	}
}

// TestPlace: what follows from where a template is deployed to.
func TestPlace(t *testing.T) {
	expr := `!Sub '${AWS::Partition} ${AWS::Region} ${AWS::AccountId} ${AWS::URLSuffix}'`
	for region, want := range map[string]string{
		"eu-west-1": "aws eu-west-1 111122223333 amazonaws.com", "cn-north-1": "aws-cn cn-north-1 111122223333 amazonaws.com.cn",
		"us-gov-west-1": "aws-us-gov us-gov-west-1 111122223333 amazonaws.com",
	} {
		p := read(t, fmt.Sprintf(sections, expr), func(o *cloudformation.Options) { o.Account, o.Region = "111122223333", region })
		r := find(t, p, "P")
		require.Equal(t, `"`+want+`"`, said(r, "name"))
		require.Equal(t, region, r.ID.Region)
		require.Equal(t, "111122223333", r.ID.Account)
	}
}

// TestConditionsOnResources: what does not exist is not judged, and what may
// exist is, with a note.
func TestConditionsOnResources(t *testing.T) {
	p := read(t, sections[:strings.Index(sections, "Resources:")]+`
Resources:
  No: {Type: AWS::KMS::Key, Condition: NotProd}
  Yes: {Type: AWS::KMS::Key, Condition: IsProd}
  Maybe: {Type: AWS::KMS::Key, Condition: Asked}
  Secret: {Type: AWS::SecretsManager::Secret}
  Other: {Type: AWS::SecretsManager::Secret}
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Condition: Asked
    Properties: {SecretId: !Ref Secret, RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:f', RotationRules: {AutomaticallyAfterDays: 30}}
  NoRotation:
    Type: AWS::SecretsManager::RotationSchedule
    Condition: NotProd
    Properties: {SecretId: !Ref Other}
`)
	var ids []string
	for r := range p.After.Resources {
		ids = append(ids, r.ID.ID)
	}
	require.Equal(t, []string{"Maybe", "Yes", "Other", "Secret"}, ids)
	require.True(t, noteWith(p, "Maybe exists only if condition Asked holds"), p.Notes)
	requireSays(t, p, "Secret.rotation_enabled=?unresolved: condition Asked, of Rotation", "Secret.rotation_interval_days=?unresolved: condition Asked, of Rotation",
		"Secret.->rotation_function=?unresolved: condition Asked, of Rotation", "Other.rotation_enabled=false")
}
