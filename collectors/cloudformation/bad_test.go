package cloudformation_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/cloudformation"
)

const small = `{"Resources": {"K": {"Type": "AWS::KMS::Key"}}}`

// TestRefused: what is no template, or cannot be read in bounded time, says so
// with the file and, where there is one, the line.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":                    {"", "t.yaml: it is empty"},
		"comments only":            {"# nothing\n", "t.yaml: it is empty"},
		"a text":                   {"hello", "it is no CloudFormation template"},
		"a list":                   {"- a\n- b\n", "it does not begin with keys such as Resources"},
		"a JSON list":              {"[1, 2]", "it does not begin with keys"},
		"no resources":             {"Parameters: {}\n", "it has no Resources"},
		"resources a list":         {"Resources: [a]\n", "it has no Resources"},
		"plan of Terraform":        {`{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}}`, "it has no Resources"},
		"an archive":               {"PK\x03\x04abc", "unpack it"},
		"broken YAML":              {"Resources:\n  A: [\n", "it is neither YAML nor JSON: line 2"},
		"broken JSON":              {"{\"Resources\": {\n  \"A\": {,}\n}}", "t.yaml:2: it is no valid JSON"},
		"JSON cut off":             {`{"Resources": {"A"`, "it is no valid JSON: the file ends too early"},
		"two documents":            {"Resources: {}\n---\nResources: {}\n", "t.yaml:2: a second document begins here"},
		"JSON and more":            {small + "x", "it is no valid JSON"},
		"key twice":                {"Resources:\n  A: {Type: AWS::KMS::Key}\n  A: {Type: AWS::KMS::Key}\n", `t.yaml:3: the key "A" is in line 2 already`},
		"JSON key twice":           {"{\"Resources\": {\n\"A\": {},\n\"A\": {}}}", `t.yaml:3: the key "A" is in line 2 already`},
		"NUL bytes":                {"Resources:\n  A: \x00\n", "it is neither YAML nor JSON: "},
		"NUL bytes only":           {"\x00\x00\x00\x00", "it is neither YAML nor JSON: "},
		"bytes of no text":         {"\xc3\x28\xff\xfe\xfa", "it is neither YAML nor JSON: "},
		"deep YAML":                {"Resources: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "nested too deeply"},
		"very deep YAML":           {"Resources: " + strings.Repeat("[", 500_000), "it is neither YAML nor JSON: "},
		"deep blocks":              {"Resources:\n" + deepBlocks(300), "nested too deeply"},
		"deep JSON":                {`{"Resources": ` + strings.Repeat(`{"a":`, 2_000_00), "nested too deeply"},
		"too large":                {"Resources: {}\n#" + strings.Repeat(" ", 5<<20), "CloudFormation takes no template of more than 1 MB"},
		"key that is a list":       {"Resources: {}\n? [a]\n: b\n", "a key is a text"},
		"loop without body":        {"Resources:\n  Fn::ForEach::X: [A, [a]]\n", "t.yaml:2: Fn::ForEach::X needs an identifier"},
		"loop with one name":       {"Resources:\n  Fn::ForEach::X: [A, [a, b], {K: {Type: AWS::KMS::Key}}]\n", "resource K is in line 2 already"},
		"aliases of aliases":       {bomb(), "it is no template that CloudFormation would take"},
		"one text a million times": {"Parameters: {P: {Type: String, Default: '" + strings.Repeat("x", 100_000) + "'}}\nResources:\n  P: {Type: AWS::SSM::Parameter, Properties: {Value: !Sub '" + strings.Repeat("${P}", 100_000) + "'}}\n", "it is no template that CloudFormation would take"},
		"many resources":           {"Resources:\n" + resources(10001), "t.yaml:10002: it has more than 10000 resources"},
		"alias of itself":          {"Resources:\n  A: {Type: AWS::SSM::Parameter, Properties: &a {Value: [*a, *a]}}\n", "it is no template that CloudFormation would take"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := tryRead(t, c.text)
			require.ErrorContains(t, err, c.want)
			require.True(t, strings.HasPrefix(err.Error(), "t.yaml:"), err)
			require.Less(t, time.Since(start), 10*time.Second)
		})
	}
}

