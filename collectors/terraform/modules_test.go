package terraform

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestModules: references through outputs and variables, from instance to
// instance.
func TestModules(t *testing.T) {
	key := func(module string) string {
		return `{"address":"` + module + `.aws_kms_key.k","type":"aws_kms_key","change":{"actions":["create"],"after":{},"after_unknown":{"id":true,"arn":true}}}`
	}
	secret := func(address string) string {
		return `{"address":"` + address + `","type":"aws_secretsmanager_secret","change":{"actions":["create"],"after":{},"after_unknown":{"kms_key_id":true}}}`
	}
	plan := func(changes []string, refs string) string {
		return `{"format_version":"1.2","planned_values":{},"resource_changes":[` + strings.Join(changes, ",") + `],"configuration":{"root_module":{
			"resources":[{"address":"aws_secretsmanager_secret.s","type":"aws_secretsmanager_secret","count_expression":{"constant_value":2},"expressions":{"kms_key_id":{"references":` + refs + `}}}],
			"module_calls":{
				"keys":{"count_expression":{"constant_value":2},"module":{"outputs":{"arn":{"expression":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]}}},
					"resources":[{"address":"aws_kms_key.k","type":"aws_kms_key","expressions":{}}]}},
				"app":{"expressions":{"key":{"references":["module.keys[1].arn","module.keys[1]","module.keys"]}},"module":{"variables":{"key":{}},
					"resources":[{"address":"aws_secretsmanager_secret.in","type":"aws_secretsmanager_secret","expressions":{"kms_key_id":{"references":["var.key"]}}}]}}}}}}`
	}
	keys := []string{key("module.keys[0]"), key("module.keys[1]")}
	both := append(keys, secret("aws_secretsmanager_secret.s[0]"), secret("aws_secretsmanager_secret.s[1]"))
	for name, c := range map[string]struct{ plan, address, want string }{
		"by index":            {plan(both, `["module.keys","count.index"]`), "aws_secretsmanager_secret.s[1]", "after_apply"}, // of which output cannot be seen
		"of one instance":     {plan(both, `["module.keys[0].arn","module.keys[0]","module.keys"]`), "aws_secretsmanager_secret.s[1]", "module.keys[0].aws_kms_key.k"},
		"through a variable":  {plan(append(keys, secret("module.app.aws_secretsmanager_secret.in")), `[]`), "module.app.aws_secretsmanager_secret.in", "module.keys[1].aws_kms_key.k"},
		"of no such instance": {plan(both, `["module.keys[7].arn","module.keys[7]","module.keys"]`), "aws_secretsmanager_secret.s[0]", "after_apply"},
		"of no such output":   {plan(both, `["module.keys[0].id","module.keys[0]","module.keys"]`), "aws_secretsmanager_secret.s[0]", "after_apply"},
	} {
		r := after(t, c.plan)
		assert.Equal(t, c.want, r.ref(c.address, "key"), name)
		assert.NotEqual(t, "true", r.attribute(t, c.address, "default_key"), name)
	}
}

// TestAddresses: keys can have every character.
func TestAddresses(t *testing.T) {
	for address, want := range map[string][3]string{
		"aws_kms_key.k":                           {"", "aws_kms_key.k", "aws_kms_key.k"},
		"module.a.aws_kms_key.k[0]":               {"module.a", "aws_kms_key.k[0]", "module.a.aws_kms_key.k"},
		`module.a["x.y"].module.b[1].data.t.n`:    {`module.a["x.y"].module.b[1]`, "data.t.n", "module.a.module.b.data.t.n"},
		`module.a["]\"].module.c"].t.n["[.\\\\"]`: {`module.a["]\"].module.c"]`, `t.n["[.\\\\"]`, "module.a.t.n"},
	} {
		module, rest := moduleOf(address)
		assert.Equal(t, want, [3]string{module, rest, withoutKeys(address)}, address)
	}
	up, at := moduleUp(`module.a["x.y"].module.b[1]`)
	assert.Equal(t, `module.a["x.y"] [1]`, up+" "+at)
}
