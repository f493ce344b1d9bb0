package iampolicy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

const (
	own      = "111111111111"
	member   = "222222222222" // of the same organization
	stranger = "999999999999"
	unsure   = "555555555555" // nobody can say
	ownOrg   = "o-aaaaaaaaaa"
	otherOrg = "o-zzzzzzzzzz"
)

var denied = model.Unknown{Reason: model.ReasonAccessDenied, Action: "organizations:ListAccounts"}

func trusts(id string) model.Value[bool] {
	switch id {
	case own, member, ownOrg:
		return model.Known(true)
	case unsure:
		return model.Missing[bool](denied)
	}
	return model.Known(false)
}

func facts(doc string) model.PolicyFacts {
	return iampolicy.Facts(doc, model.ResourceID{Kind: model.KindSecret, Account: own, Region: "us-east-1", ID: "arn"}, trusts)
}

// allow is a policy of one Allow statement.
func allow(principal, condition string) string {
	return policy("Allow", `"Principal": `+principal, condition)
}

func policy(effect, principal, condition string) string {
	if condition != "" {
		condition = `, "Condition": {` + condition + `}`
	}
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Sid": "s", "Effect": %q, %s,
		"Action": "secretsmanager:GetSecretValue", "Resource": "*"%s}]}`, effect, principal, condition)
}

const anyone = `"*"`

func TestPublic(t *testing.T) {
	equals := func(key, value string) string { return fmt.Sprintf(`"StringEquals": {%q: %q}`, key, value) }
	tests := []struct {
		name    string
		doc     string
		public  bool
		outside []string
	}{
		{"no condition", allow(anyone, ""), true, nil},
		{"AWS star", allow(`{"AWS": "*"}`, ""), true, nil},
		{"AWS star in a list", allow(`{"AWS": ["*"]}`, ""), true, nil},
		// steampipe kms_cmk_policy_prohibit_public_access: "Principal list that contains * plus others not matched"
		{"star beside an account", allow(`{"AWS": ["arn:aws:iam::111111111111:root", "*"]}`, ""), true, nil},
		// prowler secretsmanager_not_publicly_accessible: "aws partition hard-coded"
		{"wildcard account, aws", allow(`{"AWS": "arn:aws:iam::*:root"}`, ""), true, nil},
		{"wildcard account, aws-cn", allow(`{"AWS": "arn:aws-cn:iam::*:root"}`, ""), true, nil},
		{"wildcard account, aws-us-gov", allow(`{"AWS": "arn:aws-us-gov:iam::*:role/x"}`, ""), true, nil},
		{"wildcard service", allow(`{"Service": "*"}`, ""), true, nil},
		{"wildcard federated", allow(`{"Federated": "*"}`, ""), true, nil},
		{"wildcard name, fixed account", allow(`{"AWS": "arn:aws:iam::999999999999:role/*"}`, ""), false, []string{stranger}},
		// prowler secretsmanager_not_publicly_accessible: "NotPrincipal with Allow is not recognised as public"
		{"NotPrincipal", policy("Allow", `"NotPrincipal": {"AWS": "arn:aws:iam::999999999999:root"}`, ""), true, nil},
		{"NotPrincipal narrowed", policy("Allow", `"NotPrincipal": {"AWS": "999999999999"}`, equals("aws:PrincipalAccount", own)), false, nil},
		{"NotPrincipal with Deny", policy("Deny", `"NotPrincipal": {"AWS": "999999999999"}`, ""), false, nil},
		{"Deny everyone", policy("Deny", `"Principal": "*"`, ""), false, nil},
		// prowler secretsmanager_not_publicly_accessible: "Statement given as a single object raises"
		{"statement without brackets", `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}`, true, nil},
		{"statement without brackets, account", `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "999999999999"}, "Action": "*", "Resource": "*"}}`, false, []string{stranger}},
		{"NotAction", `{"Statement": [{"Effect": "Allow", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}]}`, true, nil},
		// Deny is not weighed: prowler's "Deny statements are ignored" errs to the safe side.
		{"Deny of the same beside it", `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "a:*", "Resource": "*"},
			{"Effect": "Deny", "Principal": "*", "Action": "a:*", "Resource": "*"}]}`, true, nil},
		{"the second statement", `{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "a:*", "Resource": "*"},
			{"Effect": "Allow", "Principal": "*", "Action": "a:*", "Resource": "*"}]}`, true, nil},

		{"own root", allow(`{"AWS": "arn:aws:iam::111111111111:root"}`, ""), false, nil},
		{"own account id", allow(`{"AWS": "111111111111"}`, ""), false, nil},
		{"own account id without quotes", allow(`{"AWS": 111111111111}`, ""), false, nil},
		{"member", allow(`{"AWS": "arn:aws:iam::222222222222:root"}`, ""), false, nil},
		{"stranger's root", allow(`{"AWS": "arn:aws:iam::999999999999:root"}`, ""), false, []string{stranger}},
		{"stranger's user", allow(`{"AWS": "arn:aws:iam::999999999999:user/a/b"}`, ""), false, []string{stranger}},
		{"stranger's role in China", allow(`{"AWS": "arn:aws-cn:iam::999999999999:role/r"}`, ""), false, []string{stranger}},
		{"stranger's session in GovCloud", allow(`{"AWS": "arn:aws-us-gov:sts::999999999999:assumed-role/r/s"}`, ""), false, []string{stranger}},
		{"stranger's SAML provider", allow(`{"Federated": "arn:aws:iam::999999999999:saml-provider/p"}`, ""), false, []string{stranger}},
		{"several, one twice", allow(`{"AWS": ["999999999999", "arn:aws:iam::888888888888:root", "arn:aws:iam::999999999999:user/a", "222222222222"]}`, ""), false, []string{"888888888888", stranger}},
		{"deleted user", allow(`{"AWS": "AIDAACKCEVSQ6C2EXAMPLE"}`, ""), false, nil},
		{"deleted role", allow(`{"AWS": ["AROADBQP57FF2AEXAMPLE"]}`, ""), false, nil},
		{"service", allow(`{"Service": "lambda.amazonaws.com"}`, ""), false, nil},
		{"Deny of a stranger", policy("Deny", `"Principal": {"AWS": "999999999999"}`, ""), false, nil},

		{"own organization", allow(anyone, equals("aws:PrincipalOrgID", ownOrg)), false, nil},
		{"other organization", allow(anyone, equals("aws:PrincipalOrgID", otherOrg)), false, []string{otherOrg}},
		{"organization, key in odd case", allow(anyone, equals("AWS:principalORGid", ownOrg)), false, nil},
		{"organization with wildcard", allow(anyone, `"StringLike": {"aws:PrincipalOrgID": "o-*"}`), true, nil},
		{"one of two organizations is *", allow(anyone, `"StringLike": {"aws:PrincipalOrgID": ["o-aaaaaaaaaa", "*"]}`), true, nil},
		{"organization, negated", allow(anyone, `"StringNotEquals": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}`), true, nil},
		{"organization path", allow(anyone, `"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-aaaaaaaaaa/r-ab12/*"}`), false, nil},
		{"organization path for all values", allow(anyone, `"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-aaaaaaaaaa/*"}`), true, nil},
		{"organization path without the organization", allow(anyone, `"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "*/r-ab12/*"}`), true, nil},
		{"organization if it exists", allow(anyone, `"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}`), true, nil},
		{"organization must exist", allow(anyone, `"Null": {"aws:PrincipalOrgID": "false"}`), true, nil},

		{"principal account, own", allow(anyone, equals("aws:PrincipalAccount", own)), false, nil},
		{"principal account, stranger", allow(anyone, equals("aws:PrincipalAccount", stranger)), false, []string{stranger}},
		{"principal account for all values", allow(anyone, `"ForAllValues:StringEquals": {"aws:PrincipalAccount": "999999999999"}`), false, []string{stranger}},
		{"principal account if it exists", allow(anyone, `"StringEqualsIfExists": {"aws:PrincipalAccount": "111111111111"}`), false, nil},
		// prowler and steampipe KMS: "kms:CallerAccount with any string value counts as restrictive"
		{"caller account, stranger", allow(anyone, equals("kms:CallerAccount", stranger)), false, []string{stranger}},
		{"caller account, *", allow(anyone, `"StringLike": {"kms:CallerAccount": "*"}`), true, nil},
		{"caller account, no account", allow(anyone, equals("kms:CallerAccount", "us")), true, nil},
		{"caller account and service", allow(`{"AWS": "*"}`, `"StringEquals": {"kms:CallerAccount": "111111111111", "kms:ViaService": "s3.us-east-1.amazonaws.com"}`), false, nil},
		// prowler kms_key_not_publicly_accessible: "kms:ViaService … with any string value counts as restrictive"
		{"via service", allow(anyone, equals("kms:ViaService", "s3.us-east-1.amazonaws.com")), true, nil},
		{"called via", allow(anyone, `"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}`), true, nil},
		{"resource account", allow(anyone, equals("aws:ResourceAccount", own)), true, nil},
		{"source account", allow(anyone, equals("aws:SourceAccount", own)), false, nil},
		{"source account if it exists", allow(anyone, `"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}`), true, nil},
		{"source owner, stranger", allow(anyone, equals("aws:SourceOwner", stranger)), false, []string{stranger}},
		{"source ARN", allow(anyone, `"ArnEquals": {"aws:SourceArn": "arn:aws:events:us-east-1:999999999999:rule/r"}`), false, []string{stranger}},
		{"source ARN of a bucket", allow(anyone, `"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}`), false, nil},
		{"source ARN of buckets", allow(anyone, `"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket*"}`), true, nil},
		{"source ARN of any account", allow(anyone, `"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:topic"}`), true, nil},
		{"principal ARN", allow(anyone, `"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::999999999999:role/r"}`), false, []string{stranger}},
		{"principal ARN, any role of an account", allow(anyone, `"ArnLike": {"aws:PrincipalArn": "arn:*:iam::999999999999:role/*"}`), false, []string{stranger}},
		{"principal ARN, any account", allow(anyone, `"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}`), true, nil},
		{"principal ARN, text pattern before the account", allow(anyone, `"StringLike": {"aws:PrincipalArn": "arn:*:iam::999999999999:role/*"}`), true, nil},
		{"principal ARN if it exists", allow(anyone, `"ArnEqualsIfExists": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/r"}`), true, nil},
		{"principal ARN, negated", allow(anyone, `"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::999999999999:role/r"}`), true, nil},
		{"principal tag", allow(anyone, equals("aws:PrincipalTag/team", "pay")), true, nil},
		{"policy variable", allow(anyone, equals("aws:PrincipalAccount", "${aws:ResourceAccount}")), true, nil},
		{"policy variable in an ARN", allow(anyone, `"ArnLike": {"aws:SourceArn": "arn:aws:s3:::${aws:PrincipalTag/bucket}"}`), true, nil},
		{"service name", allow(anyone, equals("aws:PrincipalServiceName", "cloudtrail.amazonaws.com")), false, nil},
		{"any AWS service", allow(anyone, `"Bool": {"aws:PrincipalIsAWSService": "true"}`), true, nil},

		{"addresses", allow(anyone, `"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32", "198.51.100.7"]}`), false, nil},
		{"all addresses", allow(anyone, `"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}`), true, nil},
		{"all addresses of IPv6", allow(anyone, `"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "::/0"]}`), true, nil},
		{"half of all addresses", allow(anyone, `"IpAddress": {"aws:SourceIp": "128.0.0.0/1"}`), true, nil},
		{"IPv4 in IPv6", allow(anyone, `"IpAddress": {"aws:SourceIp": "::ffff:0.0.0.0/96"}`), true, nil},
		{"private addresses", allow(anyone, `"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}`), false, nil},
		{"not these addresses", allow(anyone, `"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}`), true, nil},
		{"no address", allow(anyone, `"IpAddress": {"aws:SourceIp": "office"}`), true, nil},
		{"addresses as text", allow(anyone, equals("aws:SourceIp", "203.0.113.0/24")), true, nil},
		{"addresses within some VPC", allow(anyone, `"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}`), true, nil},
		{"VPC", allow(anyone, equals("aws:SourceVpc", "vpc-0123456789abcdef0")), false, nil},
		{"any VPC", allow(anyone, `"StringLike": {"aws:SourceVpc": "vpc-*"}`), true, nil},
		{"VPC endpoint", allow(anyone, equals("aws:SourceVpce", "vpce-0123456789abcdef0")), false, nil},
		{"user id", allow(anyone, equals("aws:userid", "AIDAACKCEVSQ6C2EXAMPLE")), false, nil},
		{"role id with any session", allow(anyone, `"StringLike": {"aws:userid": "AROADBQP57FF2AEXAMPLE:*"}`), true, nil},
		// checkov CKV_AWS_33, kics fa00ce45: "any Condition passes"
		{"TLS", allow(anyone, `"Bool": {"aws:SecureTransport": "true"}`), true, nil},
		{"TLS without quotes", allow(anyone, `"Bool": {"aws:SecureTransport": true}`), true, nil},
		{"date", allow(anyone, `"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}`), true, nil},
		{"an operator that does not exist", allow(anyone, `"StringIs": {"aws:PrincipalAccount": "111111111111"}`), true, nil},
		{"no values", allow(anyone, `"StringEquals": {"aws:PrincipalAccount": []}`), true, nil},
		{"two conditions, one restricts", allow(anyone, `"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}`), false, nil},
		{"two accounts that contradict", allow(anyone, `"StringEquals": {"aws:PrincipalAccount": "999999999999", "kms:CallerAccount": "111111111111"}`), false, nil},
		{"named stranger under own account", allow(`{"AWS": "999999999999"}`, equals("kms:CallerAccount", own)), false, nil},
		{"named stranger under addresses", allow(`{"AWS": "999999999999"}`, `"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}`), false, []string{stranger}},
		{"named stranger under own organization", allow(`{"AWS": "999999999999"}`, equals("aws:PrincipalOrgID", ownOrg)), false, []string{stranger}},
		{"everyone and a stranger, under addresses", allow(`{"AWS": ["*", "999999999999"]}`, `"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}`), false, []string{stranger}},
		{"network of another account", allow(anyone, equals("aws:VpceAccount", stranger)), false, nil},
		// Whose network it is says nothing about who calls through it.
		{"named stranger through own network", allow(`{"AWS": "999999999999"}`, equals("aws:VpceAccount", own)), false, []string{stranger}},
		{"named stranger through own VPC", allow(`{"AWS": "999999999999"}`, `"ArnEquals": {"aws:SourceVpcArn": "arn:aws:ec2:us-east-1:111111111111:vpc/vpc-0123456789abcdef0"}`), false, []string{stranger}},
		{"strangers through own network", allow(anyone, `"StringEquals": {"aws:VpceAccount": "111111111111", "aws:PrincipalAccount": "999999999999"}`), false, []string{stranger}},
		{"strangers through own network, key of KMS", allow(anyone, `"StringEquals": {"aws:VpceAccount": "111111111111", "kms:CallerAccount": "999999999999"}`), false, []string{stranger}},
		{"own principals through a stranger's network", allow(anyone, `"StringEquals": {"aws:VpceAccount": "999999999999", "aws:PrincipalAccount": "111111111111"}`), false, nil},
		{"own network", allow(anyone, equals("aws:VpceAccount", own)), false, nil},
		{"network of another organization", allow(anyone, equals("aws:VpceOrgID", otherOrg)), false, nil},

		// For whom a service calls is whom it lets in.
		{"service for a stranger", allow(`{"Service": "events.amazonaws.com"}`, equals("aws:SourceAccount", stranger)), false, []string{stranger}},
		{"service for a stranger's rule", allow(`{"Service": "events.amazonaws.com"}`, `"ArnLike": {"aws:SourceArn": "arn:aws:events:us-east-1:999999999999:rule/*"}`), false, []string{stranger}},
		{"service for another organization", allow(`{"Service": "events.amazonaws.com"}`, equals("aws:SourceOrgID", otherOrg)), false, []string{otherOrg}},
		{"service for own organization", allow(`{"Service": "events.amazonaws.com"}`, equals("aws:SourceOrgID", ownOrg)), false, nil},
		{"service for a member", allow(`{"Service": "events.amazonaws.com"}`, equals("aws:SourceAccount", member)), false, nil},
		{"service for the owner", allow(`{"Service": "events.amazonaws.com"}`, equals("aws:SourceAccount", own)), false, nil},
		{"service for a stranger's rule, in own account", allow(`{"Service": "events.amazonaws.com"}`,
			`"StringEquals": {"aws:SourceAccount": "111111111111"}, "ArnLike": {"aws:SourceArn": "arn:aws:events:us-east-1:999999999999:rule/*"}`), false, nil},
		{"service, and an account that is none", allow(`{"AWS": "999999999999", "Service": "events.amazonaws.com"}`, equals("aws:SourceAccount", own)), false, nil},
		{"no service for a stranger", allow(`{"AWS": "111111111111"}`, equals("aws:SourceAccount", stranger)), false, nil},
	}
	assert.Greater(t, len(tests), 60)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := facts(tt.doc)
			public, ok := f.PolicyPublic.Get()
			require.True(t, ok, "unknown: %s", f.PolicyPublic.Why())
			assert.Equal(t, tt.public, public)
			outside, ok := f.OutsideAccounts.Get()
			require.True(t, ok)
			assert.Equal(t, append([]string{}, tt.outside...), outside)
			var certain []model.Outsider
			for _, id := range outside {
				certain = append(certain, model.Outsider{Account: id, Certain: true})
			}
			assert.Equal(t, model.Known(certain), f.Outsiders)
			var why []string
			list, _ := f.PolicyStatements.Get()
			for _, s := range list {
				if s.Public {
					why = append(why, s.Why)
				}
				assert.NotContains(t, s.Accounts, own, "the owner is no other account")
			}
			assert.Equal(t, tt.public, len(why) > 0)
			assert.NotContains(t, why, "", "a public statement says why")
		})
	}
}

// TestNetworks: who comes through a network may be of any account, unless another
// condition or the Principal says who.
func TestNetworks(t *testing.T) {
	const vpc, endpoint = `"aws:SourceVpc": "vpc-0123456789abcdef0"`, `"aws:SourceVpce": "vpce-0123456789abcdef0"`
	for _, tt := range []struct {
		name, principal, condition string
		want                       []string
	}{
		{"endpoint", anyone, `"StringEquals": {` + endpoint + `}`, []string{"vpce-0123456789abcdef0"}},
		{"VPC and endpoint", anyone, `"StringEquals": {` + vpc + `,` + endpoint + `}`, []string{"vpc-0123456789abcdef0", "vpce-0123456789abcdef0"}},
		{"ARN of a VPC", anyone, `"ArnEquals": {"aws:SourceVpcArn": "arn:aws:ec2:us-east-1:111111111111:vpc/vpc-0"}`, []string{"arn:aws:ec2:us-east-1:111111111111:vpc/vpc-0"}},
		{"addresses", anyone, `"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.7"]}`, []string{"198.51.100.7", "203.0.113.0/24"}},
		{"whose network", anyone, `"StringEquals": {"aws:VpceAccount": "111111111111", "aws:VpceOrgID": "o-aaaaaaaaaa"}`, []string{own, ownOrg}},
		{"conditions that do not say who", `{"AWS": "*"}`, `"StringEquals": {` + vpc + `}, "StringLike": {"kms:ViaService": "*"}, "Bool": {"aws:SecureTransport": "true"}`, []string{"vpc-0123456789abcdef0"}},
		{"a tag is what the caller's account writes", anyone, `"StringEquals": {` + vpc + `, "aws:PrincipalTag/team": "pay"}`, []string{"vpc-0123456789abcdef0"}},
		{"the account too", anyone, `"StringEquals": {` + endpoint + `, "aws:PrincipalAccount": "111111111111"}`, nil},
		{"the account too, key of KMS", anyone, `"StringEquals": {` + endpoint + `, "kms:CallerAccount": "111111111111"}`, nil},
		{"the organization too", anyone, `"StringEquals": {` + endpoint + `, "aws:PrincipalOrgID": "o-aaaaaaaaaa"}`, nil},
		{"the service too", anyone, `"StringEquals": {` + endpoint + `, "aws:PrincipalServiceName": "logs.amazonaws.com"}`, nil},
		{"one source", anyone, `"StringEquals": {` + endpoint + `, "aws:SourceAccount": "111111111111"}`, nil},
		{"the owner, through a network", `{"AWS": "111111111111"}`, `"StringEquals": {` + endpoint + `}`, nil},
		{"a stranger, through a network", `{"AWS": "999999999999"}`, `"StringEquals": {` + endpoint + `}`, nil},
		{"any network, which is public", anyone, `"StringLike": {"aws:SourceVpc": "*"}`, nil},
		{"nobody says from where", anyone, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, model.Known(tt.want), facts(allow(tt.principal, tt.condition)).Networks)
		})
	}
	require.Equal(t, model.Known([]string{}), facts(policy("Deny", `"Principal": "*"`, `"StringEquals": {`+endpoint+`}`)).Networks)
	require.Equal(t, model.Known([]string{"vpce-0123456789abcdef0"}), facts(policy("Allow", `"NotPrincipal": {"AWS": "999999999999"}`, `"StringEquals": {`+endpoint+`}`)).Networks)
}

func TestNoPolicy(t *testing.T) {
	for _, doc := range []string{"", " \n"} {
		f := facts(doc)
		assert.Equal(t, model.Known(false), f.PolicyPresent)
		assert.Equal(t, model.Known(false), f.PolicyPublic)
		assert.Equal(t, model.Known([]string{}), f.OutsideAccounts)
		assert.Equal(t, model.Known([]model.Outsider{}), f.Outsiders)
		assert.Equal(t, model.Known([]string{}), f.Networks)
		assert.Equal(t, model.Known([]model.PolicyStatement{}), f.PolicyStatements)
	}
}

func TestMalformedIsUnknown(t *testing.T) {
	const rest = `"Action": "a:b", "Resource": "*"`
	for _, doc := range []string{
		`{`, `null`, `[]`, `"*"`, `{}`, `{} {}`, `{"Statement": 1}`, `{"Statement": [1]}`, `not json`, strings.Repeat("[", 100000),
		`{"Statement": [{"Effect": "Allow", ` + rest + `}]}`,
		`{"Statement": [{"Effect": "allow", "Principal": "*", ` + rest + `}]}`,
		`{"Statement": [{"Principal": "*", ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": "*", "NotPrincipal": "*", ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": "arn:aws:iam::111111111111:root", ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": ["*"], ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": null, ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": {"Everyone": "*"}, ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": {"AWS": [null]}, ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": "*", "Resource": "*"}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": "*", "Conditions": {}, ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": "*", "Condition": [], ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": "*", "Condition": {"Bool": "x"}, ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Deny", "Effect": "Allow", "Principal": "*", ` + rest + `}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "1"}, "principal": "*", ` + rest + `}]}`,
	} {
		t.Run(doc[:min(40, len(doc))], func(t *testing.T) {
			f := facts(doc)
			for _, a := range []model.Attribute{f.PolicyPresent, f.PolicyPublic, f.PolicyStatements, f.OutsideAccounts, f.Outsiders, f.Networks} {
				require.Equal(t, model.StateUnknown, a.State())
				assert.Equal(t, model.ReasonFailed, a.Why().Reason)
				assert.Contains(t, a.Why().Detail, "policy is not valid")
			}
		})
	}
	assert.Equal(t, "policy is not valid JSON", facts(`{"Statement": s3cr3t`).PolicyPublic.Why().Detail, "the document is not quoted")
}

func TestOutsideAccountsUndecided(t *testing.T) {
	f := facts(allow(`{"AWS": ["999999999999", "555555555555"]}`, ""))
	assert.Equal(t, denied, f.OutsideAccounts.Why())
	assert.Equal(t, model.Known([]model.Outsider{{Account: unsure}, {Account: stranger, Certain: true}}), f.Outsiders, "one is outside whatever the other is")
	assert.Equal(t, model.Known(false), f.PolicyPublic, "the rest is known all the same")

	f = facts(allow(`{"AWS": "555555555555"}`, ""))
	assert.Equal(t, denied, f.OutsideAccounts.Why())
	assert.Equal(t, denied, f.Outsiders.Why(), "none is certain")

	all, outsiders := iampolicy.Outside([]string{stranger, "alice", member}, own, trusts)
	assert.Equal(t, model.ReasonFailed, all.Why().Reason)
	assert.Equal(t, model.Known([]model.Outsider{{Account: stranger, Certain: true}}), outsiders)

	for _, principal := range []string{`{"CanonicalUser": "79a59df900b949e55d96a1e698fbaced"}`, `{"AWS": "arn:aws:iam::cloudfront:user/x"}`, `{"AWS": "alice"}`} {
		f = facts(allow(principal, ""))
		assert.Equal(t, model.ReasonFailed, f.OutsideAccounts.Why().Reason, principal)
		assert.Equal(t, model.Known(false), f.PolicyPublic)
	}
}

func TestUnreadable(t *testing.T) {
	f := iampolicy.Unreadable(denied)
	for _, a := range []model.Attribute{f.PolicyPresent, f.PolicyPublic, f.PolicyStatements, f.OutsideAccounts, f.Outsiders, f.Networks} {
		assert.Equal(t, denied, a.Why())
	}
}

func TestStatements(t *testing.T) {
	list, ok := facts(`{"Statement": [
		{"Sid": "Share", "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::999999999999:root", "111111111111"], "Service": "b.amazonaws.com"},
		 "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}, "StringLike": {"KMS:ViaService": "*"}}},
		{"Effect": "Deny", "Principal": "*", "NotAction": "kms:Decrypt", "Resource": "*"},
		{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "NotAction": "kms:Decrypt", "Resource": "*"}]}`).PolicyStatements.Get()
	require.True(t, ok)
	assert.Equal(t, []model.PolicyStatement{
		{SID: "Share", Effect: "Allow", Accounts: []string{stranger}, Services: []string{"b.amazonaws.com"},
			Actions: []string{"kms:Decrypt", "kms:Encrypt"}, Conditions: []string{"aws:securetransport", "kms:viaservice"}},
		{SID: "#2", Effect: "Deny", Accounts: []string{}, Services: []string{}, Actions: []string{}, Conditions: []string{}},
		{SID: "#3", Effect: "Allow", Accounts: []string{}, Services: []string{}, Actions: []string{"*"}, Conditions: []string{}},
	}, list)
}

// TestFactsOfAll: what one of several policies allows is allowed, and one that
// cannot be read hides what it might.
func TestFactsOfAll(t *testing.T) {
	of := func(docs ...string) model.PolicyFacts {
		return iampolicy.FactsOfAll(docs, model.ResourceID{Account: own}, trusts)
	}
	f := of(allow(`{"AWS": "222222222222"}`, ""), allow(`{"AWS": []}`, ""), allow(`{"AWS": "999999999999"}`, ""))
	assert.Equal(t, model.Known([]string{stranger}), f.OutsideAccounts)
	assert.Equal(t, model.Known(false), f.PolicyPublic)
	assert.Equal(t, model.Known(true), f.PolicyPresent)
	assert.Len(t, f.PolicyStatements.Or(nil), 3)
	assert.Equal(t, model.Known(true), of(allow(`{"AWS": "222222222222"}`, ""), allow(anyone, "")).PolicyPublic)
	assert.Equal(t, denied, of(allow(`{"AWS": "555555555555"}`, ""), allow(`{"AWS": "222222222222"}`, "")).OutsideAccounts.Why())

	f = of()
	assert.Equal(t, model.Known(false), f.PolicyPresent)
	assert.Equal(t, model.Known([]string{}), f.OutsideAccounts)
	assert.Equal(t, model.Known([]model.PolicyStatement{}), f.PolicyStatements)
	for _, bad := range []string{"", " ", "{}", "no policy"} {
		f = of(allow(`{"AWS": "222222222222"}`, ""), bad)
		for _, a := range []model.Attribute{f.PolicyPresent, f.PolicyPublic, f.PolicyStatements, f.OutsideAccounts} {
			assert.Equal(t, model.ReasonFailed, a.Why().Reason, "%q", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(allow(anyone, `"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "::/0"]}`))
	f.Add(allow(`{"AWS": ["111111111111", "AROADBQP57FF2AEXAMPLE"], "Service": "x.amazonaws.com"}`, `"ForAllValues:StringLikeIfExists": {"aws:PrincipalOrgPaths": "o-aaaaaaaaaa/*"}`))
	f.Add(policy("Deny", `"NotPrincipal": {"AWS": "*"}`, ""))
	f.Fuzz(func(t *testing.T, doc string) {
		d, err := iampolicy.Parse(doc)
		facts := facts(doc)
		public, known := facts.PolicyPublic.Get()
		if err != nil && strings.TrimSpace(doc) != "" {
			require.False(t, known)
			return
		}
		require.True(t, known)
		list, _ := facts.PolicyStatements.Get()
		if d != nil {
			require.Len(t, list, len(d.Statements))
		}
		var any bool
		for _, s := range list {
			any = any || s.Public
			require.False(t, s.Public && s.Effect != "Allow")
		}
		require.Equal(t, any, public)
		_, _ = iampolicy.ServiceSources(doc, "secretsmanager.amazonaws.com", "lambda:InvokeFunction", own)
	})
}
