package reports

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// githubShown is how many annotations of a level GitHub shows of one step: "GitHub
// Actions are limited to 10 warning annotations and 10 error annotations per step"
// (REST API, check runs). More are dropped unseen, so the worst come first and
// the last one says how many are left. Notices are held to the same number.
const githubShown = 10

// writeGitHub writes workflow commands, a line each, that GitHub shows beside
// the lines of a pull request:
//
//	::error    what fails and counts, unless it did before the change
//	::warning  what fails and did before, and what is unknown, where it counts
//	::notice   what the change fixes and what is too mild to count, and at the
//	           end the verdict with the number of annotations that are not shown
//
// Waived failures, and what nobody can know before the change is made, are in
// the numbers only.
func writeGitHub(w io.Writer, r *model.Report, o Options) error {
	out := bufio.NewWriter(w)
	levels := map[string]*annotations{"error": {most: githubShown}, "warning": {most: githubShown}, "notice": {most: githubShown - 1}}
	var all tally
	var quiet model.Counts
	for res, err := range r.Results {
		if err != nil {
			return readError(err)
		}
		in := partOf(res)
		all[in]++
		if in == partQuiet {
			quiet.Add(res.Status)
		}
		rule := ruleOf(r, res.Rule)
		if level, rank := githubLevel(res, rule, o); level != "" {
			levels[level].add(annotation{rank, res, rule})
		}
	}
	left := 0
	for _, level := range []string{"error", "warning", "notice"} {
		for _, a := range levels[level].worst {
			a.write(out, level)
		}
		left += levels[level].left
	}
	numbers := answer(r, o)
	if isGate(r) {
		numbers = changeAnswer(r, o, all, quiet)
	}
	text := textOf(numbers)
	if left > 0 {
		text += ". " + count(left, "more annotation") + " " + verb(left, "is", "are") + " not shown, for GitHub shows " + num(githubShown) + " of each level: all are in the other reports"
	}
	command(out, "notice", "title", "keyproof: "+o.Verdict.String(), text)
	return out.Flush()
}

// githubLevel is the level of a result, or "" for none, and its place among
// those of the level: less is worse.
func githubLevel(res *model.Result, rule *model.Rule, o Options) (level string, rank int) {
	rank = rule.Severity.Rank()
	then := len(model.Severities()) + 1
	switch in := partOf(res); {
	case in == partFixed:
		return "notice", rank
	case in == partQuiet || in == partWaived:
		return "", 0
	case in == partUnknown && (byNature(res) || !o.counts(rule.Severity)):
		return "", 0 // nobody can act on it before the change: the numbers at the end have it
	case !o.counts(rule.Severity):
		return "notice", then + rank
	case in == partIntroduced:
		return "error", rank
	case in == partExisting:
		return "warning", rank
	default:
		return "warning", then + rank
	}
}

// command writes a workflow command with properties (name, value, name, value),
// of which empty ones are left out.
func command(w *bufio.Writer, name string, rest ...string) {
	w.WriteString("::" + name)
	sep := " "
	for i := 0; i+1 < len(rest)-1; i += 2 {
		if rest[i+1] != "" {
			w.WriteString(sep + rest[i] + "=" + githubProperty.Replace(Clean(rest[i+1])))
			sep = ","
		}
	}
	w.WriteString("::" + githubData.Replace(Clean(rest[len(rest)-1])) + "\n")
}

// How GitHub's runner wants the characters that end a command or a property.
// Clean has made line breaks harmless already; they are here for completeness.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// lineOf is the line as a property; 0 is none.
func lineOf(line int) string {
	if line <= 0 {
		return ""
	}
	return strconv.Itoa(line)
}
