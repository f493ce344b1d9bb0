package repo

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/keyproof/keyproof"

// allowed says, for each part of the tree, what its code may import beside the
// standard library, and why. Prefixes; the longest part that matches a package
// counts. cmd may import everything: it is where two parts meet.
var allowed = []struct {
	part, why string
	prefixes  []string
}{
	{"model", "the vocabulary depends on nothing", nil},
	{"rules", "rules are data", nil},
	{"collectors", "collectors know the model and AWS, and never rules or reports", []string{
		"model", "collectors", "internal", "github.com/aws/", "golang.org/x/sync", "golang.org/x/time",
	}},
	{"collectors/terraform", "the reader of plans knows the format of terraform and its language; it makes no call", []string{
		"model", "collectors", "internal", "github.com/aws/aws-sdk-go-v2/aws", "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types",
		"github.com/hashicorp/hcl/v2", "github.com/hashicorp/terraform-json", "github.com/tidwall/gjson", "github.com/zclconf/go-cty/cty",
	}},
	{"collectors/events", "archives of events are read and verified without a connection; policies in them mean what they mean elsewhere", []string{
		"model", "collectors/events", "internal/iampolicy", "github.com/klauspost/compress", "github.com/tidwall/gjson", "golang.org/x/sync", "golang.org/x/sys/cpu",
	}},
	{"collectors/events/bucket", "archives in S3 are read by calls to S3, and become a file system for the readers of events", []string{
		"model", "collectors/events", "internal/awserr", "github.com/aws/aws-sdk-go-v2",
	}},
	{"collectors/events/lookup", "the event history is asked by calls to CloudTrail, and knows the readers of events", []string{
		"model", "collectors/events", "internal/awserr", "internal/atomicfile", "github.com/aws/aws-sdk-go-v2", "golang.org/x/sync",
	}},
	{"collectors/events/athena", "a query engine is asked by calls, and knows the readers of events", []string{
		"model", "collectors/events", "internal/awserr", "github.com/aws/aws-sdk-go-v2/aws", "github.com/aws/aws-sdk-go-v2/service/athena",
	}},
	{"collectors/events/lake", "a query engine is asked by calls, and knows the readers of events", []string{
		"model", "collectors/events", "internal/awserr", "github.com/aws/aws-sdk-go-v2/aws", "github.com/aws/aws-sdk-go-v2/service/cloudtrail",
	}},
	{"collectors/testaccount", "it serves the tests of collectors an embedded account, which no other code may see", []string{
		"model", "collectors", "fixtures/aws", "github.com/aws/aws-sdk-go-v2", "github.com/stretchr/testify",
	}},
	{"collectors/cloudformation", "a reader of files knows the model, YAML and AWS's types, and makes no call", []string{
		"model", "collectors", "internal", "github.com/aws/aws-sdk-go-v2/aws", "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types", "go.yaml.in/yaml/v3",
	}},
	{"evaluator", "the evaluator knows the model and OPA, and not where resources come from", []string{
		"model", "internal/glob", "internal/memfs", "internal/nearest", "github.com/open-policy-agent/opa/v1", "go.yaml.in/yaml/v3", "golang.org/x/sync",
	}},
	{"remediator", "what changes an account knows the model and AWS, and neither judges nor reports", []string{
		"model", "internal", "github.com/aws/", "golang.org/x/time",
	}},
	{"ledger", "the record is kept from the model alone, in SQLite", []string{
		"model", "ledger", "internal/atomicfile", "internal/snapfile", "github.com/klauspost/compress", "modernc.org/sqlite",
	}},
	{"reports", "a report is written from the model alone", []string{"model", "internal/atomicfile", "internal/nearest", "internal/xlsx", "github.com/jedib0t/go-pretty", "github.com/mattn/go-runewidth"}},
	{"reports/evidence", "a bundle holds a report as the document that it is; who makes and judges it is cmd's", []string{"github.com/secure-systems-lab/go-securesystemslib"}},
	{"reports/securityhub", "it sends findings, which it knows as the documents that they are, and nothing of reports", []string{
		"internal/awserr", "github.com/aws/aws-sdk-go-v2/aws", "github.com/aws/aws-sdk-go-v2/service/securityhub",
	}},
	{"fixtures", "the embedded account stands in for AWS, so it must not know keyproof", []string{"fixtures", "go.yaml.in/yaml/v3"}},
	{"internal", "helpers know the model and no part above it", []string{
		"model", "internal", "github.com/aws/smithy-go", "github.com/aws/aws-sdk-go-v2/aws", "github.com/klauspost/compress",
		"github.com/zricethezav/gitleaks", "github.com/rs/zerolog", "github.com/spf13/viper", "go.yaml.in/yaml/v3",
	}},
	{"internal/browser", "it drives a browser for tests and knows nothing of what it shows", []string{"internal/needs", "github.com/chromedp"}},
}

// testOnly are packages that nothing but tests may import.
var testOnly = []string{"collectors/testaccount", "internal/browser"}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	require.NoError(t, err)
	var list []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err)
		list = append(list, p)
	}
}

func TestImports(t *testing.T) {
	list := packages(t)
	require.NotEmpty(t, list)
	for _, p := range list {
		part := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		for _, imp := range p.Imports {
			if slices.Contains(testOnly, strings.TrimPrefix(imp, module+"/")) {
				t.Errorf("%s must not import %s: it is for tests", part, imp)
			}
			if a := partOf(part); a >= 0 && !mayImport(imp, allowed[a].prefixes) {
				t.Errorf("%s must not import %s: %s", part, imp, allowed[a].why)
			}
		}
	}
}

// partOf is the place in allowed of the longest part that a package is of, or -1.
func partOf(name string) int {
	best := -1
	for i, a := range allowed {
		if (name == a.part || strings.HasPrefix(name, a.part+"/")) && (best < 0 || len(a.part) > len(allowed[best].part)) {
			best = i
		}
	}
	return best
}

func mayImport(imp string, prefixes []string) bool {
	own, inModule := strings.CutPrefix(imp, module+"/")
	if !inModule && !strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
		return true // the standard library
	}
	for _, prefix := range prefixes {
		name := imp
		if !strings.Contains(strings.SplitN(prefix, "/", 2)[0], ".") {
			if !inModule {
				continue
			}
			name = own
		}
		if name == prefix || strings.HasPrefix(name, strings.TrimSuffix(prefix, "/")+"/") {
			return true
		}
	}
	return false
}

// TestMayImport makes sure that the test above can fail.
func TestMayImport(t *testing.T) {
	require.True(t, mayImport("os", nil))
	require.False(t, mayImport(module+"/evaluator", []string{"model"}))
	require.False(t, mayImport("github.com/aws/aws-sdk-go-v2/service/kms", []string{"model", "github.com/open-policy-agent/opa/v1"}))
	require.True(t, mayImport(module+"/model", []string{"model"}))
	require.False(t, mayImport(module+"/models", []string{"model"}))
	require.Equal(t, "collectors/testaccount", allowed[partOf("collectors/testaccount")].part)
	require.Equal(t, "collectors", allowed[partOf("collectors/kms")].part)
	require.Equal(t, -1, partOf("collectorsx"))
}
