package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/internal/xsd"
	"github.com/keyproof/keyproof/reports"
)

// TestEveryFormatOfTheExample writes the embedded account's report in every
// format in one scan, holds those that have a published schema against it, and
// looks for values of secrets.
func TestEveryFormatOfTheExample(t *testing.T) {
	dir, args := t.TempDir(), []string{"demo", "--quiet"}
	path := func(f string) string { return filepath.Join(dir, f) }
	for _, f := range reports.Formats() {
		if f.Prints {
			continue // TestPDF: it needs a browser
		}
		args = append(args, "--output", f.Name+"="+path(f.Name))
	}
	var out bytes.Buffer
	code := run(t.Context(), args, system{
		getenv: func(string) string { return "" }, stdout: &out, stderr: &out, now: func() time.Time { return scriptNow }, version: "0.0.0-test",
	})
	require.Equal(t, 3, code, out.String())
	for _, f := range reports.Formats() {
		if f.Prints {
			continue
		}
		raw, err := os.ReadFile(path(f.Name))
		require.NoError(t, err)
		require.NotEmpty(t, raw, f.Name)
		require.NotContains(t, string(raw), sentinel, f.Name)
		if !f.Binary {
			require.Contains(t, string(raw), "SM-001", f.Name)
		}
	}
	t.Run("sarif", func(t *testing.T) {
		schema := needs.Shared(t, filepath.Join("..", ".."), "schemas", "sarif", "sarif-schema-2.1.0.json")
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		s, err := compiler.Compile(schema)
		require.NoError(t, err)
		f, err := os.Open(path("sarif"))
		require.NoError(t, err)
		defer f.Close()
		doc, err := jsonschema.UnmarshalJSON(f)
		require.NoError(t, err)
		require.NoError(t, s.Validate(doc))
	})
	for name, schemas := range map[string]map[string]string{ // each an array, by class
		"ocsf": {"2003": "ocsf/ocsf-1.6.0-compliance_finding.schema.json", "2004": "ocsf/ocsf-1.6.0-detection_finding.schema.json"},
		"asff": {"": "asff/asff-AwsSecurityFinding.schema.json"},
	} {
		t.Run(name, func(t *testing.T) {
			of := map[string]*jsonschema.Schema{}
			for class, schema := range schemas {
				s, err := jsonschema.NewCompiler().Compile(needs.Shared(t, filepath.Join("..", ".."), "schemas", filepath.FromSlash(schema)))
				require.NoError(t, err)
				of[class] = s
			}
			f, err := os.Open(path(name))
			require.NoError(t, err)
			defer f.Close()
			doc, err := jsonschema.UnmarshalJSON(f)
			require.NoError(t, err)
			require.Greater(t, len(doc.([]any)), 2000)
			seen := map[string]bool{}
			for _, finding := range doc.([]any) {
				class := ""
				if n, ok := finding.(map[string]any)["class_uid"].(json.Number); ok {
					class = n.String()
				}
				require.Contains(t, of, class)
				require.NoError(t, of[class].Validate(finding))
				seen[class] = true
			}
			require.Len(t, seen, len(of), "each class occurs")
		})
	}
	t.Run("oscal", func(t *testing.T) {
		s, err := jsonschema.NewCompiler().Compile(needs.Shared(t, filepath.Join("..", ".."), "schemas", "oscal", "oscal_assessment-results_schema-1.2.1.json"))
		require.NoError(t, err)
		f, err := os.Open(path("oscal"))
		require.NoError(t, err)
		defer f.Close()
		doc, err := jsonschema.UnmarshalJSON(f)
		require.NoError(t, err)
		require.NoError(t, s.Validate(doc))
	})
	t.Run("oscal of the rules", func(t *testing.T) {
		s, err := jsonschema.NewCompiler().Compile(needs.Shared(t, filepath.Join("..", ".."), "schemas", "oscal", "oscal_component_schema-1.2.1.json"))
		require.NoError(t, err)
		var out bytes.Buffer
		code := run(t.Context(), []string{"rules", "list", "-o", "oscal"}, system{getenv: func(string) string { return "" }, stdout: &out, stderr: &out, now: func() time.Time { return scriptNow }, version: "0.0.0-test"})
		require.Equal(t, 0, code)
		doc, err := jsonschema.UnmarshalJSON(&out)
		require.NoError(t, err)
		require.NoError(t, s.Validate(doc))
	})
	t.Run("junit", func(t *testing.T) {
		s, err := xsd.Read(needs.Shared(t, filepath.Join("..", ".."), "schemas", "junit", "jenkins-junit-10.xsd"))
		require.NoError(t, err)
		raw, err := os.ReadFile(path("junit"))
		require.NoError(t, err)
		require.NoError(t, s.Validate(string(raw)))
		names := map[string]bool{} // by which servers tell cases apart
		for _, m := range regexp.MustCompile(`<testcase classname="[^"]*" name="[^"]*"`).FindAllString(string(raw), -1) {
			require.False(t, names[m], "%s twice", m)
			names[m] = true
		}
		require.Greater(t, len(names), 2000)
	})
}
