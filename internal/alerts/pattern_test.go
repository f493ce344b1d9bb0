package alerts

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, why string
		want         bool
	}{
		{`{"source": ["aws.kms"], "detail-type": ["AWS API Call via CloudTrail"], "detail": {"eventSource": ["kms.amazonaws.com"], "eventName": ["ScheduleKeyDeletion", "DisableKey"]}}`, "as documented", true},
		{`{"detail": {"eventName": ["DisableKey"]}}`, "the name alone", true},
		{`{"source": ["aws.kms"]}`, "all of the service", true},
		{`{"source": ["aws.secretsmanager"]}`, "another service", false},
		{`{"detail": {"eventName": ["ScheduleKeyDeletion"]}}`, "another event", false},
		{`{"detail": {"eventName": [{"prefix": "Disable"}]}}`, "prefix", true},
		{`{"detail": {"eventName": [{"prefix": {"equals-ignore-case": "disable"}}]}}`, "prefix in any case", true},
		{`{"detail": {"eventName": [{"suffix": "Key"}]}}`, "suffix", true},
		{`{"detail": {"eventName": [{"wildcard": "D*Key"}]}}`, "wildcard", true},
		{`{"detail": {"eventName": [{"wildcard": "D*Keys"}]}}`, "wildcard of others", false},
		{`{"detail": {"eventName": [{"equals-ignore-case": "DISABLEKEY"}]}}`, "any case", true},
		{`{"detail": {"eventName": [{"anything-but": ["EnableKey"]}]}}`, "anything but another", true},
		{`{"detail": {"eventName": [{"anything-but": "DisableKey"}]}}`, "anything but this", false},
		{`{"detail": {"eventName": [{"anything-but": {"prefix": "Dis"}}]}}`, "anything but its like", false},
		{`{"detail": {"eventName": [{"anything-but": {"wildcard": ["x*", "D*"]}}]}}`, "anything but some", false},
		{`{"detail": {"eventName": [{"anything-but": {"soundex": "x"}}]}}`, "a filter that is not known", false},
		{`{"detail": {"eventName": [{"numeric": [">", 1]}]}}`, "not a number", false},
		{`{"detail": {"eventName": [{"exists": true}]}}`, "it has a name", true},
		{`{"detail": {"errorCode": [{"exists": false}]}, "source": ["aws.kms"]}`, "the call succeeded", true},
		{`{"detail": {"errorCode": [{"exists": true}]}}`, "the call was refused", false},
		{`{"detail": {"readOnly": [false]}}`, "writes", true},
		{`{"detail": {"userIdentity": {"type": ["Root"]}, "eventName": ["DisableKey"]}}`, "some callers only", false},
		{`{"detail": {"userIdentity": {"arn": [{"anything-but": "x"}]}}}`, "all callers but one", false},
		{`{"$or": [{"source": ["aws.s3"]}, {"detail": {"eventName": ["DisableKey"]}}]}`, "one of two", true},
		{`{"$or": [{"source": ["aws.s3"]}, {"source": ["aws.ec2"]}]}`, "none of two", false},
		{`{"account": ["111122223333"], "region": ["us-east-1"], "source": ["aws.kms"]}`, "here", true},
		{`{"account": ["444455556666"], "source": ["aws.kms"]}`, "another account", false},
		{`{"detail": {"awsRegion": ["eu-west-1"]}}`, "another region", false},
		{`{"resources": ["arn:aws:kms:us-east-1:111122223333:key/1"], "source": ["aws.kms"]}`, "one key only", false},
		{`{"source": "aws.kms"}`, "not a list", false},
		{`{"$or": 3}`, "not a list of patterns", false},
		{`{"source": [{"prefix": "aws.", "suffix": "kms"}]}`, "two filters in one", false},
		{`{}`, "empty", false},
		{`DisableKey`, "not JSON", false},
	} {
		assert.Equal(t, c.want, Pattern(c.pattern, disableKey(), "111122223333", "us-east-1"), "%s: %s", c.why, c.pattern)
	}
}

// TestWatched: each event is there once, and is named as IAM names the action.
func TestWatched(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Watched() {
		assert.False(t, seen[e.String()], e)
		seen[e.String()] = true
		assert.Regexp(t, `^[a-z]+:[A-Z][A-Za-z]+$`, e.String())
	}
	assert.Equal(t, "secretsmanager.amazonaws.com", Event{"secretsmanager", "DeleteSecret"}.Source())
}
