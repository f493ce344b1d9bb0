package reports

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// ocsfEvent has the attributes of a Compliance Finding that keyproof knows.
type ocsfEvent struct {
	Activity     int               `json:"activity_id"`
	Category     int               `json:"category_uid"`
	CategoryName string            `json:"category_name"`
	Class        int               `json:"class_uid"`
	ClassName    string            `json:"class_name"`
	Type         int               `json:"type_uid"`
	SeverityID   int               `json:"severity_id"`
	Severity     string            `json:"severity"`
	StatusID     int               `json:"status_id,omitempty"` // of the finding; absent where there is none to follow
	Time         int64             `json:"time"`                // milliseconds since 1970, of the snapshot
	Message      string            `json:"message"`
	Comment      string            `json:"comment,omitempty"` // who waived it, until when and why
	Metadata     ocsfMetadata      `json:"metadata"`
	Finding      ocsfFinding       `json:"finding_info"`
	Compliance   *ocsfCompliance   `json:"compliance,omitempty"` // absent of a Detection Finding
	Count        int               `json:"count,omitempty"`      // of the events that a Detection Finding rests on
	Remediation  *ocsfRemediation  `json:"remediation,omitempty"`
	Cloud        ocsfCloud         `json:"cloud"`
	Resources    []ocsfResource    `json:"resources"`
	Unmapped     map[string]string `json:"unmapped,omitempty"`
}

type ocsfMetadata struct {
	Version   string      `json:"version"`
	Profiles  []string    `json:"profiles"`
	EventCode string      `json:"event_code"` // the rule
	Product   ocsfProduct `json:"product"`
}

type ocsfProduct struct {
	Name    string `json:"name"`
	Vendor  string `json:"vendor_name"`
	Version string `json:"version,omitempty"`
}

type ocsfFinding struct {
	UID   string `json:"uid"`
	Title string `json:"title"`
	Desc  string `json:"desc"`
	// Of a Detection Finding: milliseconds since 1970, absent when it rests on no
	// event.
	First   int64        `json:"first_seen_time,omitempty"`
	Last    int64        `json:"last_seen_time,omitempty"`
	Attacks []ocsfAttack `json:"attacks,omitempty"`
}

type ocsfCompliance struct {
	StatusID     int      `json:"status_id"`
	Status       string   `json:"status"`
	StatusDetail string   `json:"status_detail,omitempty"`
	Control      string   `json:"control"` // the rule
	Standards    []string `json:"standards"`
	Requirements []string `json:"requirements"` // controls, each after its standard
}

type ocsfRemediation struct {
	Desc string `json:"desc"`
}

type ocsfCloud struct {
	Provider string         `json:"provider"`
	Account  *ocsfAccountOf `json:"account,omitempty"` // absent in a file
	Region   string         `json:"region,omitempty"`
}

type ocsfAccountOf struct {
	UID    string `json:"uid"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
}

type ocsfResource struct {
	UID    string `json:"uid"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Region string `json:"region,omitempty"`
}

// ocsfComplianceOf says what the result is and which controls it is evidence for.
func ocsfComplianceOf(r *model.Report, rule *model.Rule, res *model.Result, why string) *ocsfCompliance {
	out := &ocsfCompliance{StatusID: 0, Status: "Unknown", Control: Clean(string(rule.ID)), Standards: []string{}, Requirements: []string{}, StatusDetail: clip(why, annotationText)}
	switch res.Status {
	case model.StatusPass:
		out.StatusID, out.Status = 1, "Pass"
	case model.StatusFail, model.StatusWaived:
		out.StatusID, out.Status = 3, "Fail"
	case model.StatusNotApplicable:
		out.StatusID, out.Status = 99, "Not applicable"
	default: // unknown, and a status that does not exist
	}
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		controls := rule.Controls[f.ID]
		if len(controls) == 0 {
			continue
		}
		title := Clean(frameworkTitle(f))
		out.Standards = append(out.Standards, strings.TrimSpace(title+" "+Clean(f.Version)))
		for _, c := range controls {
			out.Requirements = append(out.Requirements, title+" "+Clean(c))
		}
	}
	return out
}
