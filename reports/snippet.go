package reports

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// snippet is how to write something right in a language.
type snippet struct {
	language string   // as Markdown names it after a fence
	lines    []string // clean, as they are to be copied
}

// snippets are a rule's, one for each syntax that has one.
func snippets(rule *model.Rule, syntaxes []model.Syntax) []snippet {
	var all []snippet
	for _, s := range []struct {
		syntax         model.Syntax
		language, text string
	}{
		{model.SyntaxHCL, "hcl", rule.Remediation.HCL},
		{model.SyntaxCloudFormation, "yaml", rule.Remediation.CloudFormation},
	} {
		if slices.Contains(syntaxes, s.syntax) && strings.TrimSpace(s.text) != "" {
			all = append(all, snippet{s.language, snippetLines(s.text)})
		}
	}
	return all
}

// snippetLines cleans each line of a text by itself: its own line breaks and
// tabs are meant.
func snippetLines(text string) []string {
	lines := strings.Split(strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(Clean(strings.ReplaceAll(line, "\t", "  ")), " ")
	}
	return lines
}
