package reports

import (
	"bufio"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// annotationText is how many columns of text an annotation has; GitHub cuts at
// 64 KiB, people sooner.
const annotationText = 1000

// annotation is a result with its place among others: less is worse.
type annotation struct {
	rank int
	res  *model.Result
	rule *model.Rule
}

// annotations are the worst of many, and how many were left out.
type annotations struct {
	most  int
	worst []annotation
	left  int
}

// add keeps an annotation if it is among the worst. Of equals the first stay.
func (as *annotations) add(a annotation) {
	at, _ := slices.BinarySearchFunc(as.worst, a.rank, func(of annotation, rank int) int {
		if of.rank <= rank {
			return -1
		}
		return 1
	})
	if at < as.most {
		as.worst = slices.Insert(as.worst, at, a)
	}
	if len(as.worst) > as.most {
		as.worst = as.worst[:as.most]
		as.left++
	} else if at == as.most {
		as.left++
	}
}

// write writes an annotation at the line of its resource, if it has one.
func (a *annotation) write(w *bufio.Writer, level string) {
	title := string(a.rule.ID)
	if a.rule.Severity != "" {
		title += " " + string(a.rule.Severity)
	}
	if a.rule.Title != "" {
		title += ": " + a.rule.Title
	}
	where := addressOf(a.res)
	file, line := "", 0
	if o := a.res.Origin; o != nil && o.File != "" {
		file, line = o.File, o.Line
	} else if at := placeOf(a.res); at != "" && at != where && !a.res.Gap {
		where += " (" + at + ")"
	}
	text := clip(clip(where, 200)+": "+a.say(), annotationText)
	command(w, level, "file", file, "line", lineOf(line), "title", clip(Clean(title), 200), text)
}

// say is what the annotation says of its resource.
func (a *annotation) say() string {
	switch partOf(a.res) {
	case partFixed:
		return "fixed by the change"
	case partUnknown:
		return "unknown, neither pass nor fail: " + whyUnknown(a.res)
	}
	text := strings.Join(rowOf(a.res, annotationText/5).why, "; ")
	if partOf(a.res) == partExisting {
		text += " (before the change too)"
	}
	if fix := a.rule.Remediation.Text; fix != "" {
		text += ". Fix: " + Clean(fix)
	}
	return text
}

// textOf is spans without their looks.
func textOf(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.text)
	}
	return Clean(b.String())
}
