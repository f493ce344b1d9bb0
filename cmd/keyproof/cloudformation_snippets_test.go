package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/cloudformation"
	"github.com/keyproof/keyproof/model"
)

// standIns are the resources that fixes name and do not have themselves.
func standIns() map[string]string {
	return map[string]string{
		"ACCESSLOGS": "AWS::S3::Bucket", "BUCKET": "AWS::S3::Bucket", "FUNCTION": "AWS::Lambda::Function", "KEY": "AWS::KMS::Key",
		"LOGGROUP": "AWS::Logs::LogGroup", "NAME": "AWS::SecretsManager::Secret", "READER": "AWS::IAM::Role", "ROLE": "AWS::IAM::Role",
		"SECRET": "AWS::SecretsManager::Secret", "TOPIC": "AWS::SNS::Topic", "USER": "AWS::IAM::Role",
	}
}

// TestFixesMendTemplates: what a rule says to write in a template is read, and does
// not fail the rule any more.
func TestFixesMendTemplates(t *testing.T) {
	j := newTemplateJudge(t)
	read, mended := 0, 0
	for _, rule := range j.judge.Rules() {
		code := rule.Remediation.CloudFormation
		if code == "" {
			continue
		}
		text := "Resources:\n  " + strings.ReplaceAll(strings.TrimSpace(code), "\n", "\n  ") + "\n"
		for id, kind := range standIns() {
			if regexp.MustCompile(`\b`+id+`\b`).MatchString(code) && !regexp.MustCompile(`(?m)^`+id+`:`).MatchString(code) {
				text += "  " + id + ": {Type: " + kind + "}\n"
			}
		}
		p, err := cloudformation.Read(t.Context(), []byte(text), cloudformation.Options{Name: string(rule.ID), TakenAt: scriptNow, Detector: j.detector})
		require.NoError(t, err, text)
		read++
		for _, r := range j.results(t, p) {
			if r.Rule == rule.ID {
				mended++
				assert.NotEqual(t, model.StatusFail, r.Status, "%s: %v\n%s", rule.ID, r.Findings, text)
			}
		}
	}
	t.Log(read, "fixes,", mended, "results")
	assert.Greater(t, read, 20)
	assert.Greater(t, mended, 20)
}
