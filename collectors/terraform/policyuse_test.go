package terraform

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPolicyUse: who has a policy, of one that is made and of one that exists.
func TestPolicyUse(t *testing.T) {
	made := change{address: "aws_iam_policy.p", after: `{"name":"p","policy":"{}"}`, unknown: `{"arn":true,"id":true}`}
	attach := func(refs string) change {
		return change{
			address: "aws_iam_role_policy_attachment.a", after: `{"role":"r"}`, unknown: `{"policy_arn":true}`,
			config: `{"policy_arn":{"references":[` + refs + `]}}`,
		}
	}
	bounded := func(refs string) change {
		return change{
			address: "aws_iam_role.r", after: `{"name":"r"}`, unknown: `{"permissions_boundary":true}`,
			config: `{"permissions_boundary":{"references":[` + refs + `]}}`,
		}
	}
	exists := func(count string) change {
		values := `{"name":"p","policy":"{}","arn":"arn:aws:iam::111122223333:policy/p"` + count + `}`
		return change{address: "aws_iam_policy.p", actions: "update", before: values, after: values}
	}
	for name, test := range map[string]struct {
		plan             []change
		attached, bounds string
	}{
		"nobody has it":                   {[]change{made}, "0", "0"},
		"the change attaches it":          {[]change{made, attach(`"aws_iam_policy.p.arn","aws_iam_policy.p"`)}, "1", "0"},
		"the change may attach it":        {[]change{made, attach(`"local.policy"`)}, "after_apply", "0"},
		"another one is attached":         {[]change{made, {address: "aws_iam_role_policy_attachment.a", after: `{"role":"r","policy_arn":"arn:aws:iam::aws:policy/x"}`}}, "0", "0"},
		"it bounds a role":                {[]change{made, bounded(`"aws_iam_policy.p.arn","aws_iam_policy.p"`)}, "0", "1"},
		"it may bound a role":             {[]change{made, bounded(`"local.policy"`)}, "0", "after_apply"},
		"it exists":                       {[]change{exists("")}, "not_in_source", "not_in_source"},
		"it exists and somebody has it":   {[]change{exists(`,"attachment_count":2`)}, "2", "not_in_source"},
		"it exists and nobody has it now": {[]change{exists(`,"attachment_count":0`)}, "not_in_source", "not_in_source"},
	} {
		r := after(t, written(test.plan...))
		assert.Equal(t, test.attached, r.attribute(t, "aws_iam_policy.p", "attachment_count"), name)
		assert.Equal(t, test.bounds, r.attribute(t, "aws_iam_policy.p", "boundary_count"), name)
	}
}
