package session_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/session"
	fixture "github.com/keyproof/keyproof/fixtures/aws"
)

const (
	prod  = "111122223333"
	dev   = "444455556666"
	alone = "777788889999"
)

const world = `
organization: {id: o-a1b2c3d4e5, management: "111122223333"}
accounts:
  - id: "111122223333"
    credentials:
      - {access_key: AKIDPROD, secret_key: x, principal: user/scanner}
      - {access_key: AKIDEXPIRED, secret_key: x, principal: assumed-role/Admin/jdoe, expired: true}
    roles: [{name: Audit, trusts: ["111122223333"]}]
    regions: {us-east-1: {}, eu-west-1: {status: ENABLED}, me-central-1: {status: DISABLED}}
  - id: "444455556666"
    credentials: [{access_key: AKIDDEV, secret_key: x, principal: user/scanner}]
    roles:
      - {name: Audit, trusts: ["111122223333"]}
      - {name: Named, trusts: ["111122223333"], external_id: ticket-7}
    regions: {us-east-1: {}, ap-southeast-2: {}}
  - id: "777788889999"
    standalone: true
    credentials: [{access_key: AKIDALONE, secret_key: x, principal: user/scanner}]
    roles: [{name: Closed, trusts: ["777788889999"]}]
    regions: {us-east-1: {}}
`

func serve(t *testing.T) *fixture.Server {
	t.Helper()
	w, err := fixture.Load(strings.NewReader(world), time.Now())
	require.NoError(t, err)
	server, err := fixture.Serve(t.Context(), w)
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	return server
}

// environment makes the process's AWS configuration the one given, and nothing
// of the machine's: the standard way of finding credentials is what is tested.
func environment(t *testing.T, endpoint, sharedConfig string, env map[string]string) {
	t.Helper()
	for _, line := range os.Environ() {
		if name, _, _ := strings.Cut(line, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // restores it after the test
			require.NoError(t, os.Unsetenv(name))
		}
	}
	file := filepath.Join(t.TempDir(), "config")
	require.NoError(t, os.WriteFile(file, []byte(sharedConfig), 0o600))
	t.Setenv("AWS_CONFIG_FILE", file)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	if endpoint != "" {
		t.Setenv("AWS_ENDPOINT_URL", endpoint)
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
}

func keys(id string) map[string]string {
	return map[string]string{"AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-east-1"}
}

// base is the configuration of an embedded endpoint.
func base(server *fixture.Server, id string) *aws.Config {
	return &aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(server.URL()), Credentials: credentials.NewStaticCredentialsProvider(id, "x", "")}
}

func open(t *testing.T, o session.Options) []*session.Account {
	t.Helper()
	accounts, err := session.Open(t.Context(), o)
	require.NoError(t, err)
	return accounts
}

func regions(a *session.Account) (open, closed []string) {
	for _, r := range a.Regions {
		if r.Gap == nil {
			open = append(open, r.Name)
		} else {
			closed = append(closed, r.Name)
		}
	}
	return open, closed
}
