package terraform

import (
	"slices"

	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/model"
)

// policyUse says how many have a customer managed policy, and how many it bounds.
// One that the change makes nobody has but by the change. Of one that exists the
// provider says how many have it now (attachment_count), which tells that it is no
// mere boundary; how many it bounds no file says.
func (b *builder) policyUse(from *block) (attachments, boundaries model.Value[int]) {
	if !from.created {
		unknown := notInSource("who has the policy")
		if n := from.values.get("attachment_count"); n.state() == given && n.v.Type == gjson.Number && n.v.Int() > 0 {
			return model.Known(int(n.v.Int())), model.Missing[int](unknown)
		}
		return model.Missing[int](unknown), model.Missing[int](unknown)
	}
	return b.attachments(from), b.bounds(from)
}

func (b *builder) attachments(from *block) model.Value[int] {
	n := 0
	for _, kind := range []string{"aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment"} {
		for _, by := range b.of(kind) {
			if by.get("policy_arn").state() == given {
				continue // an ARN that is known is not of what is yet to be made
			}
			switch r := by.follow("policy_arn"); {
			case r.exact() == from:
				n++
			case r.vague || slices.Contains(r.blocks, from):
				return model.Missing[int](afterApply(by))
			}
		}
	}
	for _, by := range b.of("aws_iam_policy_attachment") {
		if by.get("policy_arn").state() != given {
			return model.Missing[int](afterApply(by)) // it lists any number
		}
	}
	for _, role := range b.of("aws_iam_role") {
		if own := role.get("managed_policy_arns"); own.state() != unset && role.configured("managed_policy_arns") && !own.whole() {
			return model.Missing[int](afterApply(role))
		}
	}
	return model.Known(n)
}

func (b *builder) bounds(from *block) model.Value[int] {
	n := 0
	for _, kind := range []string{"aws_iam_role", "aws_iam_user"} {
		for _, by := range b.of(kind) {
			if s := by.get("permissions_boundary").state(); s == unset || s == given {
				continue
			}
			switch r := by.follow("permissions_boundary"); {
			case r.exact() == from:
				n++
			case r.vague || slices.Contains(r.blocks, from):
				return model.Missing[int](afterApply(by))
			}
		}
	}
	return model.Known(n)
}
