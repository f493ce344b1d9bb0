package evaluator

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

const off = `violation contains {"message": "off"} if not input.resource.rotation_enabled`

// with returns a good rule with one text replaced by another.
func with(old, replacement string) fstest.MapFS {
	good := ruleText("r", "T-1", "secret", `{max: {type: integer, default: 90, why: a test}}`, off)
	if !strings.Contains(good, old) {
		panic("the good rule has no " + old)
	}
	return files(strings.Replace(good, old, replacement, 1))
}

type badRule struct {
	name  string
	files fstest.MapFS
	want  []string // in the error
}

// Line 12 of the good rule is its package, line 14 its violation.
func badRules() []badRule {
	good := ruleText("r", "T-1", "secret", "", off)
	body := func(text string) fstest.MapFS { return with(off, text) }
	library := func(text string) fstest.MapFS {
		f := body(`violation contains {"message": "m"} if data.lib.l.f`)
		f["lib/l.rego"] = &fstest.MapFile{Data: []byte("package lib.l\n\n" + text + "\n")}
		return f
	}
	return []badRule{
		{"syntax", body(`violation contains {"message": "m" if true`), []string{"test/r0.rego:14:", "rego_parse_error"}},
		{"misspelt attribute", body(`violation contains {"message": "m"} if not input.resource.rotation_enabeld`), []string{"test/r0.rego:14:", "rotation_enabeld", "did you mean rotation_enabled?"}},
		{"attribute of another kind", body(`violation contains {"message": "m"} if input.resource.multi_region`), []string{"test/r0.rego:14:", "keyproof schema input"}},
		{"misspelt attribute of a related resource", body(`violation contains {"message": "m"} if input.related.key.sate == "Enabled"`), []string{"test/r0.rego:14:", "did you mean state?"}},
		{"misspelt role", body(`violation contains {"message": "m"} if input.related.keys.state == "Enabled"`), []string{"test/r0.rego:14:", "did you mean key?"}},
		{"misspelt parameter", body(`violation contains {"message": "m"} if input.params.maxx > 1`), []string{"test/r0.rego:14:", "did you mean max?"}},
		{"misspelt member of a list's element", body(`violation contains {"message": "m"} if input.resource.replica_states[_].state == "Failed"`), []string{"test/r0.rego:14:"}},
		{"no such input", body(`violation contains {"message": "m"} if input.now > 1`), []string{"test/r0.rego:14:"}},
		{"wrong type", body(`violation contains {"message": "m"} if input.resource.rotation_enabled == "yes"`), []string{"test/r0.rego:14:", "match error"}},
		{"wrong argument", body(`violation contains {"message": "m"} if startswith(input.resource.rotation_enabled, "x")`), []string{"test/r0.rego:14:", "startswith"}},
		{"misspelt attribute in a library", library(`f if input.resource.rotation_enabeld`), []string{"lib/l.rego:3", "did you mean rotation_enabled?", "T-1"}},
		{"attribute of another kind in a library", library(`f if g(input.resource.multi_region)

g(x) if x`), []string{"lib/l.rego:3", "input.resource.multi_region", "kind secret"}},
		{"missing parameter in a library", library(`f if input.params.min > 1`), []string{"lib/l.rego:3", "input.params.min"}},
		{"no such input in a library", library(`f if input.now > 1`), []string{"lib/l.rego:3", "input.now"}},
		{"with in a library", library(`f if g with input.resource as {}

g if input.resource.rotation_enabled`), []string{"lib/l.rego:3", "with"}},
		{"no such library rule", body(`violation contains {"message": "m"} if data.lib.l.f`), []string{"test/r0.rego:14:", "data.lib.l.f does not exist"}},
		{"no such function", body(`violation contains {"message": "m"} if data.lib.l.f(1)`), []string{"test/r0.rego:14:", "undefined function"}},
		{"another rule", files(good, ruleText("other", "T-2", "trail", "", `violation contains {"message": "m"} if count(data.rules.test.r.violation) > 0`)), []string{"test/r1.rego:13", "reaches into the rule rules.test.r"}},
		{"all data", body(`violation contains {"message": "m"} if count(data) > 100`), []string{"test/r0.rego:14:"}},
		{"unknown control", with("CC6.1", "CC99"), []string{"test/r0.rego:12:", `"CC99"`, "controls/soc2.yaml"}},
		{"unknown framework", with("soc2:", "soc3:"), []string{"test/r0.rego:12:", `"soc3"`, "soc2"}},
		{"no control", with("{soc2: [CC6.1]}", "{soc2: []}"), []string{"test/r0.rego:12:", "at least one"}},
		{"controls missing", with("#   controls: {soc2: [CC6.1]}\n", ""), []string{"test/r0.rego:11:", "at least one"}},
		{"duplicate id", files(good, ruleText("other", "T-1", "secret", "", off)), []string{"test/r1.rego:11", "T-1", "test/r0.rego"}},
		{"duplicate package", files(good, ruleText("r", "T-2", "secret", "", off)), []string{"test/r1.rego:11", "rules.test.r", "test/r0.rego"}},
		{"no metadata", files("package rules.test.r\n\n" + off + "\n"), []string{"test/r0.rego:1:", "METADATA"}},
		{"no title", with("# title: A title\n", ""), []string{"test/r0.rego:1:", "title is missing"}},
		{"no id", with("#   id: T-1\n", ""), []string{"test/r0.rego:1:", "custom.id is missing"}},
		{"an id with a line break", with("id: T-1", `id: "T-1\n"`), []string{"test/r0.rego:1:", `custom.id "T-1\n"`, "write letters, digits"}},
		{"an id that is no file name", with("id: T-1", `id: ../T-1`), []string{"test/r0.rego:1:", "write letters, digits"}},
		{"no kind", with("#   kind: secret\n", ""), []string{"test/r0.rego:1:", "custom.kind", "secret"}},
		{"no severity", with("#   severity: high\n", ""), []string{"test/r0.rego:1:", "severity", "critical, high"}},
		{"no such severity", with("severity: high", "severity: bad"), []string{"test/r0.rego:1:", `"bad"`}},
		{"no remediation", with("#   remediation: {text: Mend it.}\n", ""), []string{"test/r0.rego:1:", "remediation.text"}},
		{"no why", with(", why: a test", ""), []string{"test/r0.rego:1:", "params.max", "why"}},
		{"unknown custom member", with("severity: high", "severity: high\n#   severty: high"), []string{"test/r0.rego:1:", "severty"}},
		{"needs what there is not", with("severity: high", "severity: high\n#   needs: logs"), []string{"test/r0.rego:1:", `"logs"`, "needs events"}},
		{"no technique", with("severity: high", "severity: high\n#   mitre: [TA0040]"), []string{"test/r0.rego:1:", "TA0040", "T1562.008"}},
		{"bad default", with("default: 90", "default: ninety"), []string{"test/r0.rego:1:", "params.max", "integer"}},
		{"default with a fraction", with("default: 90", "default: 90.5"), []string{"test/r0.rego:1:", "params.max", "integer"}},
		{"no default", with(" default: 90,", ""), []string{"test/r0.rego:1:", "params.max"}},
		{"bad type of a parameter", with("type: integer", "type: number"), []string{"test/r0.rego:1:", "params.max", "integer, string, boolean or strings"}},
		{"http.send", body(`violation contains {"message": "m"} if http.send({"url": "http://x", "method": "GET"}).status_code == 200`), []string{"test/r0.rego:14:", "http.send"}},
		{"clock", body(`violation contains {"message": "m"} if time.now_ns() > 1`), []string{"test/r0.rego:14:", "time.now_ns"}},
		{"chance", body(`violation contains {"message": "m"} if rand.intn("x", 2) > 1`), []string{"test/r0.rego:14:", "rand.intn"}},
		{"uuid", body(`violation contains {"message": uuid.rfc4122("x")}`), []string{"test/r0.rego:14:", "uuid.rfc4122"}},
		{"environment", body(`violation contains {"message": "m"} if opa.runtime().env.HOME`), []string{"test/r0.rego:14:", "opa.runtime"}},
		{"name lookup", body(`violation contains {"message": "m"} if net.lookup_ip_addr("x")`), []string{"test/r0.rego:14:", "net.lookup_ip_addr"}},
		{"certificates against the clock", body(`violation contains {"message": "m"} if crypto.x509.parse_and_verify_certificates("x")[0]`), []string{"test/r0.rego:14:", "crypto.x509.parse_and_verify_certificates"}},
		{"schemas from the network", body(`violation contains {"message": "m"} if json.match_schema({}, {"$ref": "http://127.0.0.1:1/"})[0]`), []string{"test/r0.rego:14:", "json.match_schema"}},
		{"recursion", body("f(x) if f(x)\nviolation contains {\"message\": \"m\"} if f(input.resource.kms_key)"), []string{"test/r0.rego:14:", "recursive"}},
		{"the syntax of old", body(`violation[{"message": "m"}] { input.resource.kms_key }`), []string{"test/r0.rego:14:", "`if` keyword is required"}},
		{"no UTF-8", body("violation contains {\"message\": \"\xff\"} if input.resource.kms_key"), []string{"test/r0.rego:14:", "illegal utf-8"}},
		{"with", body(`violation contains {"message": "m"} if input.resource.rotation_enabled with input.resource as {}`), []string{"test/r0.rego:14:", "with"}},
		{"violation as a function", body(`violation(x) if x`), []string{"test/r0.rego:14:", "violation contains"}},
		{"violation as a complete rule", body(`violation if input.resource.rotation_enabled`), []string{"test/r0.rego:14:", "violation contains"}},
		{"violation as an object", body(`violation[x] := 1 if x := "a"`), []string{"test/r0.rego:14:", "violation contains"}},
		{"violation under a name", body(`violation.a contains "x"`), []string{"test/r0.rego:14:", "violation contains"}},
		{"not_applicable as a complete rule", body(off + "\nnot_applicable := true"), []string{"test/r0.rego:15:", "not_applicable contains"}},
		{"no violation", body(`deny contains "x"`), []string{"test/r0.rego:12:", "no `violation"}},
		{"short package", with("package rules.test.r", "package rules.r"), []string{"test/r0.rego:12:", "rules.<service>.<name>"}},
		{"long package", with("package rules.test.r", "package rules.test.r.s"), []string{"test/r0.rego:12:", "rules.<service>.<name>"}},
		{"misspelt package", with("package rules.test.r", "package rule.test.r"), []string{"test/r0.rego:12:", "rules.<service>.<name>"}},
		{"unused variable", body(`violation contains {"message": "m"} if { x := input.resource.rotation_enabled }`), []string{"test/r0.rego:14:", "x unused"}},
		{"unused import", body("import data.lib.l\n" + off), []string{"test/r0.rego:14:", "unused"}},
		{"unsafe variable", body(`violation contains {"message": y} if input.resource.rotation_enabled`), []string{"test/r0.rego:14:", "y is unsafe"}},
		{"no rules", fstest.MapFS{}, []string{"no rules found", "rules.<service>.<name>"}},
		{"controls that are no yaml", fstest.MapFS{"controls/a.yaml": {Data: []byte("id: [")}}, []string{"controls/a.yaml"}},
		{"controls with an unknown member", fstest.MapFS{"controls/a.yaml": {Data: []byte("id: a\ntitel: A\n")}}, []string{"controls/a.yaml", "line 2", "titel"}},
		{"controls without controls", fstest.MapFS{"controls/a.yaml": {Data: []byte("id: a\ntitle: A\n")}}, []string{"controls/a.yaml", "controls are needed"}},
		{"framework twice", fstest.MapFS{"controls/a.yaml": {Data: []byte(controls)}, "controls/b.yaml": {Data: []byte(controls)}}, []string{"controls/b.yaml", "soc2 is defined already"}},
		{"an id of ours", with("id: T-1", "id: WAIVER-001"), []string{"test/r0.rego:12:", "ids WAIVER-… are those of the results on waivers"}},
		{"another id of ours", with("id: T-1", "id: RULE-7"), []string{"test/r0.rego:12:", "ids RULE-… are those of the results on rules that do not load"}},
	}
}

