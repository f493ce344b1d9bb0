package awserr_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

const action = "secretsmanager:ListSecrets"

func api(code, message string) error {
	return fmt.Errorf("operation: %w", &smithy.GenericAPIError{Code: code, Message: message})
}

func TestUnknownByCode(t *testing.T) {
	tests := []struct {
		code   string
		reason model.Reason
		detail string // a part of it
	}{
		{"AccessDenied", model.ReasonAccessDenied, ""},
		{"AccessDeniedException", model.ReasonAccessDenied, ""},
		{"UnauthorizedOperation", model.ReasonAccessDenied, ""},
		{"AuthorizationError", model.ReasonAccessDenied, ""},
		{"AuthorizationErrorException", model.ReasonAccessDenied, ""},
		{"UnauthorizedAccess", model.ReasonAccessDenied, ""},
		{"NotAuthorized", model.ReasonAccessDenied, ""},
		{"OptInRequired", model.ReasonRegionOff, ""},
		{"RegionDisabledException", model.ReasonRegionOff, ""},
		{"ExpiredToken", model.ReasonFailed, "credentials expired"},
		{"ExpiredTokenException", model.ReasonFailed, "credentials expired"},
		{"RequestExpired", model.ReasonFailed, "credentials expired"},
		{"UnrecognizedClientException", model.ReasonFailed, "not accepted"},
		{"InvalidClientTokenId", model.ReasonFailed, "region is not enabled"},
		{"ThrottlingException", model.ReasonFailed, "ThrottlingException: said so"},
		{"InternalServiceError", model.ReasonFailed, "InternalServiceError: said so"},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			got := awserr.Unknown(action, api(tt.code, "said so"))
			assert.Equal(t, tt.reason, got.Reason)
			assert.Equal(t, action, got.Action)
			if tt.detail == "" {
				assert.Empty(t, got.Detail)
			}
			assert.Contains(t, got.Detail, tt.detail)
		})
	}
}

func TestDeniedSaysWhichPolicy(t *testing.T) {
	const user = "User: arn:aws:iam::111111111111:user/a is not authorized to perform: "
	for message, want := range map[string]string{
		user + "secretsmanager:ListSecrets because no identity-based policy allows the secretsmanager:ListSecrets action":                "",
		user + "secretsmanager:ListSecrets with an explicit deny in a service control policy":                                            "with an explicit deny in a service control policy",
		user + "secretsmanager:ListSecrets with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-a/s/p-1": "with an explicit deny in a service control policy",
		user + "secretsmanager:ListSecrets on resource: x with an explicit deny in an identity-based policy":                             "with an explicit deny in an identity-based policy",
		user + "secretsmanager:ListSecrets with an explicit deny in a permissions boundary":                                              "with an explicit deny in a permissions boundary",
		user + "secretsmanager:ListSecrets with an explicit deny in a resource-based policy":                                             "with an explicit deny in a resource-based policy",
		user + "secretsmanager:ListSecrets because no session policy allows the secretsmanager:ListSecrets action":                       "because no session policy allows it",
		user + "secretsmanager:ListSecrets because no service control policy allows the secretsmanager:ListSecrets action":               "because no service control policy allows it",
		user + "secretsmanager:ListSecrets because no VPC endpoint policy allows the secretsmanager:ListSecrets action":                  "because no VPC endpoint policy allows it",
		user + "kms:Decrypt on resource: arn:aws:kms:us-east-1:1:key/k because no identity-based policy allows the kms:Decrypt action":   "the action missing is kms:Decrypt",
		"Access to KMS is not allowed": "",
	} {
		assert.Equal(t, want, awserr.Unknown(action, api("AccessDeniedException", message)).Detail, message)
	}
}

func TestDetailIsOneCleanLine(t *testing.T) {
	got := awserr.Unknown(action, api("ValidationException", "a\x1b[31m\r\nb\u202e\x00c "+strings.Repeat("é", 500))).Detail
	assert.NotContains(t, got, "\n")
	assert.NotContains(t, got, "\x1b")
	assert.NotContains(t, got, "\u202e")
	assert.True(t, strings.HasPrefix(got, "ValidationException: a[31m bc é"), got)
	assert.LessOrEqual(t, len([]rune(got)), 200)
}

