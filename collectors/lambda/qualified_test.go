package lambda_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/lambda"
	"github.com/keyproof/keyproof/collectors/testaccount"
	"github.com/keyproof/keyproof/model"
)

// callers stands for the collector of secrets whose rotation functions are named
// so, with a qualifier or without.
type callers []string

func (callers) Name() string          { return "secretsmanager" }
func (callers) Permissions() []string { return nil }
func (named callers) Collect(_ context.Context, cell *collectors.Cell) error {
	for _, name := range named {
		r := &model.Resource{ID: cell.ID(model.KindSecret, "secret-of-"+name), Body: &model.Secret{}}
		r.Ref("rotation_function", model.Known(cell.ID(model.KindFunction, collectors.Unqualified(arn+name))))
		cell.Calls(arn + name)
		if err := cell.Emit(r); err != nil {
			return err
		}
	}
	return nil
}

// aliased serves a function f whose policy lets Secrets Manager in, and its alias
// live, an old version with a policy of its own or, where that is "", none.
func aliased(t *testing.T, policy string) string {
	const open = `{"Statement":[{"Effect":"Allow","Principal":{"Service":"secretsmanager.amazonaws.com"},"Action":"lambda:InvokeFunction"}]}`
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.ReplaceAll(r.URL.Path, arn, "")
		answer := ""
		switch _, what, _ := strings.Cut(name, "/functions/"); what {
		case "":
			answer = `{"Functions":[{"FunctionName":"f","FunctionArn":"` + arn + `f","Runtime":"python3.13","Timeout":5,"Environment":{"Variables":{"DB_PASSWORD":"FAKE-SENTINEL-ONE"}}}]}`
		case "f/configuration":
			answer = `{"FunctionName":"f","Runtime":"python3.13","Timeout":5,"State":"Active"}`
		case "f/policy":
			answer = `{"Policy":` + quote(open) + `}`
		case "f:live/configuration":
			answer = `{"FunctionName":"f","Runtime":"python3.8","Timeout":900,"State":"Active","Environment":{"Variables":{"DB_PASSWORD":"FAKE-SENTINEL-ONE","API_KEY":"FAKE-SENTINEL-TWO-0123456789"}}}`
		case "f:shut/configuration":
			w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
			w.WriteHeader(http.StatusForbidden)
			answer = `{"Message":"no"}`
		case "f:live/policy":
			if policy != "" {
				answer = `{"Policy":` + quote(policy) + `}`
			}
		}
		if answer == "" {
			w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
			w.WriteHeader(http.StatusNotFound)
			answer = `{"Message":"no such thing"}`
		}
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// TestQualified: what lets Secrets Manager invoke a function does not let it invoke
// an alias, nor the other way round, and an alias keeps the runtime of its version.
func TestQualified(t *testing.T) {
	const live = `{"Statement":[{"Effect":"Allow","Principal":{"Service":"secretsmanager.amazonaws.com"},"Action":"lambda:InvokeFunction","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:secretsmanager:us-east-1:111122223333:secret:live-*"}}}]}`
	for name, c := range map[string]struct {
		named   callers
		policy  string
		sources model.Value[[]string]
		runtime model.Value[string]
		missing model.Value[[]string]
		places  string // of credentials
	}{
		"the function":       {callers{"f"}, live, model.Known([]string{"*"}), model.Known("python3.13"), model.Known([]string{}), "DB_PASSWORD"},
		"its alias":          {callers{"f:live", "f:live"}, live, model.Known([]string{"arn:aws:secretsmanager:us-east-1:111122223333:secret:live-*"}), model.Known("python3.8"), model.Known([]string{}), "API_KEY (in live) DB_PASSWORD"},
		"alias without":      {callers{"f:live"}, "", model.Known([]string{}), model.Known("python3.8"), model.Known([]string{}), "API_KEY (in live) DB_PASSWORD"},
		"alias that is gone": {callers{"f:old"}, live, model.Known([]string{}), model.Value[string]{}, model.Known([]string{"old"}), "DB_PASSWORD"},
		"both":               {callers{"f", "f:live"}, live, model.Value[[]string]{}, model.Value[string]{}, model.Known([]string{}), "API_KEY (in live) DB_PASSWORD"},
		"one is gone":        {callers{"f:live", "f:old"}, live, model.Value[[]string]{}, model.Value[string]{}, model.Known([]string{"old"}), "API_KEY (in live) DB_PASSWORD"},
		"denied":             {callers{"f:shut"}, live, model.Known([]string{}), model.Value[string]{}, model.Value[[]string]{}, "DB_PASSWORD"},
		"latest":             {callers{"f:$LATEST"}, live, model.Value[[]string]{}, model.Value[string]{}, model.Known([]string{}), "DB_PASSWORD"},
	} {
		t.Run(name, func(t *testing.T) {
			w := serve(t, "us-east-1: {}")
			detector, err := newDetector()
			require.NoError(t, err)
			cfg := aws.Config{
				Region: testaccount.Virginia, BaseEndpoint: aws.String(aliased(t, c.policy)),
				Credentials: credentials.NewStaticCredentialsProvider("A1", "x", ""),
				Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
			}
			snap := w.Scan(collectors.CellID{}, []collectors.Collector{c.named}, []collectors.Collector{lambda.New(cfg, detector)})
			f := snap.Rows["f"].Body.(*model.Function)
			assert.Equal(t, c.sources.State(), f.InvokeSources.State(), f.InvokeSources.Why().Detail)
			assert.Equal(t, c.sources.Or(nil), f.InvokeSources.Or(nil))
			assert.Equal(t, c.runtime.State(), f.Runtime.State())
			assert.Equal(t, c.runtime.Or(""), f.Runtime.Or(""))
			assert.Equal(t, model.Known(true), f.RotationFunction)
			assert.Equal(t, c.missing.State(), f.MissingQualifiers.State())
			assert.Equal(t, c.missing.Or(nil), f.MissingQualifiers.Or(nil))
			var places []string
			for _, found := range f.EnvCredentials.Or(nil) {
				places = append(places, found.Place)
			}
			slices.Sort(places)
			assert.Equal(t, c.places, strings.Join(places, " "))
		})
	}
}
