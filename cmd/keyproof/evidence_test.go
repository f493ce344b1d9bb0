package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
	"github.com/keyproof/keyproof/reports/evidence"
	"github.com/keyproof/keyproof/rules"
)

// keyproof runs the program.
func keyproof(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, system{
		getenv: func(string) string { return "" }, stdin: strings.NewReader(""), stdout: &out, stderr: &errs,
		now: func() time.Time { return scriptNow }, version: "test",
	})
	return code, out.String(), errs.String()
}

// savedAcme saves a snapshot of the embedded account.
func savedAcme(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.ndjson.zst")
	code, _, stderr := keyproof(t, "demo", "--quiet", "--save", path)
	require.Equal(t, 3, code, stderr)
	return path
}

func exportedAcme(t *testing.T, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bundle.zip")
	code, _, stderr := keyproof(t, append([]string{"evidence", "export", "--config", "none", "--from", savedAcme(t), "-o", path}, args...)...)
	require.Equal(t, 0, code, stderr)
	return path
}

// forge bundles the parts of a bundle again, one of them changed: all hashes fit.
func forge(t *testing.T, path, part string, change func([]byte) []byte) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	b, err := evidence.Open(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	about := b.Manifest.About
	var parts []evidence.Part
	for _, p := range b.Manifest.Parts {
		text, err := b.ReadFile(p.Name)
		require.NoError(t, err)
		if p.Name == part {
			was := bytes.Clone(text)
			text = change(text)
			require.NotEqual(t, was, text)
		}
		parts = append(parts, evidence.Bytes(p.Name, text))
	}
	if part == evidence.ManifestName {
		about.Verdict = string(change([]byte(about.Verdict)))
	}
	var out bytes.Buffer
	require.NoError(t, evidence.Write(t.Context(), &out, about, parts))
	forged := filepath.Join(t.TempDir(), "forged.zip")
	require.NoError(t, os.WriteFile(forged, out.Bytes(), 0o600))
	return forged
}

// TestEvidenceFollows forges a bundle in each of its parts, with hashes that fit:
// what no longer follows from the data is named.
func TestEvidenceFollows(t *testing.T) {
	t.Parallel()
	path := exportedAcme(t, "--param", "SM-002.max_days=365")
	code, stdout, _ := keyproof(t, "evidence", "verify", path)
	require.Equal(t, 4, code, stdout)
	require.Contains(t, stdout, "nobody signed it")
	require.Regexp(t, `results +\d{4} results judged again: all follow from the snapshot`, stdout)

	replace := func(old, new string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(new), 1) }
	}
	for name, c := range map[string]struct {
		part   string
		change func([]byte) []byte
		want   string
	}{
		"a result": {partReport, replace(`"status":"fail","findings"`, `"status":"pass","findings"`), `on arn:\S+: the report says pass; what follows is fail`},
		"a result left out": {partReport, func(b []byte) []byte {
			i := bytes.LastIndex(b, []byte("},\n    {"))
			return append(b[:i+1:i+1], "\n  ]\n}\n"...)
		}, `: the report says no such result; what follows is the result`},
		"a finding":      {partReport, replace(`automatic rotation is off`, `automatic rotation is of`), `SM-001 on \S+: the report says {.* is of"`},
		"a remark":       {partReport, replace(`"status":"fail","findings"`, `"note":"accepted by the auditor","status":"fail","findings"`), `: the report says {.*accepted by the auditor`},
		"a status twice": {partReport, replace(`"status":"fail","findings"`, `"status":"pass","status":"fail","findings"`), `report.json: the member "status" is there twice in one object`},
		"an end":         {partReport, func(b []byte) []byte { return append(b, `{"verdict": "pass"}`...) }, "report.json: something follows the end of its JSON text"},
		"a line":         {evidence.ManifestName, func([]byte) []byte { return []byte("fail\nsignature  good, of the key 1") }, `verdict fail\\nsignature  good`},
		"the summary":    {partReport, replace(`"fail":`, `"fail":1`), "summary|frameworks|rules"},
		"a parameter":    {partRules + "/" + recipeName, replace(`"365"`, `"30"`), `SM-002 on arn:\S+: the report says pass; what follows is fail`},
		"a rule":         {partRules + "/ours/secretsmanager/rotation_enabled.rego", replace("not input.resource.rotation_enabled", "input.resource.rotation_enabled"), `SM-001 on arn:\S+: the report says pass; what follows is fail`},
		"no rule":        {partRules + "/ours/secretsmanager/rotation_enabled.rego", replace("violation contains", "violation contain"), `its parts cannot be judged again: rules: .*rotation_enabled.rego:\d+`},
		"a bomb":         {partSnapshot, func([]byte) []byte { return make([]byte, 4<<20) }, `its parts cannot be judged again: snapshot\.ndjson\.zst: it would grow from \d+ to 4194304 bytes`},
		"no snapshot":    {partSnapshot, func(b []byte) []byte { return b[:len(b)/2] }, "its parts cannot be judged again: .*"},
		"the verdict":    {evidence.ManifestName, replace("fail", "pass"), "the verdict in manifest.json: the report says pass; what follows is fail"},
		"no settings":    {partRules + "/" + recipeName, func([]byte) []byte { return []byte(`{"param": {}}`) }, `rules: settings.json: json: unknown field "param"`},
		"not a report":   {partReport, func([]byte) []byte { return []byte("[]") }, `report.json: \[ instead of {`},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := keyproof(t, "evidence", "verify", forge(t, path, c.part, c.change))
			require.Equal(t, 3, code, stdout+stderr)
			require.Regexp(t, c.want, stdout)
			require.True(t, strings.HasSuffix(stdout, "FAIL\n"), stdout)
		})
	}
}

