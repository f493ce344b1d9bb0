package reports_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

func TestTextWithoutColorHasNoEscapeCodes(t *testing.T) {
	text.EnableColors() // go-pretty would colour by itself
	defer text.DisableColors()
	for _, r := range []*model.Report{theReport(), passing(), nothingFound(), plan()} {
		out := write(t, "text", r, judged(r, 100, 0))
		require.NotContains(t, out, "\x1b")
		require.Equal(t, -1, strings.IndexFunc(out, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }), "%q", out)
	}
}

func TestTextColorIsTheOptionsAlone(t *testing.T) {
	text.DisableColors() // as go-pretty does for NO_COLOR and TERM=dumb
	r := theReport()
	o := judged(r, 100, 20)
	plain := write(t, "text", r, o)
	o.Color = true
	colored := write(t, "text", r, o)
	require.Contains(t, colored, "\x1b[1;7;31m FAIL \x1b[0m")
	require.NotContains(t, colored, "\x1b[2J", "a name must not clear the screen")
	bare := stripSGR(colored)
	require.Equal(t, plain, strings.ReplaceAll(bare, " FAIL ", "FAIL "), "colour changes nothing but the looks")
	for line := range strings.SplitSeq(colored, "\n") {
		require.Equal(t, strings.LastIndex(line, "\x1b[0m"), strings.LastIndex(line, "\x1b["), "colour ends with its line: %q", line)
	}
}

