package cloudtrail_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

const (
	here    = "111122223333"
	other   = "444455556666"
	virg    = "us-east-1"
	ireland = "eu-west-1"
)

func now() time.Time { return time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC) }

// world is an embedded account and what was read of it.
type world struct {
	*fake.Server
	t testing.TB
	w *fake.World
}

// serve makes the embedded account of a file, of which the text is the regions
// of the account here.
func serve(t testing.TB, regions string) *world {
	return serveFile(t, `accounts:
  - id: "`+here+`"
    credentials: [{access_key: A1, secret_key: x, principal: user/scanner}]
    regions:
`+indent(regions, 6))
}

func indent(text string, n int) string {
	pad := strings.Repeat(" ", n)
	return pad + strings.ReplaceAll(strings.Trim(text, "\n"), "\n", "\n"+pad)
}

func serveFile(t testing.TB, file string) *world {
	w, err := fake.Load(strings.NewReader(file), now())
	require.NoError(t, err)
	s, err := fake.Serve(t.Context(), w)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return &world{s, t, w}
}

// deny refuses a call.
func (w *world) deny(service, operation string) {
	w.SetFaults(fake.Fault{Service: service, Operation: operation, Kind: fake.Deny})
}

func (w *world) config(account, region string) aws.Config {
	for _, c := range w.w.Credentials() {
		if c.Account == account {
			return aws.Config{
				Region: region, BaseEndpoint: aws.String(w.URL()),
				Credentials: credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, c.SessionToken),
				Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
				HTTPClient:  &http.Client{Timeout: 10 * time.Second},
			}
		}
	}
	w.t.Fatalf("no credentials of %s", account)
	return aws.Config{}
}

// snapshot is what a scan read, by resource name.
type snapshot struct {
	*model.Snapshot
	rows map[string]*model.Resource
}

// scan reads one cell with the collectors in stages.
func (w *world) scan(cell collectors.CellID, stages ...[]collectors.Collector) snapshot {
	w.t.Helper()
	spool, err := model.NewSpool(w.t.TempDir())
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = spool.Close() })
	cell.Partition = "aws"
	if cell.Account == "" {
		cell.Account = here
	}
	if cell.Region == "" {
		cell.Region = virg
	}
	if cell.Regions == nil {
		cell.Regions = []string{cell.Region}
	}
	snap, err := collectors.Run(w.t.Context(), collectors.Plan{
		TakenAt: now(), Cells: []collectors.CellPlan{{Cell: cell, Stages: stages}},
	}, spool)
	require.NoError(w.t, err)
	s := snapshot{snap, map[string]*model.Resource{}}
	for r, err := range snap.Resources {
		require.NoError(w.t, err)
		s.rows[r.Name] = r
	}
	return s
}

// gap returns why the list of a kind is not complete, or nil.
func (s snapshot) gap(kind model.Kind) *model.Unknown {
	for _, scope := range s.Scopes {
		if scope.Kind == kind {
			return scope.Gap
		}
	}
	return nil
}

func denied(action string) model.Unknown {
	return model.Unknown{Reason: model.ReasonAccessDenied, Action: action}
}
