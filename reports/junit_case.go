package reports

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// junitWriter writes XML as it flows. All text is clean, so no character is in it
// that XML 1.0 does not allow. Errors are kept by the bufio.Writer.
type junitWriter struct {
	w     *bufio.Writer
	stamp string // of the snapshot, UTC, as JUnit wants it: without a zone
}

// open writes a start tag with attributes (name, value, name, value).
func (j *junitWriter) open(element string, attributes ...string) {
	j.start(element, attributes...)
	j.w.WriteString(">\n")
}

func (j *junitWriter) start(element string, attributes ...string) {
	j.w.WriteString("<" + element)
	for i := 0; i+1 < len(attributes); i += 2 {
		j.w.WriteString(" " + attributes[i] + `="`)
		j.text(attributes[i+1])
		j.w.WriteString(`"`)
	}
}

func (j *junitWriter) shut(element string) { j.w.WriteString("</" + element + ">\n") }

// text writes clean text, escaped.
func (j *junitWriter) text(s string) { _ = xml.EscapeText(j.w, []byte(Clean(s))) } // the error stays in w

// suite opens a suite and says what it is of.
func (j *junitWriter) suite(s *suite, r *model.Report, o Options) {
	name := strings.TrimSpace(kindName(s.kind) + " " + where(s.account, s.region))
	j.open("testsuite", "name", name, "tests", fmt.Sprint(s.tests), "failures", fmt.Sprint(s.failures),
		"errors", fmt.Sprint(s.errors), "skipped", fmt.Sprint(s.skipped), "time", "0", "timestamp", j.stamp)
	j.w.WriteString("<properties>\n")
	for _, p := range [][2]string{{"source", r.Source}, {"tool", "keyproof " + strings.TrimPrefix(r.Tool, "keyproof ")}, {"verdict", o.Verdict.String()}} {
		j.start("property", "name", p[0], "value", p[1])
		j.w.WriteString("/>\n")
	}
	j.shut("properties")
}

// testcase writes one result. Its class is the rule, within a package of the
// kind, and its name is unique in the class, as GitLab tells cases apart by both.
func (j *junitWriter) testcase(rule *model.Rule, res *model.Result) {
	name := res.Resource.ID
	if region := res.Resource.Region; res.Gap {
		name = nameOf(res)
	} else if res.Resource.Kind == model.KindEvent {
		name += " of " + res.Resource.Account + " in " + region // the record of an account is called as that of another
	} else if region != "" && !strings.Contains(name, region) {
		name += " in " + region // the ARN of an account is the same in each
	}
	title := string(rule.ID)
	if rule.Title != "" {
		title += " " + rule.Title
	}
	j.start("testcase", "classname", "keyproof."+string(res.Resource.Kind)+"."+string(rule.ID), "name", title+": "+name, "time", "0")
	outcome := outcomeOf(res)
	if outcome == "" {
		j.w.WriteString("/>\n")
		return
	}
	j.w.WriteString(">\n")
	kind, message, body := j.say(rule, res)
	j.start(outcome, "type", kind, "message", message)
	j.w.WriteString(">")
	for i, line := range body {
		if i > 0 {
			j.w.WriteString("\n")
		}
		j.text(line)
	}
	j.shut(outcome)
	j.shut("testcase")
}

// say is the type, the message and the text of a test case that does not pass.
// GitLab shows the text and not the message, so the text has it all.
func (j *junitWriter) say(rule *model.Rule, res *model.Result) (kind, message string, body []string) {
	kind = string(res.Status)
	switch in := partOf(res); in {
	case partIntroduced, partExisting:
		kind = string(rule.Severity)
		if res.Delta != "" {
			kind = string(res.Delta) + " " + kind
		}
		body = rowOf(res, annotationText).why
		message = strings.Join(body, "; ")
		if in == partExisting {
			body = append(body, "It did before the change, too.")
		}
	case partWaived:
		body = append(rowOf(res, annotationText).why, waivedBy(res.Waiver))
		message = body[len(body)-1]
	case partUnknown:
		kind = string(model.StatusUnknown)
		message = "unknown, neither pass nor fail: " + whyUnknown(res)
		body = []string{message}
	default:
		message = "not applicable: " + strings.Join(res.NotApplicable, "; ")
		return kind, message, []string{message}
	}
	if at := placeOf(res); at != "" {
		body = append(body, "at "+at)
	}
	if address := addressOf(res); address != Clean(res.Resource.ID) {
		body = append(body, "of "+address)
	}
	if fix := rule.Remediation.Text; fix != "" {
		body = append(body, "fix: "+fix)
	}
	if o := res.Origin; o != nil && kind != string(model.StatusUnknown) {
		for _, s := range snippets(rule, []model.Syntax{o.Syntax}) {
			body = append(body, s.lines...)
		}
	}
	return kind, message, body
}
