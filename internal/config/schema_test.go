package config

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	raw, err := Schema()
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("config.json", doc))
	s, err := c.Compile("config.json")
	require.NoError(t, err)
	return s
}

// plain is a file as an editor sees it: a date is a text.
func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, e := range n.Content {
			list = append(list, plain(e))
		}
		return list
	}
	if n.Tag == "!!timestamp" {
		return n.Value
	}
	var v any
	if n.Decode(&v) != nil {
		return n.Value
	}
	return v
}

// TestSchemaAgrees: the schema and the reader accept and refuse the same.
func TestSchemaAgrees(t *testing.T) {
	s := compiled(t)
	const waiver = "waivers: [{rule: R, resource: x, reason: r, owner: o, approved_by: a, created: 2026-01-01, expires: 2026-01-02"
	for _, c := range []struct {
		content string
		good    bool
	}{
		{everything, true},
		{"{}", true},
		{"~", true},
		{"scope:\nrules:\n  off:\n  dirs:\nparameters:\n  SM-1:\nwaivers:\nverdict:\nframeworks:\n", true},
		{waiver + "}]", true},
		{waiver + ", extra: 1}]", false},
		{waiver + ", region: ''}]", false},
		{waiver + ", account: 1}]", false},
		{"waivers: [{rule: R}]", false},
		{"waivers: [~]", false},
		{"waivers: {}", false},
		{"extra: 1", false},
		{"scope: {region: []}", false},
		{"scope: {regions: eu-west-1}", false},
		{"scope: {external_id: 1}", false},
		{"frameworks: [1]", false},
		{"rules: {off: {SM-1: ~}}", false},
		{"rules: {off: {SM-1: {}}}", false},
		{"rules: {off: {SM-1: {reason: ''}}}", false},
		{"rules: {off: {SM-1: {reason: r, until: x}}}", false},
		{"parameters: {SM-1: [{set: {a: 1}, why: w}]}", true},
		{"parameters: {SM-1: [{set: {a: 1.5}, why: w}]}", false},
		{"parameters: {SM-1: [{set: {a: [1]}, why: w}]}", false},
		{"parameters: {SM-1: [{set: {a: {}}, why: w}]}", false},
		{"parameters: {SM-1: [{set: {}, why: w}]}", false},
		{"parameters: {SM-1: [{set: {a: 1}}]}", false},
		{"parameters: {SM-1: [{where: {}, set: {a: 1}, why: w}]}", false},
		{"parameters: {SM-1: [{where: ~, set: {a: 1}, why: w}]}", false},
		{"parameters: {SM-1: [{where: {tags: {a: b}}, set: {a: 1}, why: w}]}", false},
		{"parameters: {SM-1: [{where: {tag: {}}, set: {a: 1}, why: w}]}", false},
		{"parameters: {SM-1: [{where: {account: prod}, set: {a: 1}, why: w}]}", false},
		{"verdict: {fail_on: bad}", false},
		{"gate: {fail_on: all}", false},
		{"gate: {fail_on: introduced, unknown: {failed: {action: warn}}}", true},
		{"gate: {unknown: {unresolved: {action: stop}}}", false},
		{"verdict: {fail_on: low}", true},
		{"waivers_without_expiry: 1", false},
	} {
		r := &reader{file: "f"}
		r.config(parse[document](r, []byte(c.content)))
		var n yaml.Node
		require.NoError(t, yaml.Unmarshal([]byte(c.content), &n))
		err := s.Validate(plain(&n))
		require.Equal(t, c.good, err == nil, "schema on %s: %v", c.content, err)
		require.Equal(t, c.good, r.err() == nil, "reader on %s: %v", c.content, r.err())
	}
}

// FuzzRead: no file makes the reader panic, each error has its file, and what
// it accepts the schema accepts.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		everything, "", "#", "~", "a: &a [*a]", "scope: {<<: {regions: [x]}}", "? [a]\n: b", "--- a\n--- b", "parameters: {SM-1: [{set: {a: 99999999999999999999}}]}",
		"waivers: [{created: 0000-01-01}]", "scope: !!binary aa", "frameworks: [!x y]",
	} {
		f.Add([]byte(seed))
	}
	s := compiled(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := &reader{file: "f"}
		r.config(parse[document](r, raw))
		if err := r.err(); err != nil {
			for _, e := range r.errs {
				require.Regexp(t, `(?s)^f:`, e.Error())
			}
			return
		}
		var n yaml.Node
		require.NoError(t, yaml.Unmarshal(raw, &n))
		if n.Kind != 0 {
			require.NoError(t, s.Validate(plain(&n)))
		}
	})
}