func deepBlocks(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i+1))
	}
	return b.String()
}

// bomb is a text of a few lines that would make 10^12 values.
func bomb() string {
	var b strings.Builder
	b.WriteString("Mappings:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "  a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	b.WriteString("Resources:\n  P: {Type: AWS::SSM::Parameter, Properties: {Name: x, Value: *a11}}\n")
	return b.String()
}

func resources(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  A%d: {Type: A}\n", i)
	}
	return b.String()
}

// TestOdd: unusual text that is a template all the same.
func TestOdd(t *testing.T) {
	utf16 := func(s string) string {
		b := []byte{0xff, 0xfe}
		for _, c := range s {
			b = append(b, byte(c), 0)
		}
		return string(b)
	}
	for name, text := range map[string]string{
		"JSON":               small,
		"JSON with tabs":     "\t{\n\t\t\"Resources\":\t{\"K\":\t{\"Type\":\t\"AWS::KMS::Key\"}}\n\t}\n",
		"JSON with a mark":   "\xef\xbb\xbf" + small,
		"JSON with pairs":    `{"Description": "\ud83d\ude00 \/", "Resources": {"K": {"Type": "AWS::KMS::Key"}}}`,
		"YAML that looks so": "{Resources: {K: {Type: 'AWS::KMS::Key'}}} # not JSON\n",
		"UTF-16":             utf16("Resources:\n  K: {Type: AWS::KMS::Key}\n"),
		"CRLF":               "Resources:\r\n  K:\r\n    Type: AWS::KMS::Key\r\n",
		"quoted keys":        "\"Resources\":\n  'K': {\"Type\": 'AWS::KMS::Key'}\n",
		"null properties":    "Resources:\n  K:\n    Type: AWS::KMS::Key\n    Properties:\n",
		"listed properties":  "Resources:\n  K: {Type: AWS::KMS::Key, Properties: [a]}\n",
		"merged properties":  "X: &x {Type: AWS::KMS::Key}\nResources:\n  K: {<<: *x, Type: AWS::KMS::Key, Properties: {<<: {Enabled: true}}}\n",
		"odd entries":        "Resources:\n  K: {Type: AWS::KMS::Key}\n  A: text\n  B: {}\n  C: {Type: [x]}\n  D:\n",
		"cyclic names":       "Resources:\n  K: {Type: AWS::KMS::Key}\n  A: {Type: AWS::SSM::Parameter, Properties: {Name: !Ref B}}\n  B: {Type: AWS::SSM::Parameter, Properties: {Name: !Ref A}}\n",
		"cyclic secrets":     "Resources:\n  K: {Type: AWS::KMS::Key}\n  A: {Type: 'AWS::SecretsManager::SecretTargetAttachment', Properties: {SecretId: !Ref A, TargetId: !Ref A}}\n  R: {Type: 'AWS::SecretsManager::RotationSchedule', Properties: {SecretId: !Ref A}}\n",
		"cyclic keys":        "Resources:\n  K: {Type: AWS::KMS::Key}\n  A: {Type: AWS::KMS::Alias, Properties: {TargetKeyId: !Ref A, AliasName: !Ref A}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			requireSays(t, read(t, text), `K.manager="CUSTOMER"`)
		})
	}
	require.Equal(t, 3, find(t, read(t, "{\n\"Resources\": {\n\"K\": {\"Type\": \"AWS::KMS::Key\"}}}"), "K").Origin.Line)
}

// TestMacros: what a macro adds is not judged, and is not taken for absent.
func TestMacros(t *testing.T) {
	p := read(t, `
Transform: [AWS::Serverless-2016-10-31, Mine, {Name: AWS::Include, Parameters: {Location: x}}]
Resources:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://a/b}}
  K: {Type: AWS::KMS::Key, Properties: {Fn::Transform: {Name: Keys}, Enabled: true}}
  S: {Type: AWS::SecretsManager::Secret, Properties: {Fn::Transform: {Name: Keys}}}
  M: {Type: My::Own::MODULE}
`)
	require.True(t, noteWith(p, "the macro Mine may change the template"), p.Notes)
	require.True(t, noteWith(p, "the macro AWS::Include may change the template"))
	require.True(t, noteWith(p, "M is a module"))
	require.NotEmpty(t, p.After.Gaps())
	requireSays(t, p, `K.state="Enabled"`, "K.rotation_enabled=?unresolved: Fn::Transform", "K.policy_public=?unresolved: Fn::Transform",
		"S.name=?unresolved: Fn::Transform", "S.default_key=?unresolved: Fn::Transform")
}

