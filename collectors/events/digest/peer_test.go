package digest

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
)

// TestAgainstCLI verifies the same archives with `aws cloudtrail validate-logs`,
// from a bucket that a server here serves, and compares the counts of good and
// bad files. Both say the same of the kinds of tampering below; where they differ
// in what they call bad, the table says why.
func TestAgainstCLI(t *testing.T) {
	cli := needs.Program(t, "aws", "pip install awscli")
	tests := []struct {
		name string
		do   func(tr *trail)
		// A digest whose signature is known from its neighbour in a folder, or not at
		// all, always has it in a bucket: there the CLI can prove more.
		unproven int
		why      string
	}{
		{name: "untouched", do: func(*trail) {}},
		{name: "one byte in a log, and a deleted log", do: func(tr *trail) {
			tr.change(tr.logs[2][1], "eventID", "eventId")
			delete(tr.fs, tr.logs[1][0])
		}},
		{name: "two altered digests, one of them the newest", do: func(tr *trail) {
			tr.change(tr.digests[4], "oldestEventTime", "oldestEventtime")
			tr.change(tr.digests[2], "oldestEventTime", "oldestEventtime")
		}},
		{name: "a deleted digest", do: func(tr *trail) { delete(tr.fs, tr.digests[2]) }, unproven: 1, why: "the signature of the digest before is in the deleted one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel() // the CLI takes long to start
			tr := newTrail(t).hours(5).save(4)
			tt.do(tr)
			good, bad := validateLogs(t, cli, tr)
			r, err := Verify(t.Context(), tr.fs, Options{Keys: tr.keys()})
			require.NoError(t, err)
			assert.Equal(t, good["digest"], r.Digests.Verified+tt.unproven, tt.why)
			assert.Equal(t, bad["digest"], r.Digests.Bad)
			assert.Equal(t, bad["log"], r.Logs.Bad)
			// The CLI does not look at the logs of a digest that is not good.
			assert.Equal(t, good["log"], r.Logs.Verified+2*tt.unproven, tt.why)
		})
	}
}

// validateLogs runs the CLI and returns its counts of good and bad files.
func validateLogs(t *testing.T, cli string, tr *trail) (good, bad map[string]int) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(tr.serve))
	defer server.Close()
	cmd := exec.Command(cli, "cloudtrail", "validate-logs", "--trail-arn", "arn:aws:cloudtrail:"+region+":"+account+":trail/audit",
		"--start-time", start.Format("2006-01-02T15:04:05Z"), "--end-time", tr.hour.Format("2006-01-02T15:04:05Z"), "--s3-bucket", bucket, "--region", region)
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+server.URL, "AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_EC2_METADATA_DISABLED=true")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil {
		require.ErrorAs(t, err, &exit, "%s", out) // it ends with 1 when something is not valid
	}
	good, bad = map[string]int{}, map[string]int{}
	found := regexp.MustCompile(`(\d+)/\d+ (digest|log) files (valid|INVALID)`).FindAllStringSubmatch(string(out), -1)
	require.NotEmpty(t, found, "%s", out)
	for _, m := range found {
		n, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		if m[3] == "valid" {
			good[m[2]] = n
		} else {
			bad[m[2]] = n
		}
	}
	return good, bad
}

// serve answers as S3 and CloudTrail do, as far as the CLI asks.
func (tr *trail) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".ListPublicKeys") {
		fmt.Fprintf(w, `{"PublicKeyList":[{"Value":%q,"Fingerprint":%q,"ValidityStartTime":1772323200,"ValidityEndTime":1774915200}]}`,
			base64.StdEncoding.EncodeToString(tr.keys()[0].Value), tr.fingerprint)
		return
	}
	key, ok := strings.CutPrefix(r.URL.Path, "/"+bucket+"/")
	switch {
	case r.URL.Query().Has("location"):
		fmt.Fprintf(w, `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">%s</LocationConstraint>`, region)
	case !ok || key == "":
		type object struct{ Key string }
		var list struct {
			XMLName     xml.Name `xml:"ListBucketResult"`
			IsTruncated bool
			Contents    []object
		}
		for name := range tr.fs {
			if strings.HasPrefix(name, r.URL.Query().Get("prefix")) && name > r.URL.Query().Get("marker") && strings.HasSuffix(name, ".gz") {
				list.Contents = append(list.Contents, object{name})
			}
		}
		slices.SortFunc(list.Contents, func(a, b object) int { return strings.Compare(a.Key, b.Key) })
		_ = xml.NewEncoder(w).Encode(list)
	case tr.fs[key] == nil:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `<Error><Code>NoSuchKey</Code><Message>no</Message></Error>`)
	default:
		if signature := tr.signatures[key]; signature != "" {
			w.Header()["x-amz-meta-signature"] = []string{signature} // in lower case, as S3 writes it
			w.Header()["x-amz-meta-signature-algorithm"] = []string{"SHA256withRSA"}
		}
		_, _ = w.Write(tr.fs[key].Data)
	}
}
