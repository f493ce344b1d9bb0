package session

import (
	"reflect"
	"slices"
)

// decrypts says whether a call asks for the value of a parameter in plain text.
// That is said by a member of the request, which no IAM action tells.
func decrypts(input any) bool {
	if in := reflect.Indirect(reflect.ValueOf(input)); in.Kind() == reflect.Struct {
		if field := in.FieldByName("WithDecryption"); field.IsValid() {
			decrypt, ok := reflect.TypeAssert[*bool](field)
			if !ok || decrypt != nil && *decrypt {
				return true
			}
		}
	}
	return false
}

// answersWithValue says whether a call's answer would hold the value of a
// secret. Such a call is refused even if it is declared.
func answersWithValue(action string) bool {
	return slices.Contains([]string{
		"secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "kms:Decrypt",
	}, action)
}
