package reports

import (
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// The parts of SARIF that describe rules. Members are those that GitHub shows.

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifRule struct {
	ID            string             `json:"id"`
	Name          string             `json:"name"`
	Short         sarifText          `json:"shortDescription"`
	Full          sarifText          `json:"fullDescription"`
	Help          sarifText          `json:"help"`
	Configuration sarifConfiguration `json:"defaultConfiguration"`
	Properties    map[string]any     `json:"properties"`
}

type sarifConfiguration struct {
	Enabled bool   `json:"enabled"`
	Level   string `json:"level"`
}

func sarifTool(r *model.Report) map[string]any {
	rules := []sarifRule{}
	for i := range r.Rules {
		rules = append(rules, sarifRuleOf(r, &r.Rules[i]))
	}
	driver := map[string]any{"name": "keyproof", "rules": rules}
	if version := strings.TrimPrefix(r.Tool, "keyproof "); version != "" {
		driver["version"] = Clean(version)
	}
	return map[string]any{"driver": driver}
}

func sarifRuleOf(r *model.Report, rule *model.Rule) sarifRule {
	title := clip(Clean(or(rule.Title, string(rule.ID))), sarifLong)
	out := sarifRule{
		ID: Clean(string(rule.ID)), Name: clip(title, sarifShort), Short: sarifText{Text: title},
		Full: sarifText{Text: clip(Clean(or(rule.Description, title)), sarifLong)},
		Help: sarifText{helpText(r, rule), helpMarkdown(r, rule)}, Configuration: sarifConfiguration{rule.Off == nil, sarifLevel(rule.Severity)},
	}
	tags := []string{"security", Clean(string(rule.Kind))} // GitHub shows ten
	for _, framework := range slices.Sorted(maps.Keys(rule.Controls)) {
		tags = append(tags, Clean(framework))
	}
	out.Properties = map[string]any{"tags": tags[:min(len(tags), 10)], "severity": Clean(string(rule.Severity))}
	if score := securitySeverity(rule.Severity); score != "" {
		out.Properties["security-severity"] = score
	}
	return out
}

// How many characters GitHub takes of a rule's name and of its descriptions.
const sarifShort, sarifLong = 255, 1024

// sarifLevel is the level of a failure.
func sarifLevel(s model.Severity) string {
	switch s {
	case model.SeverityCritical, model.SeverityHigh:
		return "error"
	case model.SeverityLow, model.SeverityInfo:
		return "note"
	default:
		return "warning"
	}
}

// securitySeverity is a number in the middle of the range that GitHub shows as
// the severity: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9
// low. Advice has none.
func securitySeverity(s model.Severity) string {
	switch s {
	case model.SeverityCritical:
		return "9.5"
	case model.SeverityHigh:
		return "8.0"
	case model.SeverityMedium:
		return "5.5"
	case model.SeverityLow:
		return "2.0"
	default:
		return ""
	}
}

// helpText says what a rule is for and how to mend what fails, without Markdown.
func helpText(r *model.Report, rule *model.Rule) string {
	parts := []string{Clean(or(rule.Description, rule.Title))}
	if controls := controlParts(r, rule); len(controls) > 0 {
		parts = append(parts, "Controls: "+Clean(strings.Join(controls, "; ")))
	}
	if rule.Remediation.Text != "" {
		parts = append(parts, "Fix: "+Clean(rule.Remediation.Text))
	}
	for _, s := range snippets(rule, bothSyntaxes()) {
		parts = append(parts, strings.Join(s.lines, "\n"))
	}
	return or(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n\n"), Clean(string(rule.ID)))
}

// helpMarkdown is the same in Markdown, for GitHub shows one of the two.
func helpMarkdown(r *model.Report, rule *model.Rule) string {
	var m markdown
	m.para(mdText(or(rule.Description, rule.Title)))
	if controls := controlParts(r, rule); len(controls) > 0 {
		m.para("**Controls** " + mdText(strings.Join(controls, " · ")))
	}
	if rule.Remediation.Text != "" {
		m.para("**Fix** " + mdText(rule.Remediation.Text))
	}
	for _, s := range snippets(rule, bothSyntaxes()) {
		m.fence(s.language, s.lines)
	}
	return m.String()
}

func bothSyntaxes() []model.Syntax {
	return []model.Syntax{model.SyntaxHCL, model.SyntaxCloudFormation}
}

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}
