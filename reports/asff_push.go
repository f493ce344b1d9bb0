package reports

import (
	"encoding/json"
	"iter"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// Findings are the findings of the asff format one by one, each a JSON document,
// for who sends them.
func Findings(r *model.Report) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for finding, err := range asffFindings(r) {
			var raw []byte
			if err == nil {
				raw, err = json.Marshal(finding)
			}
			if !yield(raw, err) || err != nil {
				return
			}
		}
	}
}

// Covers says of which earlier findings the report would have one too, if there
// was still something to say: those of a rule that judged, in an account and
// region where all that the rule judges could be listed. Of any other nobody
// knows what became of it, so that nobody may close it. The arguments are members
// of a finding: GeneratorId, AwsAccountId and Region.
func Covers(r *model.Report) func(generator, account, region string) bool {
	type place struct {
		kind            model.Kind
		account, region string
	}
	listed, gap := map[place]bool{}, map[place]bool{}
	for _, s := range r.Scopes {
		at := place{s.Kind, s.Account, asffRegion(s.Region)}
		listed[at] = true
		gap[at] = gap[at] || s.Gap != nil
	}
	return func(generator, account, region string) bool {
		id, ours := strings.CutPrefix(generator, "keyproof/")
		rule := r.Rule(model.RuleID(id))
		if !ours || rule == nil || rule.Off != nil {
			return false
		}
		at := place{rule.Kind, account, region}
		return listed[at] && !gap[at]
	}
}
