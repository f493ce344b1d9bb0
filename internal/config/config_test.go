package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// everything has each key of the file.
const everything = `
scope:
  profiles: [audit]
  assume_roles: ["arn:aws:iam::111122223333:role/Audit"]
  external_id: abc
  regions: [eu-west-1, us-east-1]
  trusted_accounts: ["999900001111"]
frameworks: [hipaa, pci_dss]
rules:
  dirs: [mine]
  off:
    SM-013: {reason: "tags are judged elsewhere"}
parameters:
  SM-002:
    - {set: {max_days: 365}, why: "risk analysis 2026-03"}
    - where: {account: "4444*", region: eu-*, tag: {env: dev, team: pay*}, name: "dev/*"}
      set: {max_days: 730, other: [a, b], yes: true, text: x}
      why: development data
verdict: {fail_on: high}
waivers_without_expiry: true
waiver_files: [more.yaml]
waivers:
  - rule: SM-001
    resource: prod/legacy/*
    account: "111122223333"
    region: eu-west-1
    reason: >
      the system is
      switched off in June
    owner: payments
    approved_by: CISO
    created: 2026-01-10
    expires: 2026-06-30
    compensating_control: read access is alarmed
  - {rule: SM-003, resource: "*", reason: r, owner: o, approved_by: a, created: "2026-01-10"}
gate:
  fail_on: any
  min_severity: medium
  frameworks: [soc2]
  unknown:
    after_apply: {action: ignore}
    unresolved: {action: fail, min_severity: high}
`

func day(t *testing.T, s string) model.Date {
	t.Helper()
	d, err := model.ParseDate(s)
	require.NoError(t, err)
	return d
}

func write(t *testing.T, path, content string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	path := write(t, filepath.Join(dir, Name), everything)
	more := write(t, filepath.Join(dir, "more.yaml"), "waivers:\n  - {rule: SM-009, resource: x, reason: r, owner: o, approved_by: a, created: 2026-01-10, expires: 2026-01-10}\n")
	c, err := Load(path)
	require.NoError(t, err)
	at := func(line int) model.Origin { return model.Origin{File: path, Line: line} }
	require.Equal(t, &Config{
		Path: path,
		Scope: Scope{
			Profiles: []string{"audit"}, AssumeRoles: []string{"arn:aws:iam::111122223333:role/Audit"}, ExternalID: "abc",
			Regions: []string{"eu-west-1", "us-east-1"}, TrustedAccounts: []string{"999900001111"},
		},
		Frameworks: []Choice{{"hipaa", at(8)}, {"pci_dss", at(8)}},
		RuleDirs:   []string{filepath.Join(dir, "mine")},
		Off:        map[model.RuleID]model.Off{"SM-013": {Reason: "tags are judged elsewhere", Origin: at(12)}},
		Overrides: map[model.RuleID][]model.Override{"SM-002": {
			{Set: map[string]any{"max_days": 365}, Why: "risk analysis 2026-03", Origin: at(15)},
			{
				Where: model.Where{Account: "4444*", Region: "eu-*", Name: "dev/*", Tags: map[string]string{"env": "dev", "team": "pay*"}},
				Set:   map[string]any{"max_days": 730, "other": []string{"a", "b"}, "yes": true, "text": "x"}, Why: "development data", Origin: at(16),
			},
		}},
		FailOn: model.SeverityHigh, WithoutExpiry: true,
		Gate: Gate{
			FailOn: "any", MinSeverity: model.SeverityMedium, Frameworks: []Choice{{"soc2", at(39)}},
			Unknown: map[model.Reason]model.UnknownPolicy{
				model.ReasonAfterApply: {Action: model.UnknownIgnored},
				model.ReasonUnresolved: {Action: model.UnknownFails, MinSeverity: model.SeverityHigh},
			},
		},
		Waivers: []model.Waiver{
			{
				Rule: "SM-001", Where: model.Where{Resource: "prod/legacy/*", Account: "111122223333", Region: "eu-west-1"},
				Reason: "the system is switched off in June", Owner: "payments", ApprovedBy: "CISO", Created: day(t, "2026-01-10"),
				Expires: day(t, "2026-06-30"), CompensatingControl: "read access is alarmed", Origin: at(23),
			},
			{Rule: "SM-003", Where: model.Where{Resource: "*"}, Reason: "r", Owner: "o", ApprovedBy: "a", Created: day(t, "2026-01-10"), Origin: at(35)},
			{
				Rule: "SM-009", Where: model.Where{Resource: "x"}, Reason: "r", Owner: "o", ApprovedBy: "a", Created: day(t, "2026-01-10"),
				Expires: day(t, "2026-01-10"), Origin: model.Origin{File: more, Line: 2},
			},
		},
	}, c)
}

