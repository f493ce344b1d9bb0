package alerts

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func disableKey() Event { return Event{"kms", "DisableKey"} }

func TestFilter(t *testing.T) {
	for _, c := range []struct {
		pattern, why string
		want         bool
	}{
		{``, "no pattern matches all", true},
		{`{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }`, "as CIS writes it", true},
		{`{(($.eventName="ScheduleKeyDeletion")||($.eventName="DisableKey"))&&($.eventSource="kms.amazonaws.com")}`, "other order, quotes, no spaces", true},
		{`{ $.eventName = DisableKey || $.eventName = X && $.eventSource = s3.amazonaws.com }`, "&& binds tighter", true},
		{`{ ($.eventName = DisableKey || $.eventName = X) && $.eventSource = s3.amazonaws.com }`, "parentheses", false},
		{`{ $.eventName = Disable* }`, "wildcard", true},
		{`{ $.eventName = "*Key" }`, "wildcard in quotes", true},
		{`{ $.eventName = disablekey }`, "case counts", false},
		{`{ $.eventName != DescribeKey }`, "not another", true},
		{`{ $.eventName != DisableKey }`, "not this", false},
		{`{ $.eventName = DisableKey && $.errorCode NOT EXISTS }`, "the call succeeded", true},
		{`{ $.eventName = DisableKey && $.errorCode = "*Denied*" }`, "only calls that were refused", false},
		{`{ $.eventName = DisableKey && $.errorCode != "x" }`, "what is not there compares with nothing", false},
		{`{ $.eventName NOT EXISTS }`, "it has a name", false},
		{`{ $.eventName = DisableKey && $.userIdentity.type = "Root" }`, "some callers only", false},
		{`{ $.eventName = DisableKey && $.userIdentity.arn != "arn:aws:iam::1:role/admin" }`, "all but one caller", false},
		{`{ $.eventName = DisableKey || $.userIdentity.type = "Root" }`, "all callers, and more", true},
		{`{ $.readOnly IS FALSE && $.eventSource = kms.amazonaws.com }`, "all writes", true},
		{`{ $.readOnly IS TRUE }`, "reads", false},
		{`{ $.readOnly = false }`, "a truth value", true},
		{`{ $.eventName IS NULL }`, "not null", false},
		{`{ $.eventName > 3 }`, "not a number", false},
		{`{ $.eventName = %Disable.*% }`, "a regular expression", true},
		{`{ $.eventName = %^(DisableKey% }`, "one that is none", false},
		{`{ $.eventName = %^DisableKey$|^ScheduleKeyDeletion$% && $.eventSource = %kms\.% }`, "with alternatives and an escape", true},
		{`{ $.eventName = %^Key% }`, "at the beginning", false},
		{`{ $.eventName != %^Describe|^List% }`, "not what it matches", true},
		{`{ $.userIdentity.arn = %.*% }`, "of a member that is not known", false},
		{`{ $.eventName = %Disable }`, "a regular expression that does not end", false},
		{`{ %eventName% = DisableKey }`, "in place of a selector", false},
		{`%Disable[A-Z]%`, "a regular expression for text", true},
		{`%^Disable%`, "where the record begins, it does not say", false},
		{`%Enable%`, "one that is not found", false},
		{`{ $.responseElements.x[0] = 1 || $.eventName = DisableKey }`, "an element that is not known", true},
		{`DisableKey`, "a word of the record", true},
		{`"DisableKey" kms.amazonaws.com`, "two words", true},
		{`?DisableKey ?ScheduleKeyDeletion`, "one of two", true},
		{`?DisableKey2 ?ScheduleKeyDeletion`, "none of two", false},
		{`"DisableKey kms.amazonaws.com"`, "one phrase, which is not in the record", false},
		{`?"DisableKey kms.amazonaws.com" ?"DisableKey"`, "a phrase or a word", true},
		{`DisableKey "kms.amazonaws.com`, "quotes that do not end", false},
		{`"%Disable[A-Z]%"`, "percent signs in quotes are part of a phrase", false},
		{`DisableKey ERROR`, "a word that may not be there", false},
		{`DisableKey -admin`, "a word that may be there", false},
		{`[a, b, c = DisableKey]`, "columns", false},
		{`{ $.eventName = DisableKey`, "broken", false},
		{`{ $.eventName = "DisableKey }`, "quotes that do not end", false},
		{`{ $.eventName = DisableKey ) }`, "a parenthesis too many", false},
		{`{ ($.eventName = DisableKey }`, "a parenthesis too few", false},
		{`{ $.eventName DisableKey }`, "no operator", false},
		{`{ eventName = DisableKey }`, "no selector", false},
		{`{ $.eventName = }`, "no value", false},
		{`{ $.eventName IS BIG }`, "no such test", false},
		{`{ $.eventName ~ x }`, "no such operator", false},
		{`{ $.eventName = DisableKey && }`, "nothing after &&", false},
		{`{ $.eventName = DisableKey || }`, "nothing after ||", false},
		{`{ }`, "empty", false},
		{`{ $.eventName = "Disable\"Key" }`, "an escape", false},
	} {
		assert.Equal(t, c.want, Filter(c.pattern, disableKey()), "%s: %s", c.why, c.pattern)
	}
	assert.False(t, Filter(`{ ($.eventSource = kms.amazonaws.com) && ($.eventName = DisableKey) }`, Event{"kms", "PutKeyPolicy"}))
}

func FuzzFilter(f *testing.F) {
	f.Add(`{ ($.eventName = "a") && $.b NOT EXISTS || $.c IS TRUE }`)
	f.Add(`?a -b "c"`)
	f.Fuzz(func(_ *testing.T, pattern string) {
		for _, e := range Watched() {
			Filter(pattern, e)
			Pattern(pattern, e, "111122223333", "us-east-1")
		}
	})
}
