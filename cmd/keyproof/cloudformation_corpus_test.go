package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/cloudformation"
	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// templateJudge judges templates with the real rules.
type templateJudge struct {
	judge    *evaluator.Judge
	detector *detect.Detector
}

func newTemplateJudge(t *testing.T) *templateJudge {
	t.Helper()
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	detector, err := detect.New()
	require.NoError(t, err)
	return &templateJudge{judge, detector}
}

func (j *templateJudge) read(t *testing.T, path string) (*collectors.Proposal, error) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return cloudformation.Read(t.Context(), data, cloudformation.Options{Name: filepath.Base(path), TakenAt: scriptNow, Detector: j.detector})
}

func (j *templateJudge) results(t *testing.T, p *collectors.Proposal) []*model.Result {
	t.Helper()
	spool, err := model.NewResultSpool(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, spool.Close()) }()
	_, err = j.judge.Evaluate(t.Context(), p.After, spool)
	require.NoError(t, err)
	var list []*model.Result
	for r, err := range spool.Results() {
		require.NoError(t, err)
		list = append(list, r)
	}
	return list
}

// peerVerdict is what the authors of a sample say of it.
type peerVerdict struct{ Query, Rule, Verdict, Path string }

func (v *peerVerdict) check() string { return v.Query + v.Rule }

// answer is what we say of a sample: pass, fail or unknown, "none" when there is
// nothing that the rule judges, with the reasons of what is unknown.
func (j *templateJudge) answer(t *testing.T, p *collectors.Proposal, of templateCheck) (string, string) {
	t.Helper()
	found, why := "none", ""
	add := func(status model.Status, unknown string) {
		switch {
		case found == "fail", status == model.StatusNotApplicable && found != "none":
		case status == model.StatusNotApplicable:
			found = "not applicable"
		case status == model.StatusUnknown:
			found, why = "unknown", why+unknown
		case found != "unknown" || status == model.StatusFail:
			found = string(status)
		}
	}
	for _, r := range j.results(t, p) {
		if r.Rule == of.rule {
			add(r.Status, fmt.Sprint(r.Unknown))
		}
	}
	return found, why
}

// TestPeersTemplates judges the templates of other tools' tests. Where the answer
// is another than theirs, it must be one that the table below explains.
func TestPeersTemplates(t *testing.T) {
	j := newTemplateJudge(t)
	checks := map[string]templateCheck{}
	for _, c := range peerTemplateChecks() {
		checks[c.check] = c
	}
	compared, used := 0, map[string]bool{}
	for _, file := range []string{"kics-verdicts.json", "trivy-checks-verdicts.json"} {
		raw, err := os.ReadFile(needs.Shared(t, "../..", "corpora", "cfn", file))
		require.NoError(t, err)
		var list []peerVerdict
		require.NoError(t, json.Unmarshal(raw, &list))
		for _, v := range list {
			c, ok := checks[v.check()]
			if !assert.True(t, ok, "%s: say which rule it is about, or why none", v.check()) || c.outside != "" {
				continue
			}
			p, err := j.read(t, needs.Shared(t, "../..", "corpora", v.Path))
			require.NoError(t, err)
			compared++
			got, why := j.answer(t, p, c)
			if got == strings.ToLower(v.Verdict) || v.Verdict == "PASS" && got == "not applicable" {
				continue
			}
			explained := false
			for _, d := range peerTemplateDifferences() {
				if d.check == c.check && d.says == v.Verdict && d.we == got && strings.Contains(why, d.because) {
					explained, used[d.check+d.says+d.we] = true, true
				}
			}
			assert.True(t, explained, "%s says %s of %s, and we say %s: %s", c.check, v.Verdict, v.Path, got, why)
		}
	}
	assert.Greater(t, compared, 80)
	for _, d := range peerTemplateDifferences() {
		assert.True(t, used[d.check+d.says+d.we], "nothing differs by: %+v", d)
	}
}

// TestTemplatesOfOthers judges every template of the collection. What is refused
// is refused with a reason; nothing but what is no template may be.
func TestTemplatesOfOthers(t *testing.T) {
	dir := needs.Shared(t, "../..", "corpora", "cfn")
	j := newTemplateJudge(t)
	judged := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		p, err := j.read(t, path)
		if err != nil {
			assert.ErrorContains(t, err, "it is no CloudFormation template", path)
			return nil
		}
		for _, r := range j.results(t, p) {
			for path, u := range r.Unknown {
				assert.NotEqual(t, model.Unknown{Reason: model.ReasonNotCollected}, u, "%s: %s on %s: %s", path, r.Rule, r.Resource, path)
			}
		}
		judged++
		return nil
	}))
	assert.Greater(t, judged, 500)
}