func TestBadRulesAreRefused(t *testing.T) {
	for _, c := range badRules() {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(t.Context(), Options{}, c.files)
			require.Error(t, err)
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	set := files(
		ruleText("a", "T-10", "secret", `{max: {type: integer, default: 90, why: a test}, list: {type: strings, default: [], why: b}, on: {type: boolean, default: true, why: c}, s: {type: string, default: x, why: d}}`,
			`violation contains {"message": sprintf("%v %v %v %v", [input.params.max, input.params.list, input.params.on, input.params.s])}`),
		ruleText("b", "T-9", "secret", "", off),
	)
	t.Run("rules come sorted by id", func(t *testing.T) {
		j, err := New(t.Context(), Options{}, set)
		require.NoError(t, err)
		require.Equal(t, []model.RuleID{"T-9", "T-10"}, ids(j))
		require.Equal(t, "soc2", j.Frameworks()[0].ID)
		require.Equal(t, []string{"resource.rotation_enabled"}, j.Rules()[0].Reads)
		require.Equal(t, model.Param{Type: "integer", Value: 90, Default: 90, Why: "a test"}, j.Rules()[1].Params["max"])
	})
	t.Run("parameters", func(t *testing.T) {
		j, err := New(t.Context(), Options{Params: map[model.RuleID]map[string]string{"T-10": {"max": "7", "list": "a,b", "on": "false", "s": "y"}}}, set)
		require.NoError(t, err)
		_, results := evaluate(t, j, snapshot(nil, secret("s", nil)))
		require.Equal(t, `7 ["a", "b"] false y`, results[1].Findings[0].Message)
		require.Equal(t, model.Param{Type: "integer", Value: 7, Default: 90, Why: "set by the user"}, j.Rules()[1].Params["max"])
	})
	t.Run("only", func(t *testing.T) {
		j, err := New(t.Context(), Options{Only: []model.RuleID{"T-10", "T-10"}}, set)
		require.NoError(t, err)
		require.Equal(t, []model.RuleID{"T-10"}, ids(j))
	})
	for name, c := range map[string]struct {
		opts Options
		want string
	}{
		"only a rule that does not exist":   {Options{Only: []model.RuleID{"T-11"}}, "keyproof rules"},
		"parameter of no rule":              {Options{Params: map[model.RuleID]map[string]string{"T-11": {"max": "1"}}}, "keyproof rules"},
		"no such parameter":                 {Options{Params: map[model.RuleID]map[string]string{"T-10": {"mx": "1"}}}, "it has list, max, on, s"},
		"parameter of a rule that has none": {Options{Params: map[model.RuleID]map[string]string{"T-9": {"mx": "1"}}}, "it has none"},
		"not a number":                      {Options{Params: map[model.RuleID]map[string]string{"T-10": {"max": "1d"}}}, "whole number"},
		"not a boolean":                     {Options{Params: map[model.RuleID]map[string]string{"T-10": {"on": "perhaps"}}}, "true or false"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(t.Context(), c.opts, set)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func ids(j *Judge) []model.RuleID {
	var list []model.RuleID
	for _, r := range j.Rules() {
		list = append(list, r.ID)
	}
	return list
}
