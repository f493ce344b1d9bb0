package iam_test

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/iam"
	"github.com/keyproof/keyproof/model"
)

func cell() *collectors.Cell { return &collectors.Cell{} }

// answers is a client with answers that AWS does not document.
type answers struct {
	policies, principals *sdk.GetAccountAuthorizationDetailsOutput
}

func (a answers) GetAccountAuthorizationDetails(
	_ context.Context, in *sdk.GetAccountAuthorizationDetailsInput, _ ...func(*sdk.Options),
) (*sdk.GetAccountAuthorizationDetailsOutput, error) {
	if slices.Contains(in.Filter, types.EntityTypeLocalManagedPolicy) {
		return a.policies, nil
	}
	return a.principals, nil
}

// TestOddAnswers: whatever AWS leaves out makes something unknown or a gap.
func TestOddAnswers(t *testing.T) {
	arn := func(what string) *string { return aws.String("arn:aws:iam::111122223333:" + what) }
	admin := []types.AttachedPolicy{{PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess"), PolicyName: aws.String("AdministratorAccess")}}
	text := aws.String(`%7B%22Statement%22:%7B%22Effect%22:%22Allow%22,%22Action%22:%22kms:Decrypt%22,%22Resource%22:%22*%22%7D%7D`)
	boundary := &types.AttachedPermissionsBoundary{PermissionsBoundaryArn: aws.String("arn:aws:iam::aws:policy/PowerUserAccess")}
	r := scan(t, iam.With(answers{
		policies: &sdk.GetAccountAuthorizationDetailsOutput{Policies: []types.ManagedPolicyDetail{
			{PolicyName: aws.String("nameless")},
			{Arn: arn("policy/bare"), PolicyName: aws.String("bare")},
			{Arn: arn("policy/old"), PolicyName: aws.String("old"), PolicyVersionList: []types.PolicyVersion{{Document: text}}},
			{Arn: arn("policy/bad"), PolicyName: aws.String("bad"), PolicyVersionList: []types.PolicyVersion{{Document: aws.String("%zz"), IsDefaultVersion: true}}},
		}},
		principals: &sdk.GetAccountAuthorizationDetailsOutput{
			UserDetailList:  []types.UserDetail{{UserName: aws.String("nameless")}, {Arn: arn("user/u"), UserName: aws.String("u"), AttachedManagedPolicies: admin}},
			GroupDetailList: []types.GroupDetail{{Arn: arn("group/g"), GroupName: aws.String("g"), GroupPolicyList: []types.PolicyDetail{{PolicyName: aws.String("p")}}}},
			RoleDetailList: []types.RoleDetail{{
				Arn: arn("role/r"), RoleName: aws.String("r"), PermissionsBoundary: boundary,
				RolePolicyList: []types.PolicyDetail{{PolicyName: aws.String("p"), PolicyDocument: text}},
			}},
		},
	}))
	assert.Equal(t, "AWS left out the ARN of a policy", r.gaps()[model.KindIAMPolicy].Detail)
	assert.Equal(t, "AWS left out the ARN of a user", r.gaps()[model.KindPrincipal].Detail)
	assert.Len(t, r.all, 6)
	assert.Equal(t, "AWS left out the document of policy bare", r.policy("bare").SecretReadGrants.Why().Detail)
	assert.Equal(t, "AWS left out how often a policy is attached", r.policy("bare").Attachments.Why().Detail)
	assert.Equal(t, model.StateUnknown, r.policy("bare").BoundaryCount.State())
	assert.Equal(t, "AWS left out the document of policy old", r.policy("old").SecretReadGrants.Why().Detail, "a version that is not in force does not count")
	assert.Contains(t, r.policy("bad").SecretReadGrants.Why().Detail, "not URL-encoded")

	assert.Equal(t, model.StateUnknown, r.principal("u").AdminGrants.State(), "nobody knows what the attached policy says")
	assert.Equal(t, model.Known([]string{"AdministratorAccess"}), r.principal("u").AWSManagedPolicies)
	assert.Contains(t, r.principal("g").AdminGrants.Why().Detail, "inline policy")

	// A boundary that nobody could read may take grants away, and adds none.
	bounded := r.principal("r")
	assert.Equal(t, model.StateUnknown, bounded.DecryptGrants.State())
	assert.Equal(t, model.Known([]model.Grant{}), bounded.AdminGrants)
}
