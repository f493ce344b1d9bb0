package model

import (
	"maps"
	"slices"
	"strings"
)

// accountOf is the account that an ARN names; absent for what is no ARN, such as
// a bare key id, which AWS looks up in the caller's own account.
func accountOf(arn Value[string]) Value[string] {
	text, ok := arn.Get()
	if !ok {
		return arn
	}
	if parts := strings.SplitN(text, ":", 6); len(parts) >= 5 && parts[0] == "arn" {
		return Known(parts[4])
	}
	return None[string]()
}

// keysOf are the keys of tags, sorted.
func keysOf(tags Value[map[string]string]) Value[[]string] {
	return mapValue(tags, func(m map[string]string) []string {
		keys := slices.AppendSeq(make([]string, 0, len(m)), maps.Keys(m)) // never null
		slices.Sort(keys)
		return keys
	})
}
