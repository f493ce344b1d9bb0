package testaccount

import (
	"reflect"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// FromEvents are the attributes that the record of CloudTrail fills, and no
// collector of resources.
func FromEvents() map[string]bool {
	names := map[string]bool{}
	for _, t := range []reflect.Type{
		reflect.TypeFor[model.Activity](), reflect.TypeFor[model.PolicyActivity](), reflect.TypeFor[model.RotationActivity](), reflect.TypeFor[model.KeyActivity](),
	} {
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			names[name] = true
		}
	}
	return names
}
