package rules_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/stretchr/testify/require"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"go.yaml.in/yaml/v3"
)

// named is the ARN of what a name in a fix stands for.
func named(name string) string {
	switch name {
	case "KEY":
		return "arn:aws:kms:us-east-1:111122223333:key/0123"
	case "READER", "USER":
		return "arn:aws:iam::111122223333:role/" + name
	case "BUCKET":
		return "arn:aws:s3:::bucket"
	default:
		return "arn:aws:secretsmanager:us-east-1:111122223333:secret:" + name + "-AbCdEf"
	}
}

// hclDocuments are the policies and patterns that Terraform makes of a fix.
func hclDocuments(t *testing.T, blocks hclsyntax.Blocks) []string {
	t.Helper()
	var all []string
	for _, b := range blocks {
		types := map[string]map[string]cty.Value{}
		for _, to := range references(b.Body) {
			if types[to[0]] == nil {
				types[to[0]] = map[string]cty.Value{}
			}
			types[to[0]][to[1]] = cty.ObjectVal(map[string]cty.Value{"arn": cty.StringVal(named(to[1]))})
		}
		scope := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}}
		for typ, names := range types {
			scope.Variables[typ] = cty.ObjectVal(names)
		}
		for _, name := range []string{"policy", "event_pattern"} {
			if a := b.Body.Attributes[name]; a != nil {
				value, diags := a.Expr.Value(scope)
				require.False(t, diags.HasErrors(), diags)
				all = append(all, value.AsString())
			}
		}
	}
	return all
}

// yamlDocuments are the policies and patterns that CloudFormation makes of a fix.
func yamlDocuments(t *testing.T, resources *yaml.Node) []string {
	t.Helper()
	var all []string
	for i := 1; i < len(resources.Content); i += 2 {
		properties := resources.Content[i].Content[3].Content
		for k := 0; k < len(properties); k += 2 {
			if slices.Contains([]string{"ResourcePolicy", "KeyPolicy", "PolicyDocument", "EventPattern"}, properties[k].Value) {
				raw, err := json.Marshal(resolved(t, properties[k+1]))
				require.NoError(t, err)
				all = append(all, string(raw))
			}
		}
	}
	return all
}

// resolved is a value with its intrinsic functions carried out.
func resolved(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			object[n.Content[i].Value] = resolved(t, n.Content[i+1])
		}
		return object
	case yaml.SequenceNode:
		list := []any{}
		for _, e := range n.Content {
			list = append(list, resolved(t, e))
		}
		return list
	}
	pseudo := strings.NewReplacer("AWS::AccountId", "111122223333", "AWS::Region", "us-east-1", "AWS::Partition", "aws", "BUCKET.Arn", named("BUCKET"))
	switch n.Tag {
	case "!Sub":
		return strings.NewReplacer("${", "", "}", "").Replace(pseudo.Replace(n.Value))
	case "!Ref", "!GetAtt":
		if value := pseudo.Replace(n.Value); value != n.Value {
			return value
		}
		return named(strings.TrimSuffix(n.Value, ".Arn"))
	}
	var value any
	require.NoError(t, n.Decode(&value))
	return value
}
