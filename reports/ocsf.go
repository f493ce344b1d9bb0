package reports

import (
	"io"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// ocsfVersion is the version of the Open Cybersecurity Schema Framework.
const ocsfVersion = "1.6.0"

// writeOCSF writes every result as an event of the class Compliance Finding, or
// Detection Finding where CloudTrail's events fail a rule, in an array with an event
// a line. Results flow.
//
// What is waived keeps the compliance status Fail: the finding is suppressed,
// not the failure. What is unknown has the status Unknown, and what does not
// apply has Other, since the class has no word for it.
func writeOCSF(w io.Writer, r *model.Report, _ Options) error {
	j := newJSONWriter(w)
	j.w.WriteByte('[')
	for res, err := range r.Results {
		if err != nil {
			return readError(err)
		}
		if j.element(ocsfOf(r, ruleOf(r, res.Rule), res)); j.err != nil {
			return j.err
		}
	}
	j.w.WriteString("\n]\n")
	return j.w.Flush()
}

// The numbers of OCSF 1.6.0 for the class 2003, Compliance Finding, of the
// category 2, Findings. The type is 100 times the class plus the activity.
const (
	ocsfClass    = 2003
	ocsfCreate   = 1 // activities
	ocsfClose    = 3
	ocsfAccount  = 10 // the type of an account of AWS
	ocsfNew      = 1  // statuses of a finding
	ocsfSuppress = 3
	ocsfResolved = 4
)

func ocsfOf(r *model.Report, rule *model.Rule, res *model.Result) *ocsfEvent {
	why, _ := whyOf(res)
	e := &ocsfEvent{
		Class: ocsfClass, ClassName: "Compliance Finding", Category: 2, CategoryName: "Findings", Activity: ocsfCreate,
		SeverityID: ocsfSeverity(rule.Severity), Severity: Clean(string(rule.Severity)), Time: max(r.TakenAt.UnixMilli(), 0),
		Message: clip(addressOf(res)+": "+or(Clean(why), Clean(string(res.Status))), annotationText),
		Metadata: ocsfMetadata{
			Version: ocsfVersion, Profiles: []string{"cloud"}, EventCode: Clean(string(rule.ID)),
			Product: ocsfProduct{"keyproof", "keyproof", Clean(strings.TrimPrefix(r.Tool, "keyproof "))},
		},
		Finding:    ocsfFinding{UID: resultUUID("finding", res), Title: Clean(rule.Title), Desc: clip(Clean(rule.Description), annotationText)},
		Compliance: ocsfComplianceOf(r, rule, res, Clean(why)),
		Cloud:      ocsfCloud{Provider: "AWS", Region: Clean(res.Resource.Region)},
		Resources:  []ocsfResource{{or(Clean(res.Resource.ID), addressOf(res)), nameOf(res), cloudType(res.Resource.Kind), Clean(res.Resource.Region)}},
	}
	if a := Clean(res.Resource.Account); a != "" {
		e.Cloud.Account = &ocsfAccountOf{a, "AWS Account", ocsfAccount}
	}
	switch partOf(res) {
	case partIntroduced, partExisting, partUnknown:
		e.StatusID = ocsfNew
	case partWaived:
		e.StatusID, e.Comment = ocsfSuppress, clip(Clean(waivedBy(res.Waiver)), annotationText)
	case partFixed:
		e.StatusID, e.Activity = ocsfResolved, ocsfClose
	default: // what passes was never a finding with a status
	}
	e.Type = ocsfClass*100 + e.Activity
	if fix := rule.Remediation.Text; fix != "" {
		e.Remediation = &ocsfRemediation{clip(Clean(fix), annotationText)}
	}
	if res.Delta != "" {
		e.Unmapped = map[string]string{"delta": Clean(string(res.Delta))}
	}
	if detected(rule, res) {
		e.detect(rule, res)
	}
	return e
}

// ocsfSeverity is 0, unknown, for a severity that does not exist.
func ocsfSeverity(s model.Severity) int {
	return map[model.Severity]int{
		model.SeverityInfo: 1, model.SeverityLow: 2, model.SeverityMedium: 3, model.SeverityHigh: 4, model.SeverityCritical: 5,
	}[s]
}
