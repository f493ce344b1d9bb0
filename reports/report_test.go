package reports_test

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// The believable report that the goldens show: two accounts of a company, with
// good and bad practice, denied calls, a gap, and names made to harm.

const (
	shop  = "111122223333"
	audit = "444455556666"
)

func theRules() []model.Rule {
	rule := func(id, title string, kind model.Kind, sev model.Severity, hipaa, soc2, pci, text, command string) model.Rule {
		controls := map[string][]string{}
		for fw, ids := range map[string]string{"hipaa": hipaa, "soc2": soc2, "pci_dss": pci} {
			if ids != "" {
				controls[fw] = strings.Split(ids, " ")
			}
		}
		return model.Rule{
			ID: model.RuleID(id), Title: title, Description: title + ", because a leak must not last.", Kind: kind, Severity: sev,
			Controls: controls, Remediation: model.Remediation{Text: text, Command: command},
			Package: "rules." + strings.ToLower(strings.ReplaceAll(id, "-", "")), Reads: []string{"resource.name"},
		}
	}
	rules := []model.Rule{
		rule("SM-001", "Secrets rotate automatically", model.KindSecret, model.SeverityHigh, "164.308(a)(5)(ii)(D)", "CC6.1", "8.6.3",
			"Turn on automatic rotation, with a function that knows the system behind the secret.",
			"aws secretsmanager rotate-secret --secret-id {id} --region {region} --rotation-lambda-arn {function} --rotation-rules AutomaticallyAfterDays=30"),
		rule("SM-002", "Secrets rotate often enough", model.KindSecret, model.SeverityMedium, "164.308(a)(5)(ii)(D)", "CC6.1", "8.6.3 12.3.1",
			"Shorten the schedule.", ""),
		rule("SM-004", "Rotation does not fail midway", model.KindSecret, model.SeverityHigh, "164.308(a)(5)(ii)(D)", "CC6.1 CC7.1", "8.6.3 10.7.2",
			"Read the log of the rotation function, mend it, and rotate again.",
			"aws secretsmanager rotate-secret --secret-id {id} --region {region}"),
		rule("SM-007", "Secrets are not public", model.KindSecret, model.SeverityCritical, "164.312(a)(1)", "CC6.3 CC6.6", "7.2.5",
			"Remove the statement that lets everyone in, or add a condition on aws:PrincipalOrgID.",
			"aws secretsmanager delete-resource-policy --secret-id {name} --region {region}"),
		rule("SM-010", "Secrets that nobody reads are removed", model.KindSecret, model.SeverityLow, "164.308(a)(3)(ii)(C)", "CC6.2", "7.2.5.1",
			"Ask the owner, then delete it with a recovery window.",
			"aws secretsmanager delete-secret --secret-id {name} --recovery-window-in-days 30"),
		rule("SSM-001", "Parameters hold no plain credentials", model.KindParameter, model.SeverityCritical, "164.312(a)(2)(iv)", "CC6.1", "8.3.2 8.6.2",
			"Store the value as SecureString or in Secrets Manager, then replace the credential: it was readable.",
			"aws ssm put-parameter --name {name} --type SecureString --overwrite --value \"$(cat new value.txt)\""),
		rule("KMS-001", "Customer keys rotate", model.KindKey, model.SeverityMedium, "164.312(a)(2)(iv)", "CC6.1", "3.7.4",
			"Turn on rotation.", "aws kms enable-key-rotation --key-id {id}"),
		rule("KMS-002", "Keys in use are not being deleted", model.KindKey, model.SeverityHigh, "164.308(a)(7)(ii)(A)", "A1.2", "3.7.5",
			"Cancel the deletion if anything still uses the key.", "aws kms cancel-key-deletion --key-id {id}"),
		rule("CT-001", "A trail records every region", model.KindTrail, model.SeverityHigh, "164.312(b)", "CC7.2", "10.2.1", "Make the trail multi-Region.", ""),
		rule("LMB-001", "Functions hold no plain credentials", model.KindFunction, model.SeverityHigh, "164.312(a)(1)", "CC6.1", "8.6.2", "Read the secret at run time instead.", ""),
		rule("RDS-001", "Master passwords are managed", model.KindDatabase, model.SeverityMedium, "164.308(a)(5)(ii)(D)", "CC6.1", "8.6.3", "Let RDS manage the master password.", "aws rds modify-db-instance --db-instance-identifier {name} --manage-master-user-password"),
		rule("SM-012", "Secrets have an owner tag", model.KindSecret, model.SeverityInfo, "", "CC2.1", "", "Add the tag owner.", ""),
	}
	rules[1].Params = map[string]model.Param{
		"max_days": {Type: "integer", Unit: "days", Value: 30, Default: 90, Why: "payment keys, decision of the board of 2026-01-12"},
		"exempt":   {Type: "strings", Value: []string{"sandbox"}, Default: []string{"sandbox"}, Why: "default"},
	}
	rules[0].Remediation.Action = "enable-rotation"
	rules[0].Topics, rules[0].Proposed = []string{"SM-ROT-ENABLED"}, map[string][]string{"soc2": {"CC6.1"}}
	return rules
}

