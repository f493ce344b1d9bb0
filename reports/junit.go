package reports

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// writeJUnit writes a test suite for the resources of a kind in an account and
// region, and in it a test case for each rule and resource, as Jenkins, GitLab
// and other servers read them (jenkins-junit-10.xsd of Jenkins's xUnit plugin).
//
//	fails, introduced or existing   <failure>  servers compare with the branch's last report
//	unknown                         <error>    Jenkins and GitLab show it as red as a failure,
//	                                           so that it is never taken for a pass
//	unknown before the change is    <skipped>  nobody can settle it in the source, and red
//	made, by nature                            it would be in every pull request
//	waived, not applicable          <skipped>  with the reason
//	passes                          nothing
//
// A suite has its numbers in front, so the results are read twice.
func writeJUnit(w io.Writer, r *model.Report, o Options) error {
	suites, err := suitesOf(r)
	if err != nil {
		return err
	}
	var all suite
	for i := range suites {
		all.tests += suites[i].tests
		all.failures += suites[i].failures
		all.errors += suites[i].errors
	}
	j := &junitWriter{w: bufio.NewWriter(w), stamp: r.TakenAt.UTC().Format(time.DateTime)}
	j.stamp = strings.Replace(j.stamp, " ", "T", 1)
	j.w.WriteString(xml.Header)
	j.open("testsuites", "name", "keyproof", "tests", fmt.Sprint(all.tests), "failures", fmt.Sprint(all.failures), "errors", fmt.Sprint(all.errors))
	next, open := 0, suiteKey{}
	for res, err := range r.Results {
		if err != nil {
			return readError(err)
		}
		if key := keyOf(res); next == 0 || key != open {
			if next > 0 {
				j.shut("testsuite")
			}
			if next == len(suites) {
				return readError(errors.New("the second reading has more than the first"))
			}
			j.suite(&suites[next], r, o)
			open, next = key, next+1
		}
		j.testcase(ruleOf(r, res.Rule), res)
	}
	if next > 0 {
		j.shut("testsuite")
	}
	j.shut("testsuites")
	return j.w.Flush()
}

// suiteKey is what the results of a suite share.
type suiteKey struct {
	kind            model.Kind
	account, region string
}

// suite is a run of results that share a key. Results come ordered, so that a
// key has one run, and there are few.
type suite struct {
	suiteKey
	tests, failures, errors, skipped int
}

func keyOf(res *model.Result) suiteKey {
	return suiteKey{res.Resource.Kind, res.Resource.Account, res.Resource.Region}
}

func suitesOf(r *model.Report) ([]suite, error) {
	var all []suite
	for res, err := range r.Results {
		if err != nil {
			return nil, readError(err)
		}
		if key := keyOf(res); len(all) == 0 || all[len(all)-1].suiteKey != key {
			all = append(all, suite{suiteKey: key})
		}
		s := &all[len(all)-1]
		s.tests++
		switch outcomeOf(res) {
		case "failure":
			s.failures++
		case "error":
			s.errors++
		case "skipped":
			s.skipped++
		}
	}
	return all, nil
}

// outcomeOf is the element that a test case has, or "" when it passes.
func outcomeOf(res *model.Result) string {
	switch res.Status {
	case model.StatusPass:
		return ""
	case model.StatusFail:
		return "failure"
	case model.StatusNotApplicable, model.StatusWaived:
		return "skipped"
	}
	if byNature(res) {
		return "skipped"
	}
	return "error"
}
