package terraform

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
)

func withSource(t *testing.T, plan string, files map[string]string) (*collectors.Proposal, error) {
	t.Helper()
	o := options()
	o.Source, o.Dir = source(files), "infra"
	return Read(t.Context(), strings.NewReader(plan), o)
}

const waiver = `keyproof:waive SM-001 reason="by hand" expires=2026-12-31 owner=ops`

// TestWaivers: a comment above a resource, on its first line or inside it is
// about that resource, whatever sort of comment it is.
func TestWaivers(t *testing.T) {
	plan := written(
		change{address: secretType + `.many["a*"]`}, change{address: secretType + `.many["b"]`}, change{address: secretType + ".s", after: `{"name":"s"}`},
		change{address: rotationType + ".r", after: `{"secret_id":"s"}`},
	)
	for name, c := range map[string]struct {
		text  string
		lines string
		about []string
	}{
		"above":                {"\n# " + waiver + "\nresource \"aws_secretsmanager_secret\" \"s\" {}\n", "2", []string{secretType + ".s"}},
		"above, then more":     {"// " + waiver + "\n# another\n# and one\nresource \"aws_secretsmanager_secret\" \"s\" {}\n", "1", []string{secretType + ".s"}},
		"on the first line":    {"resource \"aws_secretsmanager_secret\" \"s\" { # " + waiver + "\n}\n", "1", []string{secretType + ".s"}},
		"inside":               {"resource \"aws_secretsmanager_secret\" \"s\" {\n  name = \"s\"\n  /* why not\n   * " + waiver + "\n   */\n}\n", "4", []string{secretType + ".s"}},
		"of all instances":     {"# " + waiver + "\nresource \"aws_secretsmanager_secret\" \"many\" {}\n", "1", []string{secretType + `.many["a?"]`, secretType + `.many["b"]`}},
		"beside a rotation":    {"# " + waiver + "\nresource \"aws_secretsmanager_secret_rotation\" \"r\" {}\n", "1", []string{secretType + ".s"}},
		"of what is not there": {"# " + waiver + "\nresource \"aws_secretsmanager_secret\" \"later\" {}\n", "1", []string{secretType + ".later"}},
	} {
		p, err := withSource(t, plan, map[string]string{"main.tf": c.text})
		require.NoError(t, err, name)
		var about []string
		for _, w := range p.Waivers {
			about = append(about, w.Where.Resource)
			assert.Equal(t, "infra/main.tf:"+c.lines, w.Origin.String(), name)
			assert.Equal(t, "by hand ops 2026-12-31", strings.Join([]string{w.Reason, w.Owner, w.Expires.String()}, " "), name)
		}
		assert.Equal(t, c.about, about, name)
	}
}

// TestWaiversThatAreWrong: each with file and line, all of them at once.
func TestWaiversThatAreWrong(t *testing.T) {
	_, err := withSource(t, smallest, map[string]string{
		"main.tf": "# " + waiver + "\n\nresource \"a\" \"b\" {\n  # keyproof:waive SM-001\n}\n# keyproof:waive SM-001 reason=x\nresource \"a\" \"c\" {}\n",
	})
	for _, says := range []string{
		"infra/main.tf:1: the waiver belongs to no resource", "infra/main.tf:4: the waiver of SM-001 has no reason", "infra/main.tf:6: the waiver of SM-001 does not expire",
	} {
		assert.ErrorContains(t, err, says)
	}
	o := options()
	o.Source, o.WithoutExpiry = source(map[string]string{"a.tf": "# keyproof:waive SM-001 reason=x\nresource \"a\" \"c\" {}\n"}), true
	p, err := Read(t.Context(), strings.NewReader(smallest), o)
	require.NoError(t, err)
	assert.Len(t, p.Waivers, 1)
}