// TestRefused: what is wrong is said with its line and the way to it.
func TestRefused(t *testing.T) {
	const waiver = "waivers:\n  - {rule: SM-001, resource: x, reason: r, owner: o, approved_by: a, "
	for _, c := range []struct{ name, content, want string }{
		{"unknown key", "scope:\n  region: [x]\n", `f:2: scope: there is no key "region", did you mean regions?`},
		{"unknown key at the top", "waiver: []\n", `f:1: there is no key "waiver", did you mean waivers?`},
		{"nothing near", "zzzzzzzz: 1\n", `there are scope, frameworks,`},
		{"key twice", "frameworks: [hipaa]\nframeworks: [soc2]\n", `f:2: key "frameworks" is in line 1 already`},
		{"rule twice", "parameters:\n  SM-1: []\n  SM-1: []\n", `f:3: parameters: key "SM-1" is in line 2 already`},
		{"list wanted", "frameworks: hipaa\n", `f:1: frameworks: write a list, not a single value`},
		{"keys wanted", "scope: [a]\n", `f:1: scope: write keys with values, not a list`},
		{"text wanted", "scope: {regions: [[a]]}\n", `f:1: scope.regions[0]: write a single value, not a list`},
		{"number for a text", "scope:\n  trusted_accounts:\n    - 111122223333\n", `f:3: scope.trusted_accounts[0]: 111122223333 is not text: write it in quotes, "111122223333"`},
		{"nothing for a text", "scope:\n  external_id:\n", `f:2: scope.external_id: write text, not nothing`},
		{"empty text", "scope:\n  external_id: ' '\n", `it is empty`},
		{"flag", "waivers_without_expiry: maybe\n", `f:1: waivers_without_expiry: write true or false, not "maybe"`},
		{"when a gate fails", "gate: {fail_on: all}\n", `write one of [introduced any], not "all"`},
		{"action", "gate: {unknown: {unresolved: {action: stop}}}\n", `write one of [ignore warn fail], not "stop"`},
		{"reason", "gate: {unknown: {unresolvd: {action: fail}}}\n", `did you mean unresolved?`},
		{"severity", "verdict: {fail_on: bad}\n", `severity "bad" does not exist: use critical`},
		{"off without reason", "rules:\n  off:\n    SM-1: {}\n", `f:3: rules.off.SM-1: reason is missing`},
		{"off with nothing", "rules:\n  off:\n    SM-1:\n", `f:3: rules.off.SM-1: write keys with values, not nothing`},
		{"parameter without why", "parameters:\n  SM-1:\n    - set: {a: 1}\n", `f:3: parameters.SM-1[0]: why is missing`},
		{"parameter that sets nothing", "parameters:\n  SM-1:\n    - {set: {}, why: w}\n", `f:3: parameters.SM-1[0].set: it says nothing`},
		{"where that was commented out", "parameters:\n  SM-1:\n    - where:\n      set: {a: 1}\n      why: w\n", `f:3: parameters.SM-1[0].where: it says nothing`},
		{"account as a number", "parameters:\n  SM-1:\n    - {where: {account: 444455556666}, set: {a: 1}, why: w}\n", `write it in quotes, "444455556666"`},
		{"no account", "parameters:\n  SM-1:\n    - {where: {account: prod}, set: {a: 1}, why: w}\n", `"prod" is not an account`},
		{"fraction", "parameters:\n  SM-1:\n    - {set: {a: 1.5}, why: w}\n", `parameters.SM-1[0].set.a: write a whole number, text, true, false or a list of texts, not "1.5"`},
		{"mixed list", "parameters:\n  SM-1:\n    - {set: {a: [x, 1]}, why: w}\n", `a list holds texts, not "1"`},
		{"alias", "frameworks: &f [hipaa]\nwaiver_files: *f\n", `f:2: waiver_files: write the value out`},
		{"two documents", "frameworks: []\n---\nframeworks: []\n", `a second document begins here`},
		{"broken", "scope: [\n", `f: line `},
		{"bad date", waiver + "created: 2026-02-30, expires: 2026-03-01}\n", `f:2: waivers[0].created: "2026-02-30" is not a date`},
		{"expires before created", waiver + "created: 2026-02-02, expires: 2026-02-01}\n", `f:2: waiver: it expires on 2026-02-01, before it is created on 2026-02-02`},
		{"no expiry", waiver + "created: 2026-02-02}\n", `f:2: waiver: expires is missing`},
		{"no reason", "waivers:\n  - {rule: SM-001, resource: x}\n", `f:2: waivers[0]: reason, owner, approved_by, created is missing`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &reader{file: "f"}
			r.config(parse[document](r, []byte(c.content)))
			require.ErrorContains(t, r.err(), c.want)
		})
	}
}