// TestEvidenceOfWeakRules takes a rule's condition away and judges with it: the
// report follows from the data and the rules, which are not keyproof's.
func TestEvidenceOfWeakRules(t *testing.T) {
	t.Parallel()
	saved := savedAcme(t)
	recipe := &recipe{files: map[string][]byte{}}
	require.NoError(t, recipe.take(oursFolder, rules.FS()))
	const file = oursFolder + "/secretsmanager/rotation_enabled.rego"
	recipe.files[file] = bytes.Replace(recipe.files[file], []byte("not input.resource.rotation_enabled"), []byte("input.resource.is_replica == true; not input.resource.rotation_enabled"), 1)
	judge, err := recipe.judge(t.Context())
	require.NoError(t, err)
	snap, err := snapfile.Open(saved)
	require.NoError(t, err)
	spool, err := model.NewResultSpool("")
	require.NoError(t, err)
	defer func() { require.NoError(t, spool.Close()) }()
	report, err := judge.Evaluate(t.Context(), snap, spool)
	require.NoError(t, err)
	verdict := report.Verdict(model.VerdictPolicy{})
	e := &exported{report: report, options: reports.Options{Verdict: verdict}, snapshot: saved, recipe: recipe}

	for tool, want := range map[string]struct {
		code int
		text string
	}{
		"test": {3, "parts      1 problem\n           rules/" + file + ": it is not as keyproof test has it, which is said to have made the bundle\n"},
		"9.0": {4, "rules      not those of this keyproof test in 1 file: only keyproof 9.0 can say whether they are its own, verify with that version\n" +
			"           rules/" + file + "\n"},
	} {
		e.about = evidence.About{Source: report.Source, TakenAt: report.TakenAt.UTC(), Tool: tool, Verdict: verdict.String()}
		parts, err := e.parts()
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, evidence.Write(t.Context(), &out, e.about, parts))
		path := filepath.Join(t.TempDir(), "weak.zip")
		require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
		code, stdout, stderr := keyproof(t, "evidence", "verify", path)
		require.Equal(t, want.code, code, stdout+stderr)
		require.Contains(t, stdout, want.text)
		require.Regexp(t, `results judged again: all follow`, stdout)
	}
}

// TestEvidenceKeepsRulesAndSettings bundles users' rules, one of which does not
// load, waivers, overrides and a rule that is off; all of it judges again.
func TestEvidenceKeepsRulesAndSettings(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	write("mine/own/cost.rego", `# METADATA
# title: Secrets have a cost centre
# description: Who pays answers.
# scope: package
# custom:
#   id: OWN-001
#   kind: secret
#   severity: low
#   controls: {soc2: ["CC6.1"]}
#   params: {tag: {type: string, default: owner, why: a start}}
#   remediation: {text: Add the tag.}
package rules.own.cost

violation contains {"attribute": "tags", "message": "no tag"} if not input.resource.tags[input.params.tag]
`)
	write("mine/own/bad.rego", "package rules.own.bad\n\nviolation contains {")
	config := write("keyproof.yaml", `rules:
  dirs: [mine]
  off:
    SM-013: {reason: judged elsewhere}
parameters:
  SM-002:
    - {set: {max_days: 200}, why: risk analysis}
    - {where: {region: us-*}, set: {max_days: 400}, why: partner}
  SM-014:
    - {set: {tags: [owner, cost]}, why: finance}
  OWN-001:
    - {set: {tag: cost-centre}, why: finance}
waivers:
  - rule: SM-001
    resource: "*"
    reason: accepted
    owner: security
    approved_by: ciso
    created: 2026-03-01
    expires: 2026-04-01
`)
	path := filepath.Join(dir, "bundle.zip")
	code, _, stderr := keyproof(t, "evidence", "export", "--config", config, "--from", savedAcme(t), "-o", path, "--framework", "soc2")
	require.Equal(t, 0, code, stderr)
	require.Contains(t, stderr, "bad.rego")
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "mine")), "the bundle needs nothing beside it")
	code, stdout, stderr := keyproof(t, "evidence", "verify", path, "--output", "json")
	require.Equal(t, 4, code, stdout+stderr)
	var v struct {
		Again struct {
			Results     int
			Differences []difference
		} `json:"judged_again"`
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &v))
	require.Empty(t, v.Again.Differences)
	require.Greater(t, v.Again.Results, 1000)
}

