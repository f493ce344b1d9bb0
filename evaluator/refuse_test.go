package evaluator

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// mine is a source of a user's with some files.
func mine(f fstest.MapFS) Source { return Source{Name: "mine/", Files: f} }

// judgeBeside judges one good secret with a rule of ours and with a user's
// source, and returns what the rule of ours says.
func judgeBeside(t *testing.T, opts Options) (*Judge, *model.Report, []*model.Result) {
	t.Helper()
	j, err := New(t.Context(), opts, files(ruleText("ours", "OURS-1", "secret", "", off)))
	require.NoError(t, err)
	report, results := evaluate(t, j, snapshot(nil, secret("s", func(s *model.Secret) { s.RotationEnabled = model.Known(true) })))
	require.Equal(t, model.RuleID("OURS-1"), results[0].Rule)
	require.Equal(t, model.StatusPass, results[0].Status)
	return j, report, results
}

// TestBadRulesOfUsers: each bad rule, as one of a user's, names itself and
// leaves ours alone; nothing can pass it; --strict makes it an error.
func TestBadRulesOfUsers(t *testing.T) {
	for _, c := range badRules() {
		if strings.HasPrefix(c.name, "controls") || c.name == "framework twice" || c.name == "no rules" {
			continue
		}
		delete(c.files, "controls/soc2.yaml") // ours has it
		t.Run(c.name, func(t *testing.T) {
			j, report, results := judgeBeside(t, Options{Users: []Source{mine(c.files)}})
			require.NotEmpty(t, j.Refused())
			var said []string
			for _, r := range j.Refused() {
				require.Contains(t, c.files, strings.TrimPrefix(r.File, "mine/"))
				said = append(said, r.Err.Error())
			}
			for _, want := range c.want {
				require.Contains(t, strings.Join(said, "\n"), want)
			}
			require.Equal(t, model.VerdictUnknown, report.Verdict(model.VerdictPolicy{MinSeverity: model.SeverityCritical}))
			require.Equal(t, len(j.Refused()), report.Summary.ByRule[ruleRefused].Unknown)
			last := results[len(results)-1]
			require.Equal(t, model.ResourceID{Kind: model.KindRule, ID: j.Refused()[len(j.Refused())-1].File}, last.Resource)
			require.Equal(t, model.ReasonRule, last.Unknown["rule"].Reason)
			if !strings.Contains(c.name, "in a library") { // the line is one of the library
				require.Positive(t, last.Origin.Line)
			}
			require.NotContains(t, last.Unknown["rule"].Detail, "\n")

			_, err := New(t.Context(), Options{Users: []Source{mine(c.files)}, Strict: true}, files(ruleText("ours", "OURS-1", "secret", "", off)))
			require.ErrorContains(t, err, "mine/")
		})
	}
}

