package terraform

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestQualified: the version or alias by which a secret names its function has a
// policy and a configuration of its own.
func TestQualified(t *testing.T) {
	const (
		secretsManager = `"action":"lambda:InvokeFunction","principal":"secretsmanager.amazonaws.com"`
		arn            = "arn:aws:lambda:eu-west-1:111122223333:function:f"
	)
	function := change{address: functionType + ".f", after: `{"function_name":"f","runtime":"python3.13","publish":true}`, unknown: `{"arn":true,"version":true,"qualified_arn":true}`}
	unpublished := change{address: functionType + ".f", after: `{"function_name":"f","runtime":"python3.13"}`, unknown: `{"arn":true,"version":true,"qualified_arn":true}`}
	old := `{"function_name":"f","runtime":"python3.13","arn":"` + arn + `","version":"7","publish":true}`
	exists := change{address: functionType + ".f", actions: "no-op", before: old, after: old}
	alias := func(version string) change {
		if version != "" {
			return change{address: aliasType + ".live", after: `{"name":"live","function_name":"f","function_version":"` + version + `"}`, unknown: `{"arn":true}`}
		}
		return change{
			address: aliasType + ".live", after: `{"name":"live","function_name":"f"}`, unknown: `{"arn":true,"function_version":true}`,
			config: `{"function_version":{"references":["aws_lambda_function.f.version","aws_lambda_function.f"]}}`,
		}
	}
	rotation := func(ref string) change {
		return change{address: rotationType + ".r", after: `{"secret_id":"app"}`, unknown: `{"rotation_lambda_arn":true}`, config: `{"rotation_lambda_arn":{"references":[` + ref + `]}}`}
	}
	byARN := func(version string) change {
		return change{address: rotationType + ".r", after: `{"secret_id":"app","rotation_lambda_arn":"` + arn + version + `"}`}
	}
	permission := func(name, qualifier string) change {
		return change{address: "aws_lambda_permission." + name, after: `{"function_name":"f",` + secretsManager + qualifier + `}`}
	}
	open := permission("open", "")
	live := permission("live", `,"qualifier":"live"`)
	byName := change{address: "aws_lambda_permission.named", after: `{"function_name":"f:live",` + secretsManager + `}`}
	byAlias := change{address: "aws_lambda_permission.alias", after: `{` + secretsManager + `}`, unknown: `{"function_name":true}`, config: `{"function_name":{"references":["aws_lambda_alias.live.arn","aws_lambda_alias.live"]}}`}
	byReference := change{address: "aws_lambda_permission.reference", after: `{"function_name":"f",` + secretsManager + `}`, unknown: `{"qualifier":true}`, config: `{"qualifier":{"references":["aws_lambda_alias.live.name","aws_lambda_alias.live"]}}`}
	const (
		toFunction = `"aws_lambda_function.f.arn","aws_lambda_function.f"`
		toAlias    = `"aws_lambda_alias.live.arn","aws_lambda_alias.live"`
		toVersion  = `"aws_lambda_function.f.qualified_arn","aws_lambda_function.f"`
	)
	second := []change{{address: secretType + ".t", after: `{"name":"too"}`}, {address: rotationType + ".t", after: `{"secret_id":"too"}`, unknown: `{"rotation_lambda_arn":true}`, config: `{"rotation_lambda_arn":{"references":[` + toFunction + `]}}`}}
	for name, c := range map[string]struct {
		plan                                 []change
		qualifier, sources, runtime, missing string
	}{
		"the function":                       {[]change{function, rotation(toFunction), open}, "none", `["*"]`, `"python3.13"`, "[]"},
		"the function, a policy of an alias": {[]change{function, alias(""), rotation(toFunction), live}, "none", "[]", `"python3.13"`, "[]"},
		"an alias":                           {[]change{function, alias(""), rotation(toAlias), live}, `"live"`, `["*"]`, `"python3.13"`, "[]"},
		"an alias, permission by name":       {[]change{function, alias(""), rotation(toAlias), byName}, `"live"`, `["*"]`, `"python3.13"`, "[]"},
		"an alias, permission by its ARN":    {[]change{function, alias(""), rotation(toAlias), byAlias}, `"live"`, `["*"]`, `"python3.13"`, "[]"},
		"an alias, permission by reference":  {[]change{function, alias(""), rotation(toAlias), byReference}, `"live"`, `["*"]`, `"python3.13"`, "[]"},
		"an alias, the policy of another":    {[]change{function, alias(""), rotation(toAlias), permission("p", `,"qualifier":"test"`)}, `"live"`, "[]", `"python3.13"`, "[]"},
		"an alias, the function's policy":    {[]change{function, alias(""), rotation(toAlias), open}, `"live"`, "[]", `"python3.13"`, "[]"},
		"an alias of an old version":         {[]change{exists, alias("3"), byARN(":live"), live}, `"live"`, `["*"]`, "not_in_source", "[]"},
		"an alias of the last version":       {[]change{exists, alias("7"), byARN(":live"), live}, `"live"`, `["*"]`, `"python3.13"`, "[]"},
		"an alias of what is unpublished":    {[]change{unpublished, alias(""), rotation(toAlias), live}, `"live"`, `["*"]`, "not_in_source", "[]"},
		"an alias of $LATEST":                {[]change{unpublished, alias("$LATEST"), rotation(toAlias), live}, `"live"`, `["*"]`, `"python3.13"`, "[]"},
		"an alias of another file":           {[]change{exists, byARN(":blue"), open}, `"blue"`, "[]", "not_in_source", "not_in_source"},
		"the last version by its ARN":        {[]change{exists, byARN(":7"), open}, `"7"`, "[]", `"python3.13"`, "[]"},
		"an old version by its ARN":          {[]change{exists, byARN(":3"), open}, `"3"`, "[]", "not_in_source", "not_in_source"},
		"a version that is made":             {[]change{function, rotation(toVersion), open}, "after_apply", "[]", `"python3.13"`, "[]"},
		"a version that is not":              {[]change{unpublished, rotation(toVersion), open}, "after_apply", "after_apply", "not_in_source", "not_in_source"},
		"an attribute that is no name":       {[]change{function, rotation(`"aws_lambda_function.f.invoke_arn","aws_lambda_function.f"`), open}, "after_apply", "after_apply", "not_in_source", "not_in_source"},
		"different ways":                     {append([]change{function, alias(""), rotation(toAlias), open, live}, second...), `"live"`, "after_apply", `"python3.13"`, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			r := after(t, written(append([]change{{address: secretType + ".s", after: `{"name":"app"}`}}, c.plan...)...))
			assert.Equal(t, c.qualifier, r.attribute(t, secretType+".s", "rotation_qualifier"))
			assert.Equal(t, functionType+".f", r.ref(secretType+".s", "rotation_function"))
			assert.Equal(t, "true", r.attribute(t, functionType+".f", "rotation_function"))
			assert.Equal(t, c.sources, r.attribute(t, functionType+".f", "secretsmanager_source_arns"))
			assert.Equal(t, c.runtime, r.attribute(t, functionType+".f", "runtime"))
			assert.Equal(t, c.missing, r.attribute(t, functionType+".f", "missing_qualifiers"))
			if c.runtime == "not_in_source" {
				assert.Equal(t, "not_in_source", r.attribute(t, functionType+".f", "env_credentials"))
			}
		})
	}
}