// TestPositions: of child modules whose source is a directory, and of no others.
func TestPositions(t *testing.T) {
	plan := `{"format_version":"1.2","planned_values":{},"resource_changes":[
		{"address":"module.a[0].aws_kms_key.k","type":"aws_kms_key","change":{"actions":["create"],"after":{}}},
		{"address":"module.far.aws_kms_key.k","type":"aws_kms_key","change":{"actions":["create"],"after":{}}},
		{"address":"aws_kms_key.k","type":"aws_kms_key","change":{"actions":["create"],"after":{}}}],
		"configuration":{"root_module":{"module_calls":{"a":{"source":"./mod/a","module":{}},"far":{"source":"registry.example/x","module":{}},"out":{"source":"../elsewhere","module":{}}}}}}`
	p, err := withSource(t, plan, map[string]string{
		"main.tf": "\n\nresource \"aws_kms_key\" \"k\" {}\n", "mod/a/x.tf": "resource \"aws_kms_key\" \"k\" {}\n", "mod/a/x.txt": "not HCL", "other/y.tf": "{{{",
	})
	require.NoError(t, err)
	r := of(t, p.After)
	assert.Equal(t, "infra/main.tf:3", r["aws_kms_key.k"].Origin.String())
	assert.Equal(t, "infra/mod/a/x.tf:1", r["module.a[0].aws_kms_key.k"].Origin.String())
	assert.Equal(t, "plan.json", r["module.far.aws_kms_key.k"].Origin.String())
}

// TestLocals: terraform shows no local values; the source does.
func TestLocals(t *testing.T) {
	plan := written(change{address: "aws_kms_key.k[0]", unknown: laterID}, change{address: "aws_kms_key.other[0]", unknown: laterID},
		change{address: secretType + ".s", unknown: `{"kms_key_id":true}`, config: `{"kms_key_id":{"references":["local.keys.app","local.keys"]}}`})
	for text, want := range map[string]string{
		"locals {\n keys = { app = local.one }\n one = try(aws_kms_key.k[0].arn, var.key)\n}\n":    "aws_kms_key.k[0]",
		"locals {\n keys = { app = aws_kms_key.k[0].arn, b = one(aws_kms_key.other[*].arn) }\n}\n": "after_apply",
		"locals {\n keys = { app = random_thing.x.arn }\n}\n":                                      "after_apply",
		"locals {\n keys = local.keys\n}\n":                                                        "after_apply",
		"":                                                                                         "after_apply",
	} {
		p, err := withSource(t, plan, map[string]string{"main.tf": text})
		require.NoError(t, err)
		assert.Equal(t, want, of(t, p.After).ref(secretType+".s", "key"), text)
	}
}

func TestSourceThatCannotBeRead(t *testing.T) {
	for text, says := range map[string]string{
		"resource \"a\" {":                            "infra/main.tf:1",
		"a = " + strings.Repeat("[", 300):             "nested too deeply",
		"# " + strings.Repeat("x", maxSource) + "\n":  "larger than",
		"a = \"" + strings.Repeat("${\"", 250) + "\n": "infra/main.tf",
	} {
		_, err := withSource(t, smallest, map[string]string{"main.tf": text})
		assert.ErrorContains(t, err, says)
	}
}

// FuzzSource: whatever stands in a file beside the plan is read or refused.
func FuzzSource(f *testing.F) {
	f.Add("# " + waiver + "\nresource \"aws_kms_key\" \"k\" {\n}\n")
	f.Add("locals {\n a = { b = x.y[\"k\"].z, c = local.a[0] }\n}\n")
	f.Add("/* keyproof:waive A \n*/ resource \"a\" \"b\" { x = \"${[for i in y : i]}\" }")
	f.Fuzz(func(t *testing.T, text string) {
		o := options()
		o.Source = source(map[string]string{"main.tf": text})
		p, err := Read(t.Context(), strings.NewReader(smallest), o)
		if err == nil && p == nil {
			t.Fatal("neither read nor refused")
		}
	})
}
