package reports_test

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// The believable report on a change: a Terraform plan, and a template beside
// it, with good and bad practice and names made to harm.

const (
	rotationHCL = `resource "aws_secretsmanager_secret_rotation" "this" {
  secret_id           = aws_secretsmanager_secret.this.id
  rotation_lambda_arn = aws_lambda_function.rotate.arn

  rotation_rules {
	  automatically_after_days = 30
  }
}
`
	rotationYAML = `Rotation:
  Type: AWS::SecretsManager::RotationSchedule
  Properties:
    SecretId: !Ref Secret
    RotationRules:
      AutomaticallyAfterDays: 30
`
	// hostileMarkdown leaves every construct of Markdown that it can get into.
	hostileMarkdown = "`x` ``` | </details><img src=x onerror=alert(1)> @octocat #1 [a](http://evil.example) ![i](http://evil.example/i.png) **b** www.evil.example"
	hostileCommand  = "a,line=1::x\n::error::forged%0A::stop-commands::t"
)

// gateRules are the rules with how to write it right.
func gateRules() []model.Rule {
	rules := theRules()
	rules[0].Remediation.HCL, rules[0].Remediation.CloudFormation = rotationHCL, rotationYAML
	rules[3].Remediation.HCL = "# a fence ``` inside\nblock_public_policy = true\n"
	return rules
}

// written is a resource of a file.
func written(kind model.Kind, file string, line int, address string) model.Result {
	syntax := model.SyntaxHCL
	if strings.HasSuffix(file, ".yaml") {
		syntax = model.SyntaxCloudFormation
	}
	return model.Result{
		Resource: model.ResourceID{Kind: kind, ID: address}, Name: address[strings.LastIndex(address, ".")+1:],
		Origin: &model.Origin{File: file, Line: line, Address: address, Syntax: syntax},
	}
}

// judgedAs is what a rule says of a resource.
func judgedAs(of model.Result, rule model.RuleID, status model.Status, delta model.Delta, why ...string) *model.Result {
	of.Rule, of.Status, of.Delta = rule, status, delta
	if status == model.StatusNotApplicable {
		of.NotApplicable = why
		return &of
	}
	for _, w := range why {
		attribute, message, _ := strings.Cut(w, "|")
		of.Findings = append(of.Findings, model.Finding{Attribute: attribute, Message: message})
	}
	return &of
}

// notKnown is a result that is unknown for reasons by path.
func notKnown(of model.Result, rule model.RuleID, why map[string]model.Unknown) *model.Result {
	of.Rule, of.Status, of.Unknown = rule, model.StatusUnknown, why
	return &of
}

func gateResults() []*model.Result {
	const fail, pass, na, waived = model.StatusFail, model.StatusPass, model.StatusNotApplicable, model.StatusWaived
	const introduced, existing, fixed = model.DeltaIntroduced, model.DeltaExisting, model.DeltaFixed
	stripe := written(model.KindSecret, "modules/shop/secrets.tf", 12, "module.shop.aws_secretsmanager_secret.stripe")
	ftp := written(model.KindSecret, "legacy/main.tf", 7, `aws_secretsmanager_secret.ftp["prod"]`)
	queue := written(model.KindSecret, "stack/template.yaml", 41, "QueueSecret")
	evil := written(model.KindSecret, hostileCommand+".tf", 3, hostileMarkdown)
	old := written(model.KindKey, "modules/shop/kms.tf", 30, "module.shop.aws_kms_key.old")
	key := written(model.KindKey, "modules/shop/kms.tf", 3, "module.shop.aws_kms_key.this")
	later := model.Unknown{Reason: model.ReasonAfterApply}
	past := model.Unknown{Reason: model.ReasonNotInSource, Detail: "a plan knows no past rotations"}
	sub := model.Unknown{Reason: model.ReasonUnresolved, Detail: "!ImportValue shared-key"}
	waivedResult := judgedAs(ftp, "SM-010", waived, existing, "last_accessed_days_ago|last read 412 days ago")
	created, _ := model.ParseDate("2026-02-01")
	waivedResult.Waiver = &model.Waiver{Created: created, Rule: "SM-010", Reason: "the partner's server goes in June", Owner: "web", ApprovedBy: "CISO", Origin: model.Origin{File: "legacy/main.tf", Line: 5}}
	return []*model.Result{
		judgedAs(stripe, "SM-001", fail, introduced, "rotation_enabled|automatic rotation is off"),
		notKnown(stripe, "SM-002", map[string]model.Unknown{"resource.last_rotated_days_ago": past, "resource.kms_key": later}),
		judgedAs(stripe, "SM-007", pass, ""),
		judgedAs(stripe, "SM-012", fail, introduced, "tags|has no tag owner"),
		judgedAs(ftp, "SM-001", fail, existing, "rotation_enabled|automatic rotation is off"),
		notKnown(ftp, "SM-004", map[string]model.Unknown{"resource.versions": past}),
		judgedAs(ftp, "SM-007", pass, fixed),
		waivedResult,
		judgedAs(queue, "SM-001", fail, introduced, "rotation_enabled|automatic rotation is off"),
		notKnown(queue, "SM-002", map[string]model.Unknown{"resource.rotation_days": sub}),
		judgedAs(evil, "SM-007", fail, introduced, "policy_public|the policy lets "+hostileMarkdown+" read it", "|statement "+hostileANSI),
		judgedAs(key, "KMS-002", na, "", "it is new"),
		notKnown(key, "KMS-001", map[string]model.Unknown{"resource.rotation_period_days": later}),
		judgedAs(old, "KMS-001", pass, ""),
	}
}

// gate is the report on the change.
func gate() *model.Report {
	r := newReport(gateRules(), gateResults())
	r.Frameworks, r.Source = theFrameworks(), "plan.json"
	r.Elsewhere = &model.Unknown{Reason: model.ReasonNotInSource, Detail: "a plan is not the whole account"}
	return r
}

// gateOf is a report on a change with these results alone.
func gateOf(results ...*model.Result) *model.Report {
	r := newReport(gateRules(), results)
	r.Source, r.Elsewhere = "plan.json", gate().Elsewhere
	return r
}
