package terraform

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMovedLiteral: that a value was written out before the change is still known
// when what holds it got another address.
func TestMovedLiteral(t *testing.T) {
	const arn = `"arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf"`
	secret := change{
		address: "aws_secretsmanager_secret.now", actions: "no-op",
		before: `{"arn":` + arn + `,"id":` + arn + `,"name":"s"}`, after: `{"arn":` + arn + `,"id":` + arn + `,"name":"s"}`,
	}
	version := change{
		address: "aws_secretsmanager_secret_version.now", actions: "no-op",
		before: `{"secret_id":` + arn + `,"secret_string":"x"}`, after: `{"secret_id":` + arn + `,"secret_string":"x"}`,
		config: `{"secret_id":{"references":["aws_secretsmanager_secret.now.id","aws_secretsmanager_secret.now"]},"secret_string":{"constant_value":"x"}}`,
	}
	plan := written(secret, version)
	for _, kind := range []string{"aws_secretsmanager_secret", "aws_secretsmanager_secret_version"} {
		plan = strings.Replace(plan, `{"address":"`+kind+`.now"`, `{"address":"`+kind+`.now","previous_address":"`+kind+`.was"`, 1)
	}
	p, err := Read(t.Context(), strings.NewReader(plan), options())
	require.NoError(t, err)
	assert.Equal(t, "true", of(t, p.Before).attribute(t, "aws_secretsmanager_secret.was", "value_in_code"))
	assert.Equal(t, "true", of(t, p.After).attribute(t, "aws_secretsmanager_secret.now", "value_in_code"))
}
