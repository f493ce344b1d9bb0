package terraform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// waivers are those of the sources, one for each resource that they are about:
// the instances of the block beside which they stand, or what that block is about
// (a waiver beside a rotation is one of the secret).
func (s *sources) waivers(w *world) []model.Waiver {
	var all []model.Waiver
	types := readers()
	for _, one := range s.waived {
		addresses := map[string]bool{}
		for _, b := range w.list {
			if b.local != one.local || withoutKeys(b.module) != one.module {
				continue
			}
			if _, ok := types[b.kind]; ok {
				addresses[b.address] = true
				continue
			}
			for _, t := range b.subject().list {
				addresses[t.address] = true
			}
		}
		if len(addresses) == 0 { // count = 0, or of a type that is not judged
			addresses[strings.TrimPrefix(one.module+"."+one.local, ".")] = true
		}
		for address := range addresses {
			waiver := one.Waiver
			// A key may have a *, for which ? stands as for any character.
			waiver.Where = model.Where{Resource: strings.ReplaceAll(address, "*", "?")}
			all = append(all, waiver)
		}
	}
	slices.SortFunc(all, func(a, b model.Waiver) int {
		return cmp.Or(cmp.Compare(a.Origin.File, b.Origin.File), cmp.Compare(a.Origin.Line, b.Origin.Line), cmp.Compare(a.Where.Resource, b.Where.Resource))
	})
	return all
}

// subject is what a block is about that makes no resource of its own.
func (b *block) subject() subjects {
	switch b.kind {
	case "aws_secretsmanager_secret_rotation", "aws_secretsmanager_secret_version":
		return b.about("secret_id", "aws_secretsmanager_secret")
	case "aws_secretsmanager_secret_policy":
		return b.about("secret_arn", "aws_secretsmanager_secret")
	case "aws_kms_key_policy":
		return b.about("key_id", keyTypes()...)
	case "aws_kms_alias":
		return b.about("target_key_id", keyTypes()...)
	case "aws_lambda_permission", aliasType:
		return b.calls("function_name").functions
	case "aws_iam_role_policy", "aws_iam_role_policy_attachment":
		return b.about("role", "aws_iam_role")
	case "aws_iam_user_policy", "aws_iam_user_policy_attachment":
		return b.about("user", "aws_iam_user")
	case "aws_iam_group_policy", "aws_iam_group_policy_attachment":
		return b.about("group", "aws_iam_group")
	default:
		return subjects{}
	}
}
