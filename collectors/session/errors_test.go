package session_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/session"
)

func TestErrorsOfUsers(t *testing.T) {
	server := serve(t)
	// A port that was free a moment ago: nobody listens there.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := "http://" + l.Addr().String()
	require.NoError(t, l.Close())

	role := "arn:aws:iam::444455556666:role/Audit"
	tests := []struct {
		name     string
		endpoint string
		config   string
		env      map[string]string
		options  session.Options
		usage    bool
		says     []string
	}{
		{"no such profile", server.URL(), "[profile a]\n", nil, session.Options{Profiles: []string{"b"}}, true,
			[]string{`profile "b" does not exist`, "aws configure list-profiles"}},
		{"no credentials", server.URL(), "", map[string]string{"AWS_REGION": "us-east-1"}, session.Options{}, false,
			[]string{"no AWS credentials found", "--profile"}},
		{"no region", server.URL(), "", map[string]string{"AWS_ACCESS_KEY_ID": "AKIDPROD", "AWS_SECRET_ACCESS_KEY": "x"}, session.Options{}, true,
			[]string{"no region", "--region", "AWS_REGION"}},
		{"expired", server.URL(), "", keys("AKIDEXPIRED"), session.Options{}, false,
			[]string{"expired"}},
		{"expired, of a profile", server.URL(), "[profile p]\naws_access_key_id=AKIDEXPIRED\naws_secret_access_key=x\nregion=us-east-1\n", nil,
			session.Options{Profiles: []string{"p"}}, false, []string{"expired", "aws sso login --profile p"}},
		{"keys that AWS does not know", server.URL(), "", keys("AKIDNOBODY"), session.Options{}, false,
			[]string{"does not accept the credentials", "InvalidClientTokenId"}},
		{"single sign-on that has ended", server.URL(), "[profile p]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\nregion=us-east-1\n" +
			"[sso-session s]\nsso_region=us-east-1\nsso_start_url=https://sso.invalid/start\n", nil, session.Options{Profiles: []string{"p"}}, false,
			[]string{"single sign-on", "aws sso login --profile p"}},
		{"nobody listens", nobody, "", keys("AKIDPROD"), session.Options{}, false,
			[]string{"cannot reach " + nobody, "AWS_ENDPOINT_URL"}},
		{"no such host", "http://nowhere.invalid", "", keys("AKIDPROD"), session.Options{}, false,
			[]string{"nowhere.invalid", "AWS_ENDPOINT_URL"}},
		{"malformed region", server.URL(), "", keys("AKIDPROD"), session.Options{Regions: []string{"Ireland"}}, true,
			[]string{`region "Ireland" does not look like a region`, "--region all"}},
		{"unknown region", server.URL(), "", keys("AKIDPROD"), session.Options{Regions: []string{"us-eest-1"}}, true,
			[]string{`region "us-eest-1" does not exist`, "did you mean us-east-1?"}},
		{"role that is none", server.URL(), "", keys("AKIDPROD"), session.Options{Roles: []string{"Audit"}}, true,
			[]string{`--assume-role "Audit" is not the ARN of a role`}},
		{"an account twice", server.URL(), "", keys("AKIDPROD"), session.Options{Roles: []string{role, role}}, true,
			[]string{"account 444455556666 is named twice"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			environment(t, tt.endpoint, tt.config, tt.env)
			accounts, err := session.Open(t.Context(), tt.options)
			require.Error(t, err)
			assert.Empty(t, accounts)
			for _, part := range tt.says {
				assert.ErrorContains(t, err, part)
			}
			var usage *session.UsageError
			assert.Equal(t, tt.usage, errors.As(err, &usage), "%v", err)
			assert.NotContains(t, err.Error(), "\n")
			assert.Less(t, len(err.Error()), 400, "one paragraph: %v", err)
			assert.False(t, strings.Contains(err.Error(), "operation error"), "no word of the SDK's: %v", err)
		})
	}
}

// TestRefusedByMetadata: no credentials where a proxy refuses the call to an
// instance's metadata service is not a role that refuses.
func TestRefusedByMetadata(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	t.Cleanup(proxy.Close)
	environment(t, serve(t).URL(), "", map[string]string{
		"AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": proxy.URL,
	})
	for _, roles := range [][]string{nil, {"arn:aws:iam::444455556666:role/Audit"}} {
		_, err := session.Open(t.Context(), session.Options{Roles: roles})
		require.ErrorContains(t, err, "no AWS credentials found")
	}
}

func TestCancelled(t *testing.T) {
	server := serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := session.Open(ctx, session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"us-east-1"}})
	assert.ErrorIs(t, err, context.Canceled)
}
