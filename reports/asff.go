package reports

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// writeASFF writes every result in the AWS Security Finding Format, in an array
// with a finding a line: a hundred lines at a time are what Security Hub's
// BatchImportFindings takes. Results flow.
//
// A finding belongs to an account, so there is none for a resource in a file:
// that is an error and not a shorter report. What is waived stays FAILED in a
// workflow that is SUPPRESSED; what is unknown is WARNING ("some information is
// missing", by Security Hub's guide) and what does not apply NOT_AVAILABLE.
func writeASFF(w io.Writer, r *model.Report, _ Options) error {
	j := newJSONWriter(w)
	j.w.WriteByte('[')
	for finding, err := range asffFindings(r) {
		if err != nil {
			return err
		}
		if j.element(finding); j.err != nil {
			return j.err
		}
	}
	j.w.WriteString("\n]\n")
	return j.w.Flush()
}

// asffFindings are the findings of a report, as they flow.
func asffFindings(r *model.Report) iter.Seq2[map[string]any, error] {
	return func(yield func(map[string]any, error) bool) {
		for res, err := range r.Results {
			switch {
			case err != nil:
				yield(nil, readError(err))
				return
			case res.Resource.Kind == model.KindWaiver || res.Resource.Kind == model.KindRule:
				continue // on what judges, and not on anything of an account
			case res.Resource.Account == "":
				yield(nil, fmt.Errorf("write ASFF: %s names no account, and each finding must: use sarif or ocsf for what is in files", addressOf(res)))
				return
			}
			if !yield(asffOf(r, ruleOf(r, res.Rule), res), nil) {
				return
			}
		}
	}
}

// The greatest lengths of the format, in characters.
const (
	asffTitle  = 256
	asffText   = 1024 // of a description
	asffAdvice = 512  // of a recommendation
)

func asffOf(r *model.Report, rule *model.Rule, res *model.Result) map[string]any {
	why, _ := whyOf(res)
	taken := time.Unix(0, 0).UTC() // the format has no time for "not known"
	if !r.TakenAt.IsZero() {
		taken = r.TakenAt.UTC()
	}
	id, region := res.Resource, asffRegion(res.Resource.Region)
	status, workflow := asffStatus(res)
	record := "ACTIVE"
	if partOf(res) == partFixed {
		record = "ARCHIVED"
	}
	finding := map[string]any{
		"SchemaVersion": "2018-10-08", "Id": "keyproof/" + resultUUID("finding", res), "GeneratorId": "keyproof/" + Clean(string(rule.ID)),
		"ProductArn":   fmt.Sprintf("arn:%s:securityhub:%s:%s:product/%[3]s/default", partition(region), region, Clean(id.Account)),
		"AwsAccountId": Clean(id.Account), "Region": region, "CompanyName": "keyproof", "ProductName": "keyproof",
		"CreatedAt": taken.Format(time.RFC3339), "UpdatedAt": taken.Format(time.RFC3339),
		"Types":       []string{"Software and Configuration Checks/Industry and Regulatory Standards"},
		"Title":       cut(or(strings.TrimSpace(Clean(rule.Title)), Clean(string(rule.ID))), asffTitle),
		"Description": cut(nameOf(res)+": "+or(Clean(why), string(res.Status)), asffText),
		"Severity":    map[string]any{"Label": asffSeverity(rule.Severity), "Original": or(Clean(string(rule.Severity)), "none")},
		"Compliance":  map[string]any{"Status": status, "RelatedRequirements": asffRequirements(r, rule)},
		"Resources":   []any{map[string]any{"Type": asffType(id), "Id": or(Clean(id.ID), nameOf(res)), "Partition": partition(region), "Region": region}},
		"Workflow":    map[string]any{"Status": workflow}, "RecordState": record,
	}
	if fix := Clean(rule.Remediation.Text); fix != "" {
		finding["Remediation"] = map[string]any{"Recommendation": map[string]any{"Text": cut(fix, asffAdvice)}}
	}
	if res.Status == model.StatusWaived {
		finding["Note"] = map[string]any{"Text": cut(Clean(waivedBy(res.Waiver)), asffAdvice), "UpdatedBy": "keyproof", "UpdatedAt": taken.Format(time.RFC3339)}
	}
	return finding
}