// answer is a client that gets one answer from an endpoint.
func answer(t *testing.T, status int, contentType, body string) aws.Config {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""),
	}
}

func listSecrets(cfg aws.Config) error {
	_, err := secretsmanager.NewFromConfig(cfg).ListSecrets(context.Background(), &secretsmanager.ListSecretsInput{})
	return err
}

func TestOfRealClients(t *testing.T) {
	jsonDenied := answer(t, 400, "application/x-amz-json-1.1", `{"__type":"com.amazonaws.x#AccessDeniedException","Message":"no"}`)
	assert.Equal(t, model.ReasonAccessDenied, awserr.Unknown(action, listSecrets(jsonDenied)).Reason)

	t.Run("403 without a readable code", func(t *testing.T) {
		for _, body := range []string{`<html>forbidden</html>`, ``, `{}`} {
			got := awserr.Unknown(action, listSecrets(answer(t, 403, "text/html", body)))
			assert.Equal(t, model.Unknown{Reason: model.ReasonAccessDenied, Action: action}, got, body)
		}
		_, err := rds.NewFromConfig(answer(t, 403, "text/xml", `<ErrorResponse/>`)).DescribeDBInstances(context.Background(), &rds.DescribeDBInstancesInput{})
		assert.Equal(t, model.ReasonAccessDenied, awserr.Unknown("rds:DescribeDBInstances", err).Reason)
	})
	t.Run("403 with another code is that", func(t *testing.T) {
		err := listSecrets(answer(t, 403, "application/x-amz-json-1.1", `{"__type":"OptInRequired","message":"subscribe"}`))
		assert.Equal(t, model.ReasonRegionOff, awserr.Unknown(action, err).Reason)
		err = listSecrets(answer(t, 403, "application/x-amz-json-1.1", `{"__type":"ExpiredTokenException"}`))
		assert.True(t, awserr.Expired(err))
		assert.Equal(t, model.ReasonFailed, awserr.Unknown(action, err).Reason)
	})
	t.Run("the body of an answer is not quoted", func(t *testing.T) {
		for _, cfg := range []aws.Config{
			answer(t, 200, "application/x-amz-json-1.1", `{"SecretList": "hunter2"}`),
			answer(t, 500, "text/html", `hunter2`),
			answer(t, 200, "application/x-amz-json-1.1", `{"SecretList": [{"Name": "hunter2`),
		} {
			got := awserr.Unknown(action, listSecrets(cfg))
			assert.Equal(t, model.ReasonFailed, got.Reason)
			assert.NotEmpty(t, got.Detail)
			assert.NotContains(t, got.Detail, "hunter2")
		}
	})
	t.Run("nobody answers", func(t *testing.T) {
		cfg := answer(t, 200, "", "")
		cfg.BaseEndpoint = aws.String("http://127.0.0.1:1")
		got := awserr.Unknown(action, listSecrets(cfg))
		assert.Equal(t, model.ReasonFailed, got.Reason)
		assert.Contains(t, got.Detail, "no answer from 127.0.0.1:1")
		assert.NotContains(t, got.Detail, "http")
	})
}

func TestFatal(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	assert.NoError(t, awserr.Fatal(ctx, api("AccessDenied", "")))
	assert.NoError(t, awserr.Fatal(ctx, context.DeadlineExceeded), "one call's deadline is not the scan's")
	assert.ErrorIs(t, awserr.Fatal(ctx, fmt.Errorf("x: %w", awserr.ErrNotARead)), awserr.ErrNotARead)
	cause := errors.New("interrupted")
	cancel(cause)
	require.ErrorIs(t, awserr.Fatal(ctx, api("AccessDenied", "")), cause)
}

func FuzzDetail(f *testing.F) {
	f.Add("AccessDeniedException", "with an explicit deny in a service control policy")
	f.Add("X", "\x1b\n")
	f.Fuzz(func(t *testing.T, code, message string) {
		got := awserr.Unknown(action, api(code, message))
		require.NotEmpty(t, got.Reason)
		require.LessOrEqual(t, len([]rune(got.Detail)), 200)
		require.NotContains(t, got.Detail, "\n")
	})
}
