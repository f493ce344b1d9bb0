package reports_test

import (
	"encoding/xml"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/internal/xsd"
	"github.com/keyproof/keyproof/model"
)

// testsuites are a JUnit report as a server reads it.
type testsuites struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Suites   []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Cases    []struct {
			Class   string   `xml:"classname,attr"`
			Name    string   `xml:"name,attr"`
			Failure *outcome `xml:"failure"`
			Error   *outcome `xml:"error"`
			Skipped *outcome `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type outcome struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func readJUnit(t *testing.T, r *model.Report) testsuites {
	t.Helper()
	var doc testsuites
	require.NoError(t, xml.Unmarshal([]byte(write(t, "junit", r, judged(r, 0, 0))), &doc))
	return doc
}

// TestJUnitNumbers: the numbers in front are those of the cases, and every
// result is a case of its own.
func TestJUnitNumbers(t *testing.T) {
	for _, r := range []*model.Report{theReport(), passing(), plan(), gate(), accepted(t), nothingFound(), eventful()} {
		doc := readJUnit(t, r)
		var tests, failures, errors int
		names := map[string]bool{}
		for _, s := range doc.Suites {
			var f, e, k int
			for _, c := range s.Cases {
				f, e, k = f+one(c.Failure), e+one(c.Error), k+one(c.Skipped)
				require.LessOrEqual(t, one(c.Failure)+one(c.Error)+one(c.Skipped), 1)
				require.False(t, names[c.Class+c.Name], "%s %s twice", c.Class, c.Name)
				names[c.Class+c.Name] = true
			}
			require.Equal(t, []int{len(s.Cases), f, e, k}, []int{s.Tests, s.Failures, s.Errors, s.Skipped}, s.Name)
			tests, failures, errors = tests+s.Tests, failures+f, errors+e
		}
		require.Equal(t, []int{tests, failures, errors}, []int{doc.Tests, doc.Failures, doc.Errors})
		require.Equal(t, r.Total().Total(), tests)
		require.Equal(t, r.Total().Fail, failures)
	}
}

func one(o *outcome) int {
	if o == nil {
		return 0
	}
	return 1
}

func TestJUnitCases(t *testing.T) {
	cases := map[string]*outcome{}
	for _, s := range readJUnit(t, gate()).Suites {
		for _, c := range s.Cases {
			for element, o := range map[string]*outcome{"failure": c.Failure, "error": c.Error, "skipped": c.Skipped} {
				if o != nil {
					cases[element+" "+c.Class+" "+c.Name] = o
				}
			}
		}
	}
	const stripe = "module.shop.aws_secretsmanager_secret.stripe"
	rotate := " keyproof.secret.SM-001 SM-001 Secrets rotate automatically: "
	off := cases["failure"+rotate+stripe]
	require.NotNil(t, off)
	require.Equal(t, "introduced high", off.Type)
	require.Equal(t, "automatic rotation is off", off.Message)
	require.Contains(t, off.Text, "automatic rotation is off\nat modules/shop/secrets.tf:12\nfix: Turn on automatic rotation")
	require.Contains(t, off.Text, "\n  rotation_lambda_arn = aws_lambda_function.rotate.arn\n")
	before := cases["failure"+rotate+`aws_secretsmanager_secret.ftp["prod"]`]
	require.NotNil(t, before)
	require.Equal(t, "existing high", before.Type)
	open := cases["error keyproof.secret.SM-002 SM-002 Secrets rotate often enough: QueueSecret"]
	require.NotNil(t, open, "what the source does not resolve is red")
	require.Equal(t, "unknown", open.Type)
	later := cases["skipped keyproof.secret.SM-002 SM-002 Secrets rotate often enough: "+stripe]
	require.NotNil(t, later, "what nobody can know yet is not, and no pass")
	require.Equal(t, "unknown, neither pass nor fail: known after apply (kms_key); not in this source: a plan knows no past rotations (last_rotated_days_ago)", later.Message)
	waived := cases[`skipped keyproof.secret.SM-010 SM-010 Secrets that nobody reads are removed: aws_secretsmanager_secret.ftp["prod"]`]
	require.NotNil(t, waived)
	require.Equal(t, "waived", waived.Type)
	require.Contains(t, waived.Text, "last read 412 days ago\nwaived by CISO without expiry; owner web;")
	na := cases["skipped keyproof.key.KMS-002 KMS-002 Keys in use are not being deleted: module.shop.aws_kms_key.this"]
	require.NotNil(t, na)
	require.Equal(t, "not applicable: it is new", na.Message)
}

func TestJUnitErrorsForWhatIsUnknownForNoReason(t *testing.T) {
	at := written(model.KindSecret, "a.tf", 1, "aws_secretsmanager_secret.a")
	odd := judgedAs(at, "SM-002", "a status of tomorrow", "")
	doc := readJUnit(t, gateOf(notKnown(at, "SM-001", nil), odd))
	require.Equal(t, 2, doc.Errors)
}

func TestJUnitKeepsToItsSchema(t *testing.T) {
	s, err := xsd.Read(needs.Shared(t, "..", "schemas", "junit", "jenkins-junit-10.xsd"))
	require.NoError(t, err)
	for _, r := range []*model.Report{theReport(), passing(), plan(), gate(), accepted(t), nothingFound(), newReport(nil, nil), eventful()} {
		require.NoError(t, s.Validate(write(t, "junit", r, judged(r, 0, 0))))
	}
}
