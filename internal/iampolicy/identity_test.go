package iampolicy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

var owner = iampolicy.Owner{Partition: "aws", Account: own}

func grants(statements string) model.Grants {
	return iampolicy.IdentityGrants([]iampolicy.Source{{Name: "p", Document: `{"Statement": [` + statements + `]}`}}, nil, owner)
}

// has is which of the grants a policy has, in one letter each: Admin, secret
// adMin, Secrets read, Parameters read, Decrypt, destroY.
func has(t *testing.T, g model.Grants) string {
	t.Helper()
	letters := ""
	for i, v := range []model.Value[[]model.Grant]{
		g.AdminGrants, g.SecretAdminGrants, g.SecretReadGrants, g.ParameterReadGrants, g.DecryptGrants, g.DestroyGrants,
	} {
		list, ok := v.Get()
		require.True(t, ok, v.Why())
		if len(list) > 0 {
			letters += string("AMSPDY"[i])
		}
	}
	return letters
}

func statement(effect, action, resource, more string) string {
	return `{"Effect": "` + effect + `", ` + action + `, ` + resource + more + `}`
}

func doing(actions ...string) string { return `"Action": ` + text(actions) }
func on(resources ...string) string  { return `"Resource": ` + text(resources) }
func text(list []string) string      { raw, _ := json.Marshal(list); return string(raw) }
func allows(action, resource string) string {
	return statement("Allow", doing(action), on(resource), "")
}