func TestOneBadRuleAmongUsers(t *testing.T) {
	good := ruleText("good", "U-1", "secret", "", off)
	bad := ruleText("bad", "U-2", "secret", `{max: {type: integer, default: 1, why: a test}}`, `violation contains {"message": "m"} if input.resource.nonsense`)
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for _, c := range []struct {
		name    string
		opts    Options
		judges  []model.RuleID
		refused []string
		want    string // in the first refusal
	}{
		{"beside a good one", Options{Users: []Source{mine(fstest.MapFS{"a.rego": text(bad), "b.rego": text(good)})}}, []model.RuleID{"OURS-1", "U-1"}, []string{"mine/a.rego"}, "mine/a.rego:14"},
		{"in another source", Options{Users: []Source{mine(fstest.MapFS{"a.rego": text(bad)}), {Name: "too/", Files: fstest.MapFS{"a.rego": text(good)}}}}, []model.RuleID{"OURS-1", "U-1"}, []string{"mine/a.rego"}, "nonsense"},
		{"chosen alone, and with parameters and settings", Options{
			Users: []Source{mine(fstest.MapFS{"a.rego": text(bad)})}, Only: []model.RuleID{"U-2", "OURS-1"},
			Params: map[model.RuleID]map[string]string{"U-2": {"max": "2"}},
			Settings: Settings{
				Overrides: map[model.RuleID][]model.Override{"U-2": {{Set: map[string]any{"max": 3}}}},
				Off:       map[model.RuleID]model.Off{"U-2": {Reason: "x"}},
			},
		}, []model.RuleID{"OURS-1"}, []string{"mine/a.rego"}, "nonsense"},
		{"an id of ours", Options{Users: []Source{mine(fstest.MapFS{"a.rego": text(ruleText("a", "OURS-1", "secret", "", off))})}}, []model.RuleID{"OURS-1"}, []string{"mine/a.rego"}, "taken by test/r0.rego"},
		{"a package of ours", Options{Users: []Source{mine(fstest.MapFS{"a.rego": text(ruleText("ours", "U-1", "secret", "", off))})}}, []model.RuleID{"OURS-1"}, []string{"mine/a.rego"}, "is in test/r0.rego already"},
		{"a library that a good one uses", Options{Users: []Source{mine(fstest.MapFS{
			"a.rego": text(ruleText("a", "U-1", "secret", "", `violation contains {"message": "m"} if data.lib.mine.f`)),
			"l.rego": text("package lib.mine\n\nf if input.resource.rotation_enabled ==\n"),
		})}}, []model.RuleID{"OURS-1"}, []string{"mine/l.rego", "mine/a.rego"}, "mine/l.rego:4"},
		{"two that define the same", Options{Users: []Source{mine(fstest.MapFS{
			"a.rego": text("package lib.mine\n\nf := 1\n"), "b.rego": text("package lib.mine\n\nf(x) := x\n"), "c.rego": text(good),
		})}}, []model.RuleID{"OURS-1", "U-1"}, nil, "conflicting rules"},
		{"no rules", Options{Users: []Source{mine(fstest.MapFS{"readme.txt": text("x")})}}, []model.RuleID{"OURS-1"}, []string{"mine"}, "no rules found"},
		{"controls", Options{Users: []Source{mine(fstest.MapFS{"controls/a.yaml": text("id: ["), "b.rego": text(good)})}}, []model.RuleID{"OURS-1", "U-1"}, []string{"mine/controls/a.yaml"}, "mine/controls/a.yaml"},
		{"a framework of ours", Options{Users: []Source{mine(fstest.MapFS{"controls/a.yaml": text(controls), "b.rego": text(good)})}}, []model.RuleID{"OURS-1", "U-1"}, []string{"mine/controls/a.yaml"}, "soc2 is defined already"},
		{"a source that cannot be read", Options{Users: []Source{{Name: "b.tar.gz/", Err: errors.New("it is not a bundle")}}}, []model.RuleID{"OURS-1"}, []string{"b.tar.gz"}, "b.tar.gz: it is not a bundle"},
	} {
		t.Run(c.name, func(t *testing.T) {
			j, report, _ := judgeBeside(t, c.opts)
			require.Equal(t, c.judges, ids(j))
			var refused []string
			for _, r := range j.Refused() {
				refused = append(refused, r.File)
			}
			if c.refused != nil {
				require.Equal(t, c.refused, refused)
			}
			require.ErrorContains(t, j.Refused()[0].Err, c.want)
			require.NotEqual(t, model.VerdictPass, report.Verdict(model.VerdictPolicy{}))
		})
	}
}

// TestUsersCannotChangeOurs: a library of a user's that adds to one of ours
// could make a rule of ours pass.
func TestUsersCannotChangeOurs(t *testing.T) {
	ours := files(ruleText("ours", "OURS-1", "secret", "", `violation contains {"message": "off"} if not data.lib.rotation.fine`))
	ours["lib/rotation.rego"] = &fstest.MapFile{Data: []byte("package lib.rotation\n\nfine if input.resource.rotation_enabled\n")}
	for _, pkg := range []string{"lib.rotation", "lib.rotation.fine", "lib.rotation.more"} {
		users := []Source{mine(fstest.MapFS{"l.rego": {Data: []byte("package " + pkg + "\n\nfine if input.resource.name\n")}})}
		j, err := New(t.Context(), Options{Users: users}, ours)
		require.NoError(t, err)
		require.ErrorContains(t, j.Refused()[0].Err, "mine/l.rego:1: package "+pkg+" would change package lib.rotation of keyproof")
		_, results := evaluate(t, j, snapshot(nil, secret("s", func(s *model.Secret) { s.RotationEnabled = model.Known(false) })))
		require.Equal(t, model.StatusFail, results[0].Status)
	}
}