func theFrameworks() []model.Framework {
	control := func(pairs ...string) (cs []model.Control) {
		for i := 0; i < len(pairs); i += 2 {
			cs = append(cs, model.Control{ID: pairs[i], Title: pairs[i+1], Coverage: model.CoveragePartial, Assessor: "The rest."})
		}
		return cs
	}
	return []model.Framework{
		{ID: "hipaa", Title: "HIPAA Security Rule", Controls: control(
			"164.308(a)(3)(ii)(C)", "Termination procedures", "164.308(a)(5)(ii)(D)", "Password management",
			"164.308(a)(7)(ii)(A)", "Data backup plan", "164.312(a)(1)", "Access control",
			"164.312(a)(2)(iv)", "Encryption and decryption", "164.312(b)", "Audit controls", "164.312(c)(1)", "Integrity")},
		{ID: "soc2", Title: "SOC 2", Version: "2017", Controls: control(
			"A1.2", "Recovery infrastructure", "CC2.1", "Quality information", "CC6.1", "Logical access security",
			"CC6.2", "Removing credentials", "CC6.3", "Least privilege", "CC6.6", "Outside threats", "CC7.1", "Vulnerabilities", "CC7.2", "Monitoring")},
		{ID: "pci_dss", Title: "PCI DSS", Version: "4.0.1", Controls: control(
			"3.7.4", "Key change", "3.7.5", "Retirement of keys", "7.2.5", "Least privilege", "7.2.5.1", "Review of access",
			"8.3.2", "Factors unreadable", "8.6.2", "No hard-coded passwords", "8.6.3", "Passwords changed",
			"10.2.1", "Audit logs", "10.7.2", "Failures of controls", "12.3.1", "Targeted risk analysis")},
	}
}

func theScopes() []model.Scope {
	denied := &model.Unknown{Reason: model.ReasonAccessDenied, Action: "secretsmanager:ListSecrets"}
	disabled := &model.Unknown{Reason: model.ReasonRegionOff}
	scopes := []model.Scope{
		{Kind: model.KindSecret, Account: shop, Region: "us-east-1", Count: 9},
		{Kind: model.KindSecret, Account: shop, Region: "eu-west-1", Count: 3},
		{Kind: model.KindSecret, Account: shop, Region: "ap-northeast-1", Count: 2},
		{Kind: model.KindParameter, Account: shop, Region: "us-east-1", Count: 4},
		{Kind: model.KindKey, Account: audit, Region: "eu-west-1", Count: 3},
		{Kind: model.KindSecret, Account: audit, Region: "eu-west-1", Gap: denied},
		{Kind: model.KindSecret, Account: audit, Region: "us-east-1", Gap: denied},
	}
	for _, k := range slices.DeleteFunc(model.Kinds(), model.Kind.Global) {
		scopes = append(scopes, model.Scope{Kind: k, Account: audit, Region: "me-south-1", Gap: disabled})
	}
	return scopes
}

// newReport makes a report of results, with its summary counted from them.
func newReport(rules []model.Rule, results []*model.Result) *model.Report {
	tally := model.NewTally()
	resources := map[model.ResourceID]bool{}
	for _, r := range results {
		tally.Add(r)
		if !r.Gap && !resources[r.Resource] {
			resources[r.Resource] = true
			tally.Resources[r.Resource.Kind]++
		}
	}
	return &model.Report{
		Header: model.Header{TakenAt: time.Date(2026, 3, 14, 10, 26, 53, 0, time.FixedZone("CET", 3600)), Source: "live", Tool: "0.1.0"},
		Rules:  rules, Summary: tally.Done(), Results: seq(results),
	}
}

func seq(results []*model.Result) iter.Seq2[*model.Result, error] {
	return func(yield func(*model.Result, error) bool) {
		for _, r := range results {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func theReport() *model.Report {
	r := newReport(theRules(), theResults())
	r.Scopes, r.Frameworks = theScopes(), theFrameworks()
	return r
}
