// Package testaccount serves an embedded account to the tests of collectors and
// runs collectors on it. Only tests import it.
package testaccount

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

// What the account files of tests name.
const (
	Here     = "111122223333"
	Other    = "444455556666"
	Virginia = "us-east-1"
	Ireland  = "eu-west-1"
)

// Now is when tests take place.
func Now() time.Time { return time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC) }

// World is what an account file describes, served.
type World struct {
	*fake.Server
	T      testing.TB
	w      *fake.World
	client *http.Client
}

// Serve makes the embedded account of a file, of which the text is the regions
// of the account Here.
func Serve(t testing.TB, regions string) *World {
	t.Helper()
	return ServeFile(t, `accounts:
  - id: "`+Here+`"
    credentials: [{access_key: A1, secret_key: x, principal: user/scanner}]
    regions:
`+indent(regions, 6), Now())
}

func indent(text string, n int) string {
	pad := strings.Repeat(" ", n)
	return pad + strings.ReplaceAll(strings.Trim(text, "\n"), "\n", "\n"+pad)
}

// ServeFile serves a whole account file, whose ages are relative to now, until
// the test ends.
func ServeFile(t testing.TB, file string, now time.Time) *World {
	t.Helper()
	w, err := fake.Load(strings.NewReader(file), now)
	require.NoError(t, err)
	s, err := fake.Serve(t.Context(), w)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	client := s.Client()
	client.Timeout = 10 * time.Second
	return &World{s, t, w, client}
}

// Deny refuses a call, and no other.
func (w *World) Deny(service, operation string) {
	w.SetFaults(fake.Fault{Service: service, Operation: operation, Kind: fake.Deny})
}

// Config is the configuration of a client that tries each call once.
func (w *World) Config(account, region string) aws.Config {
	for _, c := range w.w.Credentials() {
		if c.Account == account {
			return aws.Config{
				Region: region, BaseEndpoint: aws.String(w.URL()),
				Credentials: credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, c.SessionToken),
				Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
				HTTPClient:  w.client,
			}
		}
	}
	w.T.Fatalf("no credentials of %s", account)
	return aws.Config{}
}

// Snapshot is what a scan read, by resource name.
type Snapshot struct {
	*model.Snapshot
	Rows map[string]*model.Resource
}

// Scan reads one cell, Here in Virginia where it does not say, with the
// collectors in stages.
func (w *World) Scan(cell collectors.CellID, stages ...[]collectors.Collector) Snapshot {
	w.T.Helper()
	spool, err := model.NewSpool(w.T.TempDir())
	require.NoError(w.T, err)
	w.T.Cleanup(func() { _ = spool.Close() })
	cell.Partition = "aws"
	if cell.Account == "" {
		cell.Account = Here
	}
	if cell.Region == "" {
		cell.Region = Virginia
	}
	if cell.Regions == nil {
		cell.Regions = []string{cell.Region}
	}
	snap, err := collectors.Run(w.T.Context(), collectors.Plan{
		TakenAt: Now(), Cells: []collectors.CellPlan{{Cell: cell, Stages: stages}},
	}, spool)
	require.NoError(w.T, err)
	s := Snapshot{snap, map[string]*model.Resource{}}
	for r, err := range snap.Resources {
		require.NoError(w.T, err)
		s.Rows[r.Name] = r
	}
	return s
}

// Gap returns why the list of a kind is not complete, or nil.
func (s Snapshot) Gap(kind model.Kind) *model.Unknown {
	for _, scope := range s.Scopes {
		if scope.Kind == kind {
			return scope.Gap
		}
	}
	return nil
}

// Denied is the reason of what a refused call would have told.
func Denied(action string) model.Unknown {
	return model.Unknown{Reason: model.ReasonAccessDenied, Action: action}
}