// TestLoops: a loop over known values makes its resources; of another one the
// kinds that it makes are gaps.
func TestLoops(t *testing.T) {
	p := read(t, `
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'a-1,b'}, Asked: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Secrets:
    - Name
    - !Ref Names
    - Secret&{Name}:
        Type: AWS::SecretsManager::Secret
        Properties: {Name: !Sub 'app/${Name}', KmsKeyId: !Ref Key, Tags: [{Key: n, Value: !Ref Name}]}
  Fn::ForEach::More:
    - Name
    - !Ref Asked
    - Key${Name}: {Type: AWS::KMS::Key}
      Bucket${Name}: {Type: AWS::S3::Bucket}
  Key: {Type: AWS::KMS::Key}
`)
	requireSays(t, p, `Secreta1.name="app/a-1"`, `Secretb.name="app/b"`, `Secretb.tags={"n":"b"}`, "Secretb.->key=Key")
	require.Equal(t, 8, find(t, p, "Secretb").Origin.Line)
	var gaps []string
	for _, g := range p.After.Gaps() {
		gaps = append(gaps, fmt.Sprint(g.Kind, " ", g.Gap.Reason, " ", g.Gap.Detail))
	}
	require.Equal(t, []string{"key unresolved Ref Asked, a parameter without a default", "trail unresolved Ref Asked, a parameter without a default"}, gaps)
	require.True(t, noteWith(p, "Fn::ForEach::More repeats resources"))
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := cloudformation.Read(ctx, []byte(small), cloudformation.Options{Name: "t.yaml"})
	require.ErrorIs(t, err, context.Canceled)
}

// TestLarge reads a template of the largest size in little time.
func TestLarge(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("Resources:\n")
	for i := range 4900 {
		fmt.Fprintf(&b, "  S%d: {Type: AWS::SecretsManager::Secret, Properties: {Name: s%d, KmsKeyId: !Ref K}}\n", i, i)
		fmt.Fprintf(&b, "  R%d: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref S%d}}\n", i, i)
	}
	b.WriteString("  K: {Type: AWS::KMS::Key}\n")
	start := time.Now()
	p := read(t, b.String())
	require.Less(t, time.Since(start), 30*time.Second)
	requireSays(t, p, "S4899.rotation_enabled=true")
}

func TestSniff(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       bool
	}{
		{"a.yaml", "AWSTemplateFormatVersion: '2010-09-09'", true}, {"a.json", small, true}, {"a.template", "", true}, {"x.template.json", "{", true},
		{"a.yml", "Resources:\n  A:\n    Type: AWS::S3::Bucket\n", true}, {"a.yaml", "apiVersion: v1\nkind: Pod\n", false},
		{"plan.json", `{"format_version":"1.2","terraform_version":"1.9.0"}`, false}, {"main.tf", "AWSTemplateFormatVersion", false}, {"-", "Transform: AWS::Serverless-2016-10-31", true},
	} {
		require.Equal(t, c.want, cloudformation.Sniff([]byte(c.head), c.name), "%s %s", c.name, c.head)
	}
}

// FuzzRead: whatever a file holds, reading it ends, without a panic, and no value
// of a secret is in what comes out.
func FuzzRead(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(rotated))
	f.Add([]byte(fill(sections, "!Sub '${Env}'")))
	f.Add([]byte(fill(resourcePolicy, "[!If [C, {Effect: Allow, Principal: '*'}, !Ref 'AWS::NoValue']]")))
	f.Add([]byte("Resources:\n  # keyproof:waive KMS-001 reason=x expires=2026-12-31\n  K: {Type: AWS::KMS::Key}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip("large input is for TestLarge")
		}
		p, err := cloudformation.Read(t.Context(), data, cloudformation.Options{Name: "t.yaml", TakenAt: takenAt})
		if err != nil {
			return
		}
		for r, err := range p.After.Resources {
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.MarshalJSON(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
