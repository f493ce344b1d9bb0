package evaluator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// Refusal is a file of a user that does not load and so judges nothing.
type Refusal struct {
	File string       // as the user named it: "my-rules/cost_centre.rego"
	Rule model.RuleID // what its METADATA says; empty where that could not be read
	Err  error        // names file and line
}

// Refused lists the files of users that did not load, in the order in which they
// were refused. The report has an unknown result for each of them.
func (j *Judge) Refused() []Refusal { return j.refused }

// readTheirs reads a source of a user's. One with no rule in it is refused too:
// it was named to judge something.
func (s *ruleSet) readTheirs(src Source) error {
	before := len(s.theirs)
	err := src.Err
	if err == nil {
		err = s.read(src.Files, src.Name, true)
		if err == nil && len(s.theirs) == before {
			err = errNoRules
		}
		if err == nil {
			return nil
		}
	}
	name := strings.TrimSuffix(src.Name, "/")
	s.theirs[name] = true
	return s.refuse(name, fmt.Errorf("%s: %w", name, err))
}

// refuse leaves out a file, which is an error for one of ours.
func (s *ruleSet) refuse(file string, err error) error {
	if s.strict || !s.theirs[file] {
		return err
	}
	s.refused = append(s.refused, Refusal{File: file, Rule: idOf(s.modules[file]), Err: err})
	delete(s.modules, file)
	s.rules = slices.DeleteFunc(s.rules, func(r *rule) bool { return r.file == file })
	return nil
}

// refuseFailed leaves out the files of users that a compiler complains of. Where
// it complains of ours only, all of users' go: one of them must be the cause,
// since ours compile by themselves.
func (s *ruleSet) refuseFailed(errs ast.Errors) error {
	byFile := map[string]ast.Errors{}
	for _, e := range errs {
		if e.Location != nil && s.theirs[e.Location.File] && s.modules[e.Location.File] != nil {
			byFile[e.Location.File] = append(byFile[e.Location.File], e)
		}
	}
	if len(byFile) == 0 {
		for file := range s.modules {
			if s.theirs[file] {
				byFile[file] = errs
			}
		}
	}
	if s.strict || len(byFile) == 0 {
		return fmt.Errorf("compile rules: %w", compileError(errs))
	}
	for _, file := range sortedKeys(byFile) {
		if err := s.refuse(file, fmt.Errorf("compile rules: %w", compileError(byFile[file]))); err != nil {
			return err
		}
	}
	return nil
}

func (s *ruleSet) isRefused(id model.RuleID) bool {
	return slices.ContainsFunc(s.refused, func(r Refusal) bool { return r.Rule == id })
}

// idOf is the id that METADATA gives a module that may have any other fault.
func idOf(m *ast.Module) model.RuleID {
	if m != nil {
		for _, a := range m.Annotations {
			if id, ok := a.Custom["id"].(string); ok && a.Scope == "package" {
				return model.RuleID(id)
			}
		}
	}
	return ""
}

const ruleRefused model.RuleID = refusedPrefix + "001"

// refusedRules is the rule on files that do not load; none when all load.
func (j *Judge) refusedRules() []model.Rule {
	if len(j.refused) == 0 {
		return nil
	}
	return []model.Rule{{
		// Critical, so that it counts whatever severity a verdict begins at: nobody
		// knows how bad what the rule would have found is.
		ID: ruleRefused, Title: "Rules load", Kind: model.KindRule, Severity: model.SeverityCritical,
		Description: "A rule that was asked for and does not load judges nothing, so nothing can pass it.",
		Remediation: model.Remediation{Text: "Mend the file, and run `keyproof rules test` on its folder; or do not ask for it."},
		Controls:    map[string][]string{}, Reads: []string{},
	}}
}

// refusedResults are an unknown result for each file that does not load.
func (j *Judge) refusedResults() []*model.Judged {
	var list []*model.Judged
	rules := []model.RuleID{ruleRefused}
	for _, r := range j.refused {
		id := model.ResourceID{Kind: model.KindRule, ID: r.File}
		name := r.File
		if r.Rule != "" {
			name = fmt.Sprintf("%s (%s)", r.File, r.Rule)
		}
		judged := new(model.Judged)
		judged.Reset(id, name, rules)
		judged.Origin = model.Origin{File: r.File, Line: r.line()}
		judged.Details[0] = &model.Detail{Unknown: map[string]model.Unknown{
			"rule": {Reason: model.ReasonRule, Detail: "it does not load: " + r.brief()},
		}}
		list = append(list, judged)
	}
	return list
}

// brief is the error without the source text and the long list of names that OPA
// adds to it.
func (r *Refusal) brief() string {
	first, rest, _ := strings.Cut(r.Err.Error(), "\n")
	if _, hint, ok := strings.Cut(rest, "; did you mean "); ok {
		hint, _, _ = strings.Cut(hint, "\n")
		first += "; did you mean " + hint
	}
	return first
}

// line is the first line of the file that the error names, or 0.
func (r *Refusal) line() int {
	_, rest, _ := strings.Cut(r.Err.Error(), r.File+":")
	end := strings.IndexFunc(rest, func(c rune) bool { return c < '0' || c > '9' })
	n, _ := strconv.Atoi(rest[:max(end, 0)])
	return n
}