func TestGrants(t *testing.T) {
	deny := func(action, resource string) string { return statement("Deny", doing(action), on(resource), "") }
	const (
		everySecret = "arn:aws:secretsmanager:*:*:secret:*"
		everyKey    = "arn:aws:kms:*:*:key/*"
	)
	for _, tt := range []struct{ name, statements, want string }{
		{"administrator", allows("*", "*"), "AMSPDY"},
		{"administrator in full", allows("*:*", "*"), "AMSPDY"},
		{"administrator in one statement without brackets", `{"Effect": "Allow", "Action": "*", "Resource": "*"}`, "AMSPDY"},
		{"administrator by what is left out", statement("Allow", `"NotAction": "s3:DeleteBucket"`, on("*"), ""), "AMSPDY"},
		{"AWS's PowerUserAccess", statement("Allow", `"NotAction": ["iam:*", "organizations:*", "account:*"]`, on("*"), ""), "MSPDY"},
		{"everything of one project's", allows("*", "arn:aws:*:*:*:*/payments/*"), ""},

		{"all of Secrets Manager", allows("secretsmanager:*", "*"), "MSY"},
		{"all of Secrets Manager, in odd case", allows("SecretsManager:*", "*"), "MSY"},
		{"all of what begins like it", allows("secrets*", "*"), "MSY"},
		{"reading", allows("secretsmanager:GetSecretValue", "*"), "S"},
		{"reading by pattern", allows("secretsmanager:Get*", "*"), "S"},
		{"reading by ?", allows("secretsmanager:GetSecretValu?", "*"), "S"},
		{"describing", allows("secretsmanager:Describe*", "*"), ""},
		{"all secrets by ARN", allows("secretsmanager:GetSecretValue", everySecret), "S"},
		{"all secrets by ARN and suffix", allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:*-??????"), "S"},
		{"all secrets of one region", allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:ap-southeast-2:111111111111:secret:*"), "S"},
		{"all secrets of some regions", allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-*:111111111111:secret:*"), "S"},
		{"all of an account's secrets elsewhere", allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:999999999999:secret:*"), "S"},
		{"wildcard over colons", allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*"), "S"},
		{"wildcard over everything", allows("secretsmanager:GetSecretValue", "arn:*:secret:*"), "S"},
		{"secrets below a path", allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:payments/*"), ""},
		{"secrets below any path", allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:*/db-*"), ""},
		{"one secret", allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:111111111111:secret:a-AbCdEf"), ""},
		{"secrets of another partition", allows("secretsmanager:GetSecretValue", "arn:aws-cn:secretsmanager:*:*:secret:*"), ""},
		{"the principal's own secrets", allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:${aws:username}/*"), ""},
		{"all buckets", allows("secretsmanager:GetSecretValue", "arn:aws:s3:::*"), ""},
		{"NotResource", statement("Allow", doing("secretsmanager:GetSecretValue"), `"NotResource": "arn:aws:secretsmanager:*:*:secret:prod/*"`, ""), "S"},
		{"NotResource of one region", statement("Allow", doing("secretsmanager:GetSecretValue"), `"NotResource": "arn:aws:secretsmanager:us-east-1:*:*"`, ""), "S"},
		{"NotResource of all", statement("Allow", doing("secretsmanager:GetSecretValue"), `"NotResource": ["`+everySecret+`"]`, ""), ""},

		{"parameters", allows("ssm:GetParameter*", "*"), "P"},
		{"parameters, one of the actions", allows("ssm:GetParametersByPath", "arn:aws:ssm:*:*:parameter/*"), "P"},
		{"parameters without slash", allows("ssm:GetParameterHistory", "arn:aws:ssm:*:*:parameter*"), "P"},
		{"parameters below a path", allows("ssm:GetParameter*", "arn:aws:ssm:*:*:parameter/payments/*"), ""},
		{"parameters below the root", allows("ssm:GetParametersByPath", "arn:aws:ssm:*:*:parameter/"), "P"},
		{"parameters below the root, one denied", allows("ssm:GetParametersByPath", "arn:aws:ssm:*:*:parameter/") + "," +
			deny("ssm:*", "arn:aws:ssm:*:*:parameter/payments/*"), "P"},
		{"parameters below the root, denied", allows("ssm:GetParametersByPath", "arn:aws:ssm:*:*:parameter/") + "," +
			deny("ssm:GetParametersByPath", "arn:aws:ssm:*:*:parameter/"), ""},
		{"a parameter whose name is the root", allows("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/"), ""},
		{"AWS's ReadOnlyAccess, in part", allows("ssm:Get*", "*"), "P"},
		{"listing parameters", allows("ssm:DescribeParameters", "*"), ""},

		{"deletion of secrets", allows("secretsmanager:Delete*", "*"), "Y"},
		{"deletion of keys", allows("kms:ScheduleKeyDeletion", everyKey), "Y"},
		{"deletion of one key", allows("kms:ScheduleKeyDeletion", "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"), ""},

		{"denied in the same policy", allows("secretsmanager:*", "*") + "," + deny("secretsmanager:GetSecretValue", "*"), "Y"},
		{"denied in one region", allows("secretsmanager:GetSecretValue", "*") + "," + deny("*", "arn:aws:secretsmanager:us-east-1:*:*"), "S"},
		{"denied in two regions", allows("secretsmanager:GetSecretValue", "*") + "," +
			statement("Deny", doing("*"), on("arn:aws:secretsmanager:us-east-1:*:*", "arn:aws:secretsmanager:eu-west-1:*:*"), ""), "S"},
		{"NotResource of two regions", statement("Allow", doing("secretsmanager:GetSecretValue"),
			`"NotResource": ["arn:aws:secretsmanager:us-east-1:*:*", "arn:aws:secretsmanager:eu-west-1:*:*"]`, ""), "S"},
		{"denied in all regions but one", allows("secretsmanager:GetSecretValue", "*") + "," +
			statement("Deny", doing("*"), `"NotResource": "arn:aws:secretsmanager:ap-southeast-2:*:*"`, ""), "S"},
		{"denied for some", allows("secretsmanager:GetSecretValue", "*") + "," + deny("*", "arn:aws:secretsmanager:*:*:secret:prod/*"), "S"},
		{"denied for all but some", allows("secretsmanager:GetSecretValue", "*") + "," +
			statement("Deny", doing("*"), `"NotResource": "arn:aws:secretsmanager:*:*:secret:payments/*"`, ""), ""},
		{"denied on a condition", allows("secretsmanager:GetSecretValue", "*") + "," +
			statement("Deny", doing("*"), on("*"), `, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}`), "S"},
		{"an administrator's keys denied", allows("*", "*") + "," + deny("kms:*", "*"), "MSPY"},
		{"nothing but a Deny", deny("*", "*"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, has(t, grants(tt.statements))) })
	}
}

// TestGrantsOfVariables: some variables stand for the same in every request of the
// owner's principals, others choose.
func TestGrantsOfVariables(t *testing.T) {
	read := func(version, statements string) string {
		return has(t, iampolicy.IdentityGrants([]iampolicy.Source{{
			Name: "p", Document: `{` + version + `"Statement": [` + statements + `]}`,
		}}, nil, owner))
	}
	const current = `"Version": "2012-10-17", `
	for _, tt := range []struct{ name, resource, want string }{
		{"own account", "arn:aws:secretsmanager:*:${aws:PrincipalAccount}:secret:*", "S"},
		{"own account, its own case", "arn:aws:secretsmanager:*:${AWS:principalaccount}:secret:*", "S"},
		{"account of the secret", "arn:aws:secretsmanager:*:${aws:ResourceAccount}:secret:*", "S"},
		{"region of the request", "arn:aws:secretsmanager:${aws:RequestedRegion}:*:secret:*", "S"},
		{"both", "arn:aws:secretsmanager:${aws:RequestedRegion}:${aws:PrincipalAccount}:secret:*", "S"},
		{"own tag", "arn:aws:secretsmanager:*:*:secret:${aws:PrincipalTag/team}/*", ""},
		{"own account and name", "arn:aws:secretsmanager:*:${aws:PrincipalAccount}:secret:${aws:username}/*", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, read(current, allows("secretsmanager:GetSecretValue", tt.resource)))
		})
	}
	denied := allows("secretsmanager:GetSecretValue", "*") + "," +
		statement("Deny", doing("*"), on("arn:aws:secretsmanager:*:${aws:PrincipalAccount}:secret:*"), "")
	assert.Empty(t, read(current, denied))
	assert.Equal(t, "S", read("", denied), "older versions have no variables")
	assert.Empty(t, read(`"Version": "2008-10-17", `, allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:${aws:PrincipalAccount}:secret:*")))
}

// TestGrantsOfPeers are policies about which the named checks of other scanners
// err.
func TestGrantsOfPeers(t *testing.T) {
	for _, tt := range []struct{ check, name, statements, want string }{
		{"prowler iam_policy_no_full_access_to_kms", "only the full set fails: kms:Decrypt on * passes", allows("kms:Decrypt", "*"), "D"},
		{"prowler iam_policy_no_full_access_to_kms", "arn:aws:kms:*:*:key/* is not taken for all", allows("kms:Decrypt", "arn:aws:kms:*:*:key/*"), "D"},
		{"prowler iam_inline_policy_no_full_access_to_kms", "no such check for secretsmanager", allows("secretsmanager:*", "*"), "MSY"},
		{"prowler iam_inline_policy_no_full_access_to_kms", "no such check for ssm", allows("ssm:*", "*"), "P"},
		{"steampipe kms_key_decryption_restricted_in_iam_customer_managed_policy", "kms:D* is missed", allows("kms:D*", "*"), "D"},
		{"steampipe kms_key_decryption_restricted_in_iam_customer_managed_policy", "kms:Re* is missed", allows("kms:Re*", "*"), "D"},
		{"steampipe kms_key_decryption_restricted_in_iam_customer_managed_policy", "NotAction is missed",
			statement("Allow", `"NotAction": ["kms:Create*", "secretsmanager:*", "ssm:*", "iam:*"]`, on("*"), ""), "DY"},
		{"steampipe kms_key_decryption_restricted_in_iam_customer_managed_policy", "alias/* is taken for all keys", allows("kms:Decrypt", "arn:aws:kms:*:*:alias/*"), ""},
		{"steampipe kms_key_decryption_restricted_in_iam_inline_policy", "typo kms:deencrypt*", allows("kms:Decrypt*", "*"), "D"},
		{"steampipe kms_key_decryption_restricted_in_iam_inline_policy", "kms:reencrypt* is missing", allows("kms:ReEncrypt*", "*"), "D"},
		{"steampipe iam_policy_no_full_access_to_kms", "Action * is ok", allows("*", "*"), "AMSPDY"},
		{"steampipe iam_policy_custom_no_blocked_kms_actions", "kms:* is not matched", allows("kms:*", "*"), "DY"},
		{"steampipe iam_policy_custom_no_blocked_kms_actions", "a policy of one key alarms",
			allows("kms:Decrypt", "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"), ""},
		{"steampipe ec2_instance_no_iam_role_with_destruction_kms_access", "looks in the trust policy, which cannot hold it", allows("kms:ScheduleKeyDeletion", "*"), "Y"},
		{"awsconfig iam-customer-policy-blocked-kms-actions", "re-encrypting to a key does not decrypt", allows("kms:ReEncryptTo", "*"), ""},
		{"checkov CKV_AWS_107/108/287/288", "only Resource * statements", allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:*"), "S"},
		{"checkov CKV_AWS_355/356", "BatchGetSecretValue takes no resource but *, and reads nothing alone",
			statement("Allow", doing("secretsmanager:BatchGetSecretValue", "secretsmanager:ListSecrets"), on("*"), ""), ""},
	} {
		t.Run(tt.check+": "+tt.name, func(t *testing.T) { assert.Equal(t, tt.want, has(t, grants(tt.statements))) })
	}
}

// TestGrantLimits: prowler iam_policy_no_full_access_to_kms, Security Hub KMS.1
// and AWS Config iam-customer-policy-blocked-kms-actions ignore conditions, and so
// fail a policy that a tag or an alias narrows to chosen keys.
func TestGrantLimits(t *testing.T) {
	for _, tt := range []struct{ name, condition, limits string }{
		{"a tag", `"StringEquals": {"aws:ResourceTag/team": "payments"}`, "aws:resourcetag/team"},
		{"the service's tag key", `"StringLike": {"secretsmanager:ResourceTag/team": "pay*"}`, "secretsmanager:resourcetag/team"},
		{"the function that rotates it", `"StringEquals": {"secretsmanager:resource/AllowRotationLambdaArn": "arn:aws:lambda:us-east-1:111111111111:function:rotate"}`, "secretsmanager:resource/allowrotationlambdaarn"},
		{"any function that rotates it", `"StringLike": {"secretsmanager:resource/AllowRotationLambdaArn": "*"}`, ""},
		{"every function, by its ARN", `"ArnLike": {"secretsmanager:resource/AllowRotationLambdaArn": "arn:aws:lambda:*:*:function:*"}`, ""},
		{"every function of GovCloud", `"StringLike": {"secretsmanager:resource/AllowRotationLambdaArn": "arn:aws-us-gov:lambda:us-gov-west-1:111111111111:*"}`, ""},
		{"some functions", `"ArnLike": {"secretsmanager:resource/AllowRotationLambdaArn": "arn:aws:lambda:*:*:function:payments-*"}`, "secretsmanager:resource/allowrotationlambdaarn"},
		{"the principal's own tag", `"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}`, "aws:resourcetag/team"},
		{"any tag", `"StringLike": {"aws:ResourceTag/team": "*"}`, ""},
		{"another tag", `"StringNotEquals": {"aws:ResourceTag/env": "prod"}`, ""},
		{"a tag if it is there", `"StringEqualsIfExists": {"aws:ResourceTag/team": "payments"}`, ""},
		{"tagged at all", `"Null": {"aws:ResourceTag/team": "false"}`, ""},
		{"alias", `"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/payments"}`, "kms:resourcealiases"},
		{"any alias", `"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/*"}`, ""},
		{"any alias of the request", `"StringLike": {"kms:RequestAlias": ["alias/app", "alias*"]}`, ""},
		{"some aliases", `"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/app*"}`, "kms:resourcealiases"},
		{"alias of all values", `"ForAllValues:StringEquals": {"kms:ResourceAliases": "alias/payments"}`, ""},
		{"one secret's ciphertext", `"StringLike": {"kms:EncryptionContext:SecretARN": "arn:aws:secretsmanager:*:*:secret:payments/*"}`, "kms:encryptioncontext:secretarn"},
		{"every secret's ciphertext", `"StringLike": {"kms:EncryptionContext:SecretARN": "arn:aws:secretsmanager:*:*:secret:*"}`, ""},
		{"every parameter's ciphertext", `"StringLike": {"kms:EncryptionContext:PARAMETER_ARN": ["x", "arn:aws-cn:ssm:*:*:parameter/*"]}`, ""},
		{"by way of a service", `"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}`, ""},
		{"with a second factor", `"Bool": {"aws:MultiFactorAuthPresent": "true"}`, ""},
		{"one's own account", `"StringEquals": {"aws:ResourceAccount": "111111111111"}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := grants(`{"Sid": "s", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {` + tt.condition + `}}`)
			list, ok := g.DecryptGrants.Get()
			require.True(t, ok)
			require.Len(t, list, 1, "a condition takes nothing away")
			assert.Len(t, list[0].Conditions, 1)
			assert.Equal(t, tt.limits, strings.Join(list[0].Limits, " "))
		})
	}
}

// TestGrantConditions: one that holds without its key is no condition that can be
// accepted as a limit.
func TestGrantConditions(t *testing.T) {
	for condition, want := range map[string]string{
		`"Bool": {"aws:MultiFactorAuthPresent": "true"}`:                                                                "aws:multifactorauthpresent",
		`"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}`:                                                        "aws:multifactorauthpresent if it is there",
		`"StringLikeIfExists": {"kms:ViaService": "s3.*"}`:                                                              "kms:viaservice if it is there",
		`"ForAllValues:StringEquals": {"aws:CalledVia": "s3.amazonaws.com"}`:                                            "aws:calledvia if it is there",
		`"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}`: "aws:multifactorauthage if it is there, aws:multifactorauthpresent",
		`"StringEqualsIfExists": {"aws:RequestedRegion": "eu-west-1"}`:                                                  "aws:requestedregion",
	} {
		g := grants(`{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {` + condition + `}}`)
		list, _ := g.DecryptGrants.Get()
		require.Len(t, list, 1, condition)
		assert.Equal(t, want, strings.Join(list[0].Conditions, ", "), condition)
	}
}

func TestGrantNames(t *testing.T) {
	g := iampolicy.IdentityGrants([]iampolicy.Source{
		{Name: "a", Document: `{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`},
		{Name: "b", Document: `{"Statement": [{"Effect": "Allow", "Action": ["kms:D*", "kms:ReEncrypt*", "secretsmanager:DeleteSecret"],
			"Resource": ["arn:aws:s3:::b/*", "arn:aws:kms:*:*:key/*"], "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}]}`},
		{Name: "c", Document: `{"Statement": {"Sid": "all", "Effect": "Allow", "Action": "kms:Decrypt", "NotResource": "arn:aws:s3:::b"}}`},
	}, nil, owner)
	assert.Equal(t, model.Known([]model.Grant{
		{Policy: "b", SID: "#1", Actions: []string{"kms:Decrypt", "kms:ReEncryptFrom"}, Resources: []string{"arn:aws:kms:*:*:key/*"}, Conditions: []string{"aws:sourcevpc"}, Limits: []string{}},
		{Policy: "c", SID: "all", Actions: []string{"kms:Decrypt"}, Resources: []string{"everything but arn:aws:s3:::b"}, Conditions: []string{}, Limits: []string{}},
	}), g.DecryptGrants)
	assert.Equal(t, model.Known([]model.Grant{}), g.DestroyGrants, "its resources are keys, not secrets")
}

// TestGrantsOfSeveral: a Deny in one policy counts for the others of the same
// identity, and so does its boundary.
func TestGrantsOfSeveral(t *testing.T) {
	doc := func(s string) string { return `{"Statement": [` + s + `]}` }
	all := []iampolicy.Source{{Name: "admin", Document: doc(allows("*", "*"))}}
	denied := append(all[:1:1], iampolicy.Source{Name: "deny", Document: doc(statement("Deny", doing("kms:Decrypt", "kms:ReEncrypt*"), on("*"), ""))})
	assert.Equal(t, "AMSPY", has(t, iampolicy.IdentityGrants(denied, nil, owner)))
	for name, tt := range map[string]struct{ boundary, want string }{
		"allows all":         {allows("*", "*"), "AMSPDY"},
		"allows all, denies": {allows("*", "*") + "," + statement("Deny", doing("kms:*", "iam:*"), on("*"), ""), "MSPY"},
		"allows one path":    {allows("*", "arn:aws:secretsmanager:*:*:secret:payments/*"), ""},
		"allows one region":  {allows("secretsmanager:*", "arn:aws:secretsmanager:ap-southeast-2:*:secret:*"), "MSY"},
		"denies but one":     {allows("ssm:*", "*") + "," + statement("Deny", doing("*"), `"NotResource": "arn:aws:ssm:ap-southeast-2:*:*"`, ""), "P"},
		"allows one service": {allows("kms:*", "*"), "DY"},
		"allows if":          {statement("Allow", doing("ssm:*"), on("*"), `, "Condition": {"Bool": {"aws:SecureTransport": "true"}}`), "P"},
		"allows nothing":     {statement("Deny", doing("s3:*"), on("*"), ""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, has(t, iampolicy.IdentityGrants(all, &iampolicy.Source{Name: "b", Document: doc(tt.boundary)}, owner)))
		})
	}
}

// TestGrantsUnknown: what AWS's grammar does not have is unknown, never harmless.
func TestGrantsUnknown(t *testing.T) {
	good := `{"Statement": []}`
	for name, doc := range map[string]string{
		"empty": "", "not JSON": `{"Statement": [`, "no statement": `{}`, "no resource": `{"Statement": {"Effect": "Allow", "Action": "*"}}`,
		"both": `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "NotResource": "*"}}`,
		"null": `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": null}}`, "null too": `{"Statement": {"Effect": "Allow", "Action": "*", "NotResource": null}}`,
		"null principal": `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "NotPrincipal": null}}`,
		"principal":      `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}}`,
		"bad condition":  `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": []}}`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, g := range []model.Grants{
				iampolicy.IdentityGrants([]iampolicy.Source{{Name: "good", Document: good}, {Name: "bad", Document: doc}}, nil, owner),
				iampolicy.IdentityGrants([]iampolicy.Source{{Name: "good", Document: good}}, &iampolicy.Source{Name: "bad", Document: doc}, owner),
			} {
				assert.Equal(t, model.StateUnknown, g.SecretReadGrants.State())
				assert.Equal(t, model.ReasonFailed, g.DecryptGrants.Why().Reason)
				assert.Contains(t, g.AdminGrants.Why().Detail, "bad is not")
			}
		})
	}
}

func FuzzIdentityGrants(f *testing.F) {
	f.Add(`{"Statement": [` + allows("kms:D*", "arn:aws:kms:*:*:key/*") + `]}`)
	f.Add(`{"Statement": {"Effect": "Deny", "NotAction": "a:?", "NotResource": ["*", "arn:::::"], "Condition": {"StringLike": {"aws:ResourceTag/a": "*"}}}}`)
	f.Fuzz(func(t *testing.T, doc string) {
		g := iampolicy.IdentityGrants([]iampolicy.Source{{Name: "p", Document: doc}}, nil, owner)
		if _, known := g.AdminGrants.Get(); known != (g.DestroyGrants.State() == model.StateKnown) {
			t.Fatal("partly known")
		}
	})
}
