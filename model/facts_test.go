package model

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhatFollowsFromKeysAndTags checks what rules are given in place of an ARN
// and of tags, of all three kinds that have them.
func TestWhatFollowsFromKeysAndTags(t *testing.T) {
	why := Unknown{Reason: ReasonAfterApply, Detail: "aws_kms_key.main.arn"}
	for name, c := range map[string]struct{ key, account Value[string] }{
		"key ARN":        {Known("arn:aws:kms:us-east-1:999988887777:key/1"), Known("999988887777")},
		"alias ARN":      {Known("arn:aws-us-gov:kms:us-gov-west-1:999988887777:alias/x"), Known("999988887777")},
		"bare alias":     {Known("alias/app"), None[string]()},
		"bare id":        {Known("1234abcd-12ab-34cd-56ef-1234567890ab"), None[string]()},
		"no whole ARN":   {Known("arn:aws:kms"), None[string]()},
		"nothing":        {None[string](), None[string]()},
		"not known yet":  {Missing[string](why), Missing[string](why)},
		"not even asked": {Value[string]{}, Value[string]{}},
	} {
		t.Run(name, func(t *testing.T) {
			s, p, trail := Secret{KMSKey: c.key}, Parameter{KMSKey: c.key}, Trail{KMSKey: c.key}
			for _, b := range []Body{&s, &p, &trail} {
				b.Derive(time.Now())
			}
			require.Equal(t, []Value[string]{c.account, c.account, c.account}, []Value[string]{s.KeyAccount, p.KeyAccount, trail.KeyAccount})
		})
	}
	for name, c := range map[string]struct {
		tags Value[map[string]string]
		keys Value[[]string]
	}{
		"sorted":        {Known(map[string]string{"owner": "a", "env": "", "Owner": "b"}), Known([]string{"Owner", "env", "owner"})},
		"none":          {Known(map[string]string{}), Known([]string{})},
		"not known yet": {Missing[map[string]string](why), Missing[[]string](why)},
	} {
		t.Run(name, func(t *testing.T) {
			s, p := Secret{Tags: c.tags}, Parameter{Tags: c.tags}
			s.Derive(time.Now())
			p.Derive(time.Now())
			require.Equal(t, []Value[[]string]{c.keys, c.keys}, []Value[[]string]{s.TagKeys, p.TagKeys})
		})
	}
}
