package model

// Judged is all results of one resource, in the order of the rules. It is
// compact, since an organization has millions of results and most say nothing
// but their status.
type Judged struct {
	Resource ResourceID
	Name     string
	Origin   Origin
	Gap      bool
	// Rules are those that judged. All resources of a kind share one list.
	Rules    []RuleID
	Statuses []Status // by place in Rules
	// Details are what else there is to say, by place in Rules; nil where there is
	// nothing. Results may share one: it is never changed.
	Details []*Detail
}

// Detail is what a result says beside its status; see Result.
type Detail struct {
	Findings      []Finding          `json:"f,omitempty"`
	Unknown       map[string]Unknown `json:"u,omitempty"`
	NotApplicable []string           `json:"n,omitempty"`
	Overrides     []int              `json:"o,omitempty"`
	Waiver        *Waiver            `json:"w,omitempty"`
	Delta         Delta              `json:"d,omitempty"`
}

// Reset makes it the results of some rules on a resource, all unknown. What it
// held before is gone.
func (j *Judged) Reset(r ResourceID, name string, rules []RuleID) {
	*j = Judged{Resource: r, Name: name, Rules: rules, Statuses: j.Statuses[:0], Details: j.Details[:0]}
	for range rules {
		j.Statuses, j.Details = append(j.Statuses, StatusUnknown), append(j.Details, nil)
	}
}

// result is the result at a place.
func (j *Judged) result(place int) *Result {
	r := &Result{Rule: j.Rules[place], Resource: j.Resource, Name: j.Name, Gap: j.Gap, Status: j.Statuses[place]}
	if j.Origin != (Origin{}) {
		r.Origin = &j.Origin
	}
	if d := j.Details[place]; d != nil {
		r.Findings, r.Unknown, r.NotApplicable = d.Findings, d.Unknown, d.NotApplicable
		r.Overrides, r.Waiver, r.Delta = d.Overrides, d.Waiver, d.Delta
	}
	return r
}
