package terraform

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestDenials: what a customer managed policy denies, it denies to all who have it.
// One whose text is not known may deny anything, and adds nothing.
func TestDenials(t *testing.T) {
	const (
		denies = `{"name":"p","policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}`
		allows = `{"name":"p","policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}`
		doc    = "data.aws_iam_policy_document.d"
	)
	policy := func(after string) change {
		return change{address: "aws_iam_policy.p", after: after, unknown: `{"arn":true,"id":true}`}
	}
	pending := change{address: "aws_iam_policy.p", after: `{"name":"p"}`, unknown: `{"arn":true,"policy":true}`, config: `{"policy":{"references":["` + doc + `.json","` + doc + `"]}}`}
	opaque := change{address: "aws_iam_policy.p", after: `{"name":"p"}`, unknown: `{"arn":true,"policy":true}`, config: `{"policy":{"references":["aws_secretsmanager_secret.s.arn","aws_secretsmanager_secret.s"]}}`}
	statements := func(list string) change {
		return change{address: doc, actions: "read", after: `{"statement":` + list + `}`, unknown: `{"json":true}`, config: `{}`}
	}
	attach := func(refs string) change {
		return change{address: "aws_iam_role_policy_attachment.a", after: `{"role":"r"}`, unknown: `{"policy_arn":true}`, config: `{"policy_arn":{"references":[` + refs + `]}}`}
	}
	exactly := attach(`"aws_iam_policy.p.arn","aws_iam_policy.p"`)
	perhaps := change{address: "aws_iam_role_policy_attachment.a", unknown: `{"policy_arn":true,"role":true}`, config: `{"role":{"references":["local.role"]},"policy_arn":{"references":["aws_iam_policy.p.arn","aws_iam_policy.p"]}}`}
	byARN := func(arn string) change {
		return change{address: "aws_iam_role_policy_attachment.a", after: `{"role":"r","policy_arn":"` + arn + `"}`}
	}
	listed := change{address: "aws_iam_role.r", after: `{"name":"r","managed_policy_arns":[null]}`, unknown: `{"managed_policy_arns":[true]}`, config: `{"managed_policy_arns":{"references":["aws_iam_policy.p.arn","aws_iam_policy.p"]}}`}
	inline := change{address: "aws_iam_role_policy.i", after: `{"name":"i","role":"r"}`, unknown: `{"policy":true}`, config: `{"policy":{"references":["` + doc + `.json","` + doc + `"]}}`}
	known := change{address: "data.aws_iam_policy.p", actions: "read", after: `{"arn":"arn:aws:iam::111122223333:policy/p",` + denies[1:]}

	const admin = `[{"policy":"all","sid":"#1","actions":["*"],"resources":["*"],"conditions":[],"limits":[]}]`
	for name, c := range map[string]struct {
		plan []change
		want string
	}{
		"it only allows":                  {[]change{policy(allows), exactly}, admin},
		"it denies":                       {[]change{policy(denies), exactly}, "[]"},
		"it may be attached":              {[]change{policy(denies), perhaps}, "after_apply"},
		"one that allows may be":          {[]change{policy(allows), perhaps}, admin},
		"it may be another":               {[]change{policy(denies), attach(`"local.policy"`)}, "after_apply"},
		"in the role's own list":          {[]change{policy(denies), listed}, "[]"},
		"text after apply":                {[]change{opaque, exactly}, "after_apply"},
		"text after apply that allows":    {[]change{pending, exactly, statements(`[{"actions":["s3:*"]},{"effect":"Allow"}]`)}, admin},
		"text after apply that denies":    {[]change{pending, exactly, statements(`[{"effect":"Deny"}]`)}, "after_apply"},
		"inline after apply, that allows": {[]change{inline, statements(`[{"effect":"Allow"}]`)}, admin},
		"inline after apply, that denies": {[]change{inline, statements(`[{"effect":"Deny"}]`)}, "after_apply"},
		"not in the file":                 {[]change{byARN("arn:aws:iam::111122223333:policy/other")}, "not_in_source"},
		"read by the plan":                {[]change{known, byARN("arn:aws:iam::111122223333:policy/p")}, "[]"},
		"one of AWS's own":                {[]change{byARN("arn:aws:iam::aws:policy/ReadOnlyAccess")}, admin},
		"one of AWS's own, which denies":  {[]change{byARN("arn:aws:iam::aws:policy/AWSDenyAll")}, "not_in_source"},
		"attached with others":            {[]change{policy(denies), {address: "aws_iam_policy_attachment.a", after: `{"roles":["r"]}`, unknown: `{"policy_arn":true}`, config: `{"policy_arn":{"references":["aws_iam_policy.p.arn","aws_iam_policy.p"]}}`}}, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			plan := append([]change{{address: "aws_iam_role_policy.all", after: `{"role":"r","name":"all","policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"}`}}, c.plan...)
			if c.plan[len(c.plan)-1].address != "aws_iam_role.r" {
				plan = append(plan, change{address: "aws_iam_role.r", after: `{"name":"r"}`})
			}
			assert.Equal(t, c.want, after(t, written(plan...)).attribute(t, "aws_iam_role.r", "admin_grants"))
		})
	}
}
