package session

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// answersWithValue says whether a call's answer would hold the value of a
// secret. Such a call is refused even if a collector declares it: a parameter
// is decrypted by a member of the request, which no IAM action tells.
func answersWithValue(action string, input any) bool {
	switch in := input.(type) {
	case *ssm.GetParameterInput:
		return aws.ToBool(in.WithDecryption)
	case *ssm.GetParametersInput:
		return aws.ToBool(in.WithDecryption)
	case *ssm.GetParametersByPathInput:
		return aws.ToBool(in.WithDecryption)
	case *ssm.GetParameterHistoryInput:
		return aws.ToBool(in.WithDecryption)
	}
	return slices.Contains([]string{
		"secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "kms:Decrypt",
	}, action)
}
