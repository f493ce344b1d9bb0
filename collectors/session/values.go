package session

import (
	"reflect"
	"slices"
)

// answersWithValue says whether a call's answer would hold the value of a
// secret. Such a call is refused even if a collector declares it. That a
// parameter is to be decrypted is said by a member of the request, which no
// IAM action tells.
func answersWithValue(action string, input any) bool {
	if in := reflect.Indirect(reflect.ValueOf(input)); in.Kind() == reflect.Struct {
		if field := in.FieldByName("WithDecryption"); field.IsValid() {
			decrypt, ok := reflect.TypeAssert[*bool](field)
			if !ok || decrypt != nil && *decrypt {
				return true
			}
		}
	}
	return slices.Contains([]string{
		"secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "kms:Decrypt",
	}, action)
}