func TestEmptyIsFine(t *testing.T) {
	for _, content := range []string{"", "\n", "# nothing yet\n", "---\n", "scope:\nwaivers:\nparameters:\nrules:\n  off:\n", "{}\n"} {
		r := &reader{file: "f"}
		c := r.config(parse[document](r, []byte(content)))
		require.NoError(t, r.err(), content)
		require.Empty(t, c.Waivers)
	}
}

func TestManyErrors(t *testing.T) {
	content := "frameworks:\n"
	for range shownErrors + 5 {
		content += "  - 1\n"
	}
	r := &reader{file: "f"}
	parse[document](r, []byte(content))
	require.ErrorContains(t, r.err(), "f:21:")
	require.NotContains(t, r.err().Error(), "f:22:")
	require.ErrorContains(t, r.err(), "and 5 more")
}

func TestFind(t *testing.T) {
	top := t.TempDir()
	deep := filepath.Join(top, "repo", "a", "b")
	require.NoError(t, os.MkdirAll(filepath.Join(top, "repo", ".git"), 0o755))
	require.NoError(t, os.MkdirAll(deep, 0o755))
	write(t, filepath.Join(top, Name), "")
	found, err := Find(deep)
	require.NoError(t, err)
	require.Empty(t, found, "it does not look outside the repository")
	write(t, filepath.Join(top, "repo", Name), "")
	found, err = Find(deep)
	require.NoError(t, err)
	require.Equal(t, filepath.Join("..", "..", Name), found)
	write(t, filepath.Join(deep, Name), "")
	found, err = Find(deep)
	require.NoError(t, err)
	require.Equal(t, Name, found, "the nearest")
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	_, err := Load(filepath.Join(dir, "none.yaml"))
	require.ErrorContains(t, err, "--config none")
	path := write(t, filepath.Join(dir, Name), "waiver_files: [gone.yaml]\n")
	_, err = Load(path)
	require.ErrorContains(t, err, path+": waiver_files: ")
	write(t, filepath.Join(dir, "gone.yaml"), "waivers:\n  - {}\nscope: {}\n")
	_, err = Load(path)
	require.ErrorContains(t, err, "gone.yaml:2: waivers[0]: rule, resource, ")
	require.ErrorContains(t, err, `gone.yaml:3: there is no key "scope"`)
	write(t, path, "#"+string(make([]byte, maxSize)))
	_, err = Load(path)
	require.ErrorContains(t, err, "larger than 4 MiB")
}

// TestRemediation reads the settings of repairs.
func TestRemediation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyproof.yaml")
	require.NoError(t, os.WriteFile(path, []byte(`remediation:
  enable-rotation:
    - where: {name: payments/*, tag: {team: payments}}
      set: {function: rotate-postgres, days: 30, now: false}
  enable-replication:
    - set: {regions: [us-west-2, eu-central-1]}
`), 0o600))
	c, err := Load(path)
	require.NoError(t, err)
	require.Equal(t, []Repair{
		{Action: "enable-replication", Set: map[string]string{"regions": "us-west-2,eu-central-1"}, Origin: model.Origin{File: path, Line: 6}},
		{Action: "enable-rotation", Where: model.Where{Name: "payments/*", Tags: map[string]string{"team": "payments"}},
			Set: map[string]string{"function": "rotate-postgres", "days": "30", "now": "false"}, Origin: model.Origin{File: path, Line: 3}},
	}, c.Remediation)
}