// TestUsersFoldersNamedLikeOurs: a file of a user's never takes the place of ours,
// whatever its folder is called, nor that of another file of a user's.
func TestUsersFoldersNamedLikeOurs(t *testing.T) {
	ours := files(ruleText("ours", "OURS-1", "secret", "", `violation contains {"message": "off"} if not data.lib.rotation.fine`))
	ours["lib/rotation.rego"] = &fstest.MapFile{Data: []byte("package lib.rotation\n\nfine if input.resource.rotation_enabled\n")}
	rule := func(pkg, id string) fstest.MapFS {
		return fstest.MapFS{"r0.rego": {Data: []byte(ruleText(pkg, id, "secret", "", off))}}
	}
	for _, c := range []struct {
		name   string
		users  []Source
		judges []model.RuleID
		want   string // of what is refused; empty when nothing is
	}{
		{"a rule", []Source{{Name: "test/", Files: rule("mine", "U-1")}}, []model.RuleID{"OURS-1", "U-1"}, ""},
		{"a bad rule", []Source{{Name: "test/", Files: rule("mine", "OURS-1")}}, []model.RuleID{"OURS-1"}, "./test/r0.rego:11: rule id OURS-1 is taken by test/r0.rego"},
		{"a library", []Source{{Name: "lib/", Files: fstest.MapFS{"rotation.rego": {Data: []byte("package lib.rotation\n\nfine if input.resource.name\n")}}}}, []model.RuleID{"OURS-1"}, "./lib/rotation.rego:1: package lib.rotation would change package lib.rotation of keyproof"},
		{"twice", []Source{{Name: "m/", Files: rule("mine", "U-1")}, {Name: "m/", Files: rule("mine", "U-1")}}, []model.RuleID{"OURS-1", "U-1"}, "./m/r0.rego:11: package rules.test.mine is in m/r0.rego already"},
	} {
		t.Run(c.name, func(t *testing.T) {
			j, err := New(t.Context(), Options{Users: c.users}, ours)
			require.NoError(t, err)
			require.Equal(t, c.judges, ids(j))
			if c.want == "" {
				require.Empty(t, j.Refused())
			} else {
				require.Len(t, j.Refused(), 1)
				require.ErrorContains(t, j.Refused()[0].Err, c.want)
			}
			_, results := evaluate(t, j, snapshot(nil, secret("s", func(s *model.Secret) { s.RotationEnabled = model.Known(false) })))
			require.Equal(t, model.RuleID("OURS-1"), results[0].Rule)
			require.Equal(t, model.StatusFail, results[0].Status)
		})
	}
}

// What editors do to a file does not matter.
func TestFilesOfEditors(t *testing.T) {
	rule := ruleText("mine", "U-1", "secret", "", "violation contains {\"message\": \"off\"} if {\n\tnot input.resource.rotation_enabled\n}")
	for name, text := range map[string]string{
		"a byte order mark": "\ufeff" + rule,
		"CRLF":              strings.ReplaceAll(rule, "\n", "\r\n"),
		"both":              "\ufeff" + strings.ReplaceAll(rule, "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			j, _, results := judgeBeside(t, Options{Users: []Source{mine(fstest.MapFS{"a.rego": {Data: []byte(text)}})}, Strict: true})
			require.Empty(t, j.Refused())
			require.Equal(t, model.RuleID("U-1"), results[1].Rule)
			require.Equal(t, model.StatusPass, results[1].Status)
		})
	}
}

// A user's rules may use our libraries and controls, and have our file names.
func TestSeveralSources(t *testing.T) {
	users := []Source{mine(fstest.MapFS{"test/r0.rego": {Data: []byte(ruleText("mine", "U-1", "secret", "", off))}})}
	j, err := New(t.Context(), Options{Users: users, Strict: true}, files(ruleText("a", "T-1", "secret", "", off)))
	require.NoError(t, err)
	require.Equal(t, []model.RuleID{"T-1", "U-1"}, ids(j))
	require.Empty(t, j.Refused())
}
