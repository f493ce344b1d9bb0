package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/cloudformation"
	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

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

// results judges one template.
func (j *templateJudge) results(t *testing.T, path string) ([]*model.Result, error) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	p, err := cloudformation.Read(t.Context(), data, cloudformation.Options{Name: filepath.Base(path), TakenAt: scriptNow, Detector: j.detector})
	if err != nil {
		return nil, err
	}
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
	return list, nil
}

func TestDump(t *testing.T) {
	j := newTemplateJudge(t)
	of := map[string]string{"cloudtrail_log_file_validation_disabled": "CT-003", "cloudtrail_log_files_not_encrypted_with_kms": "CT-004", "cloudtrail_logging_disabled": "CT-001",
		"cloudtrail_multi_region_disabled": "CT-002", "cloudtrail_not_integrated_with_cloudwatch": "CT-010", "cmk_is_unusable": "KMS", "cmk_rotation_disabled": "KMS-001", "kms_enable_key_rotation_disabled": "KMS-001",
		"kms_allows_wildcard_principal": "KMS-003", "kms_key_with_full_permissions": "KMS-003", "hardcoded_aws_access_key_in_lambda": "LAM-001", "secrets_manager_should_specify_kms_key_id": "SM-007",
		"lambda_functions_with_full_privileges": "IAM", "s3_bucket_cloudtrail_logging_disabled": "CT-009", "docdb_cluster_master_password_in_plaintext": "RDS",
		"AWS-0014": "CT-002", "AWS-0016": "CT-003", "AWS-0015": "CT-004", "AWS-0162": "CT-010", "AWS-0161": "CT-007", "AWS-0163": "CT-009", "AWS-0057": "IAM", "AWS-0098": "SM-007", "AWS-0345":"IAM",
	}
	for _, f := range []string{"kics-verdicts.json", "trivy-checks-verdicts.json"} {
		raw, _ := os.ReadFile(needs.Shared(t, "../..", "corpora", "cfn", f))
		var list []struct{ Query, Rule, Verdict, Path string }
		require.NoError(t, json.Unmarshal(raw, &list))
		for _, c := range list {
			rule := of[c.Query+c.Rule]
			if rule == "" {
				continue
			}
			res, err := j.results(t, needs.Shared(t, "../..", "corpora", c.Path))
			t.Log("==", c.Query+c.Rule, c.Path[strings.LastIndex(c.Path, "/"):], c.Verdict, err)
			for _, r := range res {
				if strings.HasPrefix(string(r.Rule), rule) && (len(rule) > 3 || r.Status == model.StatusFail || r.Status == model.StatusUnknown) {
					t.Log("   ", r.Rule, r.Resource.ID, r.Status, r.Findings, r.Unknown, r.NotApplicable)
				}
			}
		}
	}
}
