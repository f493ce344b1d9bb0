package iampolicy_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/iampolicy"
)

func TestServiceSources(t *testing.T) {
	const (
		sm  = `{"Service": "secretsmanager.amazonaws.com"}`
		arn = "arn:aws:secretsmanager:us-east-1:111111111111:secret:a-*"
	)
	statement := func(effect, principal, action, condition string) string {
		return fmt.Sprintf(`{"Sid": "s", "Effect": %q, "Principal": %s, %s, "Resource": "f", "Condition": {%s}}`, effect, principal, action, condition)
	}
	one := func(principal, action, condition string) string {
		return `{"Statement": [` + statement("Allow", principal, `"Action": `+action, condition) + `]}`
	}
	const invoke = `"lambda:InvokeFunction"`
	tests := []struct {
		name, doc string
		want      []string // nil: an error
	}{
		{"no policy", "", []string{}},
		{"any source", one(sm, invoke, ""), []string{"*"}},
		{"service in a list", one(`{"Service": ["a.amazonaws.com", "secretsmanager.amazonaws.com"]}`, invoke, ""), []string{"*"}},
		{"another service", one(`{"Service": "events.amazonaws.com"}`, invoke, ""), []string{}},
		{"an account", one(`{"AWS": "111111111111"}`, invoke, ""), []string{}},
		{"everyone", one(`"*"`, invoke, ""), []string{"*"}},
		{"all actions of lambda", one(sm, `"lambda:*"`, ""), []string{"*"}},
		{"all actions", one(sm, `"*"`, ""), []string{"*"}},
		{"some actions", one(sm, `["lambda:Get*", "LAMBDA:invoke*"]`, ""), []string{"*"}},
		{"one character", one(sm, `"lambda:InvokeFunctio?"`, ""), []string{"*"}},
		{"another action", one(sm, `"lambda:InvokeFunctionUrl"`, ""), []string{}},
		{"NotAction", `{"Statement": [` + statement("Allow", sm, `"NotAction": "lambda:Get*"`, "") + `]}`, []string{"*"}},
		{"NotAction of it", `{"Statement": [` + statement("Allow", sm, `"NotAction": "lambda:*"`, "") + `]}`, []string{}},
		{"NotPrincipal", `{"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": "1"}, "Action": "*"}}`, []string{"*"}},
		{"own account", one(sm, invoke, `"StringEquals": {"AWS:SourceAccount": "111111111111"}`), []string{"*"}},
		{"own account among others", one(sm, invoke, `"StringLike": {"aws:SourceAccount": ["2222*", "1111*"]}`), []string{"*"}},
		{"another account", one(sm, invoke, `"StringEquals": {"aws:SourceAccount": "222222222222"}`), []string{}},
		{"not the own account", one(sm, invoke, `"StringNotEquals": {"aws:SourceAccount": "111111111111"}`), []string{}},
		{"not another account", one(sm, invoke, `"StringNotLike": {"aws:SourceAccount": "222222222222"}`), []string{"*"}},
		{"ArnLike", one(sm, invoke, `"ArnLike": {"aws:SourceArn": "`+arn+`"}`), []string{arn}},
		{"ArnEquals is ArnLike", one(sm, invoke, `"ArnEquals": {"aws:SourceArn": "`+arn+`"}`), []string{arn}},
		{"StringLike", one(sm, invoke, `"StringLike": {"aws:SourceArn": ["z", "`+arn+`"]}`), []string{arn, "z"}},
		{"StringEquals takes * literally", one(sm, invoke, `"StringEquals": {"aws:SourceArn": "`+arn+`"}`), []string{}},
		{"StringEquals", one(sm, invoke, `"StringEquals": {"aws:SourceArn": "arn:x"}`), []string{"arn:x"}},
		{"both", one(sm, invoke, `"StringEquals": {"aws:SourceAccount": "111111111111"}, "ArnLike": {"aws:SourceArn": "`+arn+`"}`), []string{arn}},
		{"both, another account", one(sm, invoke, `"StringEquals": {"aws:SourceAccount": "222222222222"}, "ArnLike": {"aws:SourceArn": "`+arn+`"}`), []string{}},
		{"two statements", `{"Statement": [` + statement("Allow", sm, `"Action": "*"`, `"ArnLike": {"aws:SourceArn": "b"}`) + `,` +
			statement("Allow", sm, `"Action": "*"`, `"ArnLike": {"aws:SourceArn": "a"}`) + `]}`, []string{"a", "b"}},
		{"denied", `{"Statement": [` + statement("Allow", sm, `"Action": "*"`, "") + `,` + statement("Deny", `"*"`, `"Action": "lambda:*"`, "") + `]}`, []string{}},
		{"Deny of another account", `{"Statement": [` + statement("Allow", sm, `"Action": "*"`, "") + `,` +
			statement("Deny", `"*"`, `"Action": "*"`, `"StringNotEquals": {"aws:SourceAccount": "111111111111"}`) + `]}`, []string{"*"}},
		{"Deny of some sources", `{"Statement": [` + statement("Allow", sm, `"Action": "*"`, "") + `,` +
			statement("Deny", `"*"`, `"Action": "*"`, `"ArnLike": {"aws:SourceArn": "a"}`) + `]}`, nil},
		{"a condition not understood", one(sm, invoke, `"StringEquals": {"aws:SourceOrgID": "o-aaaaaaaaaa"}`), nil},
		{"a variable", one(sm, invoke, `"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}`), nil},
		{"negated ARN", one(sm, invoke, `"ArnNotLike": {"aws:SourceArn": "x"}`), nil},
		{"malformed", `{"Statement": [{}]}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := iampolicy.ServiceSources(tt.doc, "secretsmanager.amazonaws.com", "lambda:InvokeFunction", own)
			if tt.want == nil {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}
