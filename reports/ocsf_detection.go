package reports

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// The class 2004, Detection Finding, has no member for controls: they are in
// unmapped.
const ocsfDetection = 2004

// ocsfAttack is a technique of MITRE ATT&CK, or a part of one.
type ocsfAttack struct {
	Technique *ocsfNamed `json:"technique,omitempty"`
	Part      *ocsfNamed `json:"sub_technique,omitempty"`
}

type ocsfNamed struct {
	UID string `json:"uid"`
}

// detect makes an event of what events fail a Detection Finding: something was
// done, and whether it is still so is another question.
func (e *ocsfEvent) detect(rule *model.Rule, res *model.Result) {
	e.Class, e.ClassName, e.Type = ocsfDetection, "Detection Finding", ocsfDetection*100+e.Activity
	if e.Compliance != nil && len(e.Compliance.Requirements) > 0 {
		if e.Unmapped == nil {
			e.Unmapped = map[string]string{}
		}
		e.Unmapped["controls"] = strings.Join(e.Compliance.Requirements, ", ")
	}
	e.Compliance = nil
	for _, id := range rule.MITRE {
		named := &ocsfNamed{Clean(id)}
		if strings.Contains(id, ".") {
			e.Finding.Attacks = append(e.Finding.Attacks, ocsfAttack{Part: named})
		} else {
			e.Finding.Attacks = append(e.Finding.Attacks, ocsfAttack{Technique: named})
		}
	}
	if s := seenIn(res); s != nil {
		e.Count, e.Finding.First, e.Finding.Last = s.Count, max(s.First.UnixMilli(), 0), max(s.Last.UnixMilli(), 0)
	}
}

// detected says whether a result is of something that was done.
func detected(rule *model.Rule, res *model.Result) bool {
	return rule.Kind == model.KindEvent && (res.Status == model.StatusFail || res.Status == model.StatusWaived)
}