// stripSGR removes what sets looks, and only that.
func stripSGR(s string) string {
	var b strings.Builder
	for s != "" {
		if rest, ok := strings.CutPrefix(s, "\x1b["); ok {
			code, after, found := strings.Cut(rest, "m")
			if found && strings.Trim(code, "0123456789;") == "" {
				s = after
				continue
			}
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}

func TestTextKeepsToTheWidth(t *testing.T) {
	r := theReport()
	for i := range r.Rules { // words of a command are never cut
		r.Rules[i].Remediation.Command = ""
	}
	for width := 0; width <= 220; width += 4 {
		want := min(max(width, 60), 200)
		if width == 0 {
			want = 100
		}
		widest := 0
		for line := range strings.SplitSeq(write(t, "text", r, judged(r, width, 0)), "\n") {
			n := text.StringWidthWithoutEscSequences(line)
			require.LessOrEqual(t, n, want, "width %d: %q", width, line)
			widest = max(widest, n)
		}
		require.Greater(t, widest, want-8, "the width is used")
	}
}

func TestTextSaysTheVerdictThatItIsGiven(t *testing.T) {
	for v, want := range map[model.Verdict]string{model.VerdictPass: "PASS  ", model.VerdictFail: "FAIL  ", model.VerdictUnknown: "UNKNOWN  "} {
		for _, r := range []*model.Report{theReport(), passing(), nothingFound()} {
			out := write(t, "text", r, reports.Options{Verdict: v})
			require.True(t, strings.HasPrefix(out, want), out[:40])
			require.Contains(t, out, fmt.Sprintf("exit code %d: ", v.ExitCode()))
		}
	}
	out := write(t, "text", passing(), reports.Options{})
	require.True(t, strings.HasPrefix(out, "UNKNOWN"), "no verdict is unknown, also for a report without failures")
}

func TestTextOrder(t *testing.T) {
	out := write(t, "text", theReport(), judged(theReport(), 100, 20))
	_, failures, _ := strings.Cut(out, "Failures, worst first")
	last := -1
	for _, id := range []string{"SM-007  critical", "SSM-001  critical", "SM-001  high", "SM-004  high", "SM-002  medium", "SM-010  low", "SM-012  info"} {
		at := strings.Index(failures, id)
		require.Greater(t, at, last, id)
		last = at
	}
}

func TestTextLimit(t *testing.T) {
	r := many(1234)
	out := write(t, "text", r, judged(r, 100, 3))
	require.Equal(t, 3, strings.Count(out, "automatic rotation is off"))
	require.Contains(t, out, "and 1,231 more")
	require.Contains(t, out, "1,234 of 1,234 fail")
	for _, limit := range []int{0, 1234, 5000} { // more than are held in memory
		out = write(t, "text", r, judged(r, 100, limit))
		require.Equal(t, 1234, strings.Count(out, "automatic rotation is off"))
		require.NotContains(t, out, "--limit 0")
		require.Contains(t, out, "app-0001233")
	}
	out = write(t, "text", r, judged(r, 100, 600)) // more than are held, fewer than there are
	require.Equal(t, 600, strings.Count(out, "automatic rotation is off"))
	require.Contains(t, out, "and 634 more")
}

func TestTextDropsNoResultOfAnUnknownRule(t *testing.T) {
	r := theReport()
	r.Rules = r.Rules[1:] // without SM-001
	out := write(t, "text", r, judged(r, 100, 0))
	require.Contains(t, out, "SM-001")
	require.Contains(t, out, "prod/payments/stripe-api-key")
}

func TestTextCountsManyReasonsWithoutHoldingThem(t *testing.T) {
	var results []*model.Result
	for i := range 100 {
		results = append(results, &model.Result{Rule: "SM-001", Name: fmt.Sprint("s", i), Status: model.StatusUnknown,
			Resource: model.ResourceID{Kind: model.KindSecret, Account: shop, Region: "us-east-1", ID: fmt.Sprint("arn", i)},
			Unknown:  map[string]model.Unknown{"resource.tags": {Reason: model.ReasonFailed, Action: "kms:ListGrants", Detail: fmt.Sprint("request ", i)}}})
	}
	r := newReport(theRules(), results)
	out := write(t, "text", r, judged(r, 100, 0))
	require.Contains(t, out, "and 88 more reasons, all in the json report")
	require.Contains(t, out, "other reasons: s20, s21, s22 and 77 more")
}

func TestErrorsStopEveryFormat(t *testing.T) {
	broken := errors.New("the disk of the spool broke")
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err == nil {
		defer full.Close()
	}
	for _, f := range reports.Formats() {
		r := theReport()
		good := r.Results
		r.Results = func(yield func(*model.Result, error) bool) {
			n := 0
			for res := range good {
				if n++; n > 5 {
					yield(nil, broken)
					return
				}
				if !yield(res, nil) {
					return
				}
			}
		}
		var out bytes.Buffer
		o := judged(r, 100, 0)
		o.Print = func(w io.Writer, page func(io.Writer) error) error { return page(w) }
		require.ErrorIs(t, f.Write(&out, r, o), broken, f.Name)
		if full != nil {
			require.ErrorContains(t, f.Write(full, theReport(), o), "no space left", f.Name)
		}
	}
	// An error in the second reading of a rule with many failures.
	r, reads := many(1000), 0
	all := r.Results
	r.Results = func(yield func(*model.Result, error) bool) {
		if reads++; reads > 1 {
			yield(nil, broken)
			return
		}
		all(yield)
	}
	f, _ := reports.Find("text")
	require.ErrorIs(t, f.Write(&bytes.Buffer{}, r, judged(r, 100, 0)), broken)
}

func TestFind(t *testing.T) {
	f, err := reports.Find("json")
	require.NoError(t, err)
	require.Equal(t, "json", f.Extension)
	const formats = "text, json, sarif, junit, github, html, pdf, csv, xlsx, ocsf, oscal, asff and markdown"
	for name, want := range map[string]string{
		"jsno":  `output format "jsno" does not exist: did you mean json? the formats are ` + formats,
		"JSON":  `output format "JSON" does not exist: did you mean json? the formats are ` + formats,
		"tekst": `did you mean text?`,
		"":      `output format "" does not exist: the formats are ` + formats,
		"pfd":   `output format "pfd" does not exist: did you mean pdf? the formats are ` + formats,
	} {
		_, err := reports.Find(name)
		require.ErrorContains(t, err, want)
	}
}