// TestEvidenceInKMS signs with keys of KMS as moto implements it, and verifies with
// the key there and with a file of its public half.
func TestEvidenceInKMS(t *testing.T) {
	url := needs.Moto(t)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "eu-west-1",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	client := kms.New(kms.Options{Region: "eu-west-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	saved := savedAcme(t)
	for _, spec := range []types.KeySpec{types.KeySpecEccNistP256, types.KeySpecRsa2048, types.KeySpecSymmetricDefault} {
		t.Run(string(spec), func(t *testing.T) {
			usage := types.KeyUsageTypeSignVerify
			if spec == types.KeySpecSymmetricDefault {
				usage = types.KeyUsageTypeEncryptDecrypt
			}
			made, err := client.CreateKey(t.Context(), &kms.CreateKeyInput{KeySpec: spec, KeyUsage: usage})
			require.NoError(t, err)
			arn := aws.ToString(made.KeyMetadata.Arn)
			dir := t.TempDir()
			path := filepath.Join(dir, "bundle.zip")
			code, _, stderr := keyproof(t, "evidence", "export", "--config", "none", "--from", saved, "-o", path, "--kms-key", arn)
			if spec == types.KeySpecSymmetricDefault {
				require.NotEqual(t, 0, code)
				require.NoFileExists(t, path)
				return
			}
			require.Equal(t, 0, code, stderr)
			code, stdout, stderr := keyproof(t, "evidence", "verify", path, "--kms-key", arn)
			require.Equal(t, 0, code, stdout+stderr)
			public, err := client.GetPublicKey(t.Context(), &kms.GetPublicKeyInput{KeyId: &arn})
			require.NoError(t, err)
			file := filepath.Join(dir, "public.der")
			require.NoError(t, os.WriteFile(file, public.PublicKey, 0o600))
			code, stdout, _ = keyproof(t, "evidence", "verify", path, "--key", file)
			require.Equal(t, 0, code, stdout)
			require.Contains(t, stdout, "signature  good")
		})
	}
}

// bundled is all text of a bundle but keyproof's own rules.
func bundled(t *testing.T, path string) string {
	t.Helper()
	var all strings.Builder
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	b, err := evidence.Open(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	for _, p := range b.Manifest.Parts {
		text, err := b.ReadFile(p.Name)
		require.NoError(t, err)
		if p.Name == partSnapshot {
			z, err := zstd.NewReader(bytes.NewReader(text))
			require.NoError(t, err)
			text, err = io.ReadAll(z)
			require.NoError(t, err)
		}
		if !strings.HasPrefix(p.Name, partRules+"/"+oursFolder) {
			all.Write(text)
		}
	}
	return all.String()
}

// TestEvidenceRedacted shares a bundle of a scan with waivers and overrides by
// pattern: it proves the same results, and holds no name.
func TestEvidenceRedacted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := filepath.Join(dir, "home-of-jane", "acme-payments", "keyproof.yaml")
	require.NoError(t, os.MkdirAll(filepath.Dir(config), 0o700))
	require.NoError(t, os.WriteFile(config, []byte(`frameworks: [hipaa, soc2, pci_dss]
parameters:
  SM-002:
    - {set: {max_days: 200}, why: "decided by jane@acme.example for owner=payments. Payments%2Ffraud-model agreed."}
    - {where: {name: payments/*, account: "1111*"}, set: {max_days: 400}, why: partner of claims/edi-clearinghouse}
waivers:
  - {rule: SM-001, resource: "payments/*", reason: "Legacy of 111122223333, role=rotate-postgres; ask the payments-team.", owner: jane, approved_by: ciso, created: 2026-03-01, expires: 2026-04-01}
  - {rule: SM-001, resource: "gone/*", reason: mistyped, owner: jane, approved_by: ciso, created: 2026-03-01, expires: 2026-04-01}
`), 0o600))
	saved, path, names := savedAcme(t), filepath.Join(dir, "bundle.zip"), filepath.Join(dir, "names.json")
	export := []string{"evidence", "export", "--config", config, "--from", saved, "-o", path}
	code, _, stderr := keyproof(t, append(export, "--redact")...)
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "--redact and --redact-key FILE belong together")
	code, _, stderr = keyproof(t, append(export, "--redact", "--redact-key", names)...)
	require.Equal(t, 0, code, stderr)
	code, stdout, stderr := keyproof(t, "evidence", "verify", path)
	require.Equal(t, 4, code, stdout+stderr)
	require.Contains(t, stdout, "redacted   names are pseudonyms")
	require.Regexp(t, `results judged again: all follow`, stdout)

	all := bundled(t, path)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, word := range []string{"111122223333", "444455556666", "payments", "edi-clearinghouse", "jane", "acme", "o-a1b2c3d4e5", "rotate-postgres", "fraud-model"} {
		if at := strings.Index(strings.ToLower(all), word); at >= 0 {
			t.Errorf("%s is in the bundle: %s", word, all[max(0, at-100):at+100])
		}
	}
	require.Contains(t, all, `"status":"waived"`)
	require.Contains(t, all, `"overrides":[`)
	key, err := os.ReadFile(names)
	require.NoError(t, err)
	require.Contains(t, string(key), `"payments"`, "who has the key file knows")

	// The same names have the same pseudonyms in the next bundle.
	again := filepath.Join(dir, "again.zip")
	export[len(export)-1] = again
	code, _, stderr = keyproof(t, append(export, "--redact", "--redact-key", names)...)
	require.Equal(t, 0, code, stderr)
	second, err := os.ReadFile(again)
	require.NoError(t, err)
	require.Equal(t, data, second)
}

// TestEvidenceRedactsTagKeys: keys of tags that name somebody are in the bundle
// neither as such nor in a rule on them; those that the settings name stay. It judges
// the same.
func TestEvidenceRedactsTagKeys(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "mine"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine", "merger.rego"), []byte(`# METADATA
# title: Secrets of the merger are marked
# description: They move.
# scope: package
# custom:
#   id: OWN-001
#   kind: secret
#   severity: low
#   controls: {soc2: ["CC6.1"]}
#   remediation: {text: Add the tag.}
package rules.own.merger

violation contains {"attribute": "tags", "message": "no tag"} if not input.resource.tags["Zebrafish-Merger"]
`), 0o600))
	config := filepath.Join(dir, "keyproof.yaml")
	require.NoError(t, os.WriteFile(config, []byte("rules: {dirs: [mine]}\nparameters:\n  SM-014:\n    - {set: {tags: [owner, acme-centre]}, why: finance}\n"), 0o600))
	snap, err := snapfile.Open(savedAcme(t))
	require.NoError(t, err)
	var list []*model.Resource
	for r, err := range snap.Resources {
		require.NoError(t, err)
		if s, ok := r.Body.(*model.Secret); ok && len(list)%3 > 0 {
			s.Tags = model.Known(map[string]string{"Zebrafish-Merger": "2027", "acme-centre": "42", "owner": "jane"})
			s.TagKeys = model.Known([]string{"Zebrafish-Merger", "acme-centre", "owner"})
		}
		list = append(list, r)
	}
	snap.Resources = model.InMemory(list)
	saved, path := filepath.Join(dir, "s.ndjson.zst"), filepath.Join(dir, "b.zip")
	require.NoError(t, snapfile.Write(saved, snap))
	code, _, stderr := keyproof(t, "evidence", "export", "--config", config, "--from", saved, "-o", path, "--rule", "OWN-001", "--rule", "SM-014",
		"--redact", "--redact-key", filepath.Join(dir, "names.json"))
	require.Equal(t, 0, code, stderr)
	code, stdout, stderr := keyproof(t, "evidence", "verify", path)
	require.Equal(t, 4, code, stdout+stderr)
	require.Regexp(t, `results judged again: all follow`, stdout)
	text := bundled(t, path)
	require.NotContains(t, strings.ToLower(text), "zebrafish")
	require.Contains(t, text, `"tag_keys":["acme-centre","n`)
	require.Regexp(t, `resource\.tags\["n[0-9a-v]{10}"\]`, text)
}
