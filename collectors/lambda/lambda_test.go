package lambda_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/lambda"
	"github.com/keyproof/keyproof/collectors/testaccount"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
)

const functions = `us-east-1:
  functions:
    - name: app
      environment: {DB_PASSWORD: FAKE-SENTINEL, STAGE: prod, CONFIG: '{"password":"FAKE-SENTINEL"}'}
      subnets: [subnet-0a1b2c3d4e5f60718]
      timeout: 12
    - name: clean
      environment: {DB_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-abcdef", KEY_PREFIX: a}
    - name: bare
    - {name: rotator, invokers: [{sid: s, service: secretsmanager.amazonaws.com, source_account: "111122223333"}]}
    - name: narrow
      invokers:
        - {sid: s, service: secretsmanager.amazonaws.com, source_arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/*"}
    - {name: uninvited, state: Failed, state_reason: "The image does not exist", last_update: Failed}
    - {name: wrong-service, invokers: [{sid: s, service: events.amazonaws.com}]}
`

const arn = "arn:aws:lambda:us-east-1:111122223333:function:"

// secrets stands for the collector of secrets: it refers to functions, or could
// not list what does.
type secrets struct {
	rotators []string
	gap      *model.Unknown
}

func (secrets) Name() string          { return "secretsmanager" }
func (secrets) Permissions() []string { return nil }
func (s secrets) Collect(_ context.Context, cell *collectors.Cell) error {
	if s.gap != nil {
		cell.Gap(model.KindSecret, *s.gap)
	}
	for _, f := range s.rotators {
		r := &model.Resource{ID: cell.ID(model.KindSecret, "secret-of-"+f), Body: &model.Secret{}}
		r.Ref("rotation_function", model.Known(cell.ID(model.KindFunction, arn+f)))
		if err := cell.Emit(r); err != nil {
			return err
		}
	}
	return nil
}

func rotators() secrets {
	return secrets{rotators: []string{"rotator", "narrow", "uninvited", "wrong-service", "deleted"}}
}

// newDetector makes one detector for all tests: it is the slowest part of them.
var newDetector = sync.OnceValues(detect.New)

func (w *world) collector() collectors.Collector {
	detector, err := newDetector()
	require.NoError(w.T, err)
	return lambda.New(w.Config(testaccount.Here, testaccount.Virginia), detector)
}

func (w *world) functions(s secrets) (testaccount.Snapshot, map[string]*model.Function) {
	snap := w.Scan(collectors.CellID{}, []collectors.Collector{s}, []collectors.Collector{w.collector()})
	list := map[string]*model.Function{}
	for name, r := range snap.Rows {
		if f, ok := r.Body.(*model.Function); ok {
			list[name] = f
		}
	}
	return snap, list
}

func TestFunctions(t *testing.T) {
	w := serve(t, functions)
	s, f := w.functions(rotators())
	require.Len(t, f, 7)
	require.Nil(t, s.Gap(model.KindFunction))

	app := f["app"]
	assert.Equal(t, arn+"app", s.Rows["app"].ID.ID)
	assert.Equal(t, model.Known("app"), app.Name)
	assert.Equal(t, model.Known("python3.13"), app.Runtime)
	assert.Equal(t, model.Known(12), app.TimeoutSeconds)
	assert.Equal(t, model.Known("arn:aws:iam::111122223333:role/app-role"), app.Role)
	assert.Equal(t, model.Known(true), app.VPC)
	assert.Equal(t, model.Known(false), f["bare"].VPC)
	assert.Equal(t, model.Known([]model.Credential{
		{Rule: "named-password", Title: "literal password", Place: "CONFIG.password"},
		{Rule: "named-password", Title: "literal password", Place: "DB_PASSWORD"},
	}), app.EnvCredentials)
	assert.Equal(t, model.Known([]model.Credential{}), f["clean"].EnvCredentials)
	assert.Equal(t, model.Known([]model.Credential{}), f["bare"].EnvCredentials)

	for _, r := range s.Rows {
		raw, err := json.Marshal(r)
		require.NoError(t, err)
		assert.NotContains(t, string(raw), "SENTINEL")
	}
}

func TestRotationFunctions(t *testing.T) {
	w := serve(t, functions)
	_, f := w.functions(rotators())
	for name, want := range map[string][]string{
		"rotator":       {"*"},
		"narrow":        {"arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/*"},
		"uninvited":     {}, // no policy at all
		"wrong-service": {},
	} {
		assert.Equal(t, model.Known(true), f[name].RotationFunction, name)
		assert.Equal(t, model.Known(want), f[name].InvokeSources, name)
	}
	assert.Equal(t, model.Known("Active"), f["rotator"].State)
	assert.Equal(t, model.Known("Successful"), f["rotator"].LastUpdateStatus)
	assert.Equal(t, model.StateAbsent, f["rotator"].StateReason.State())
	assert.Equal(t, model.Known("Failed"), f["uninvited"].State)
	assert.Equal(t, model.Known("The image does not exist"), f["uninvited"].StateReason)
	assert.Equal(t, model.Known("Failed"), f["uninvited"].LastUpdateStatus)
	assert.NotContains(t, f, "deleted")

	app := f["app"]
	assert.Equal(t, model.Known(false), app.RotationFunction)
	for _, a := range []model.Attribute{app.State, app.StateReason, app.LastUpdateStatus, app.InvokeSources} {
		assert.Equal(t, model.StateAbsent, a.State(), "not asked of an ordinary function")
	}
	assert.Equal(t, map[string]int{"lambda:ListFunctions": 1, "lambda:GetFunctionConfiguration": 4, "lambda:GetPolicy": 4}, w.Calls())
}

// TestSecretsUnknown shows that no function is called an ordinary one while
// some secrets could not be listed.
func TestSecretsUnknown(t *testing.T) {
	w := serve(t, functions)
	why := testaccount.Denied("secretsmanager:ListSecrets")
	s := secrets{rotators: []string{"rotator"}, gap: &why}
	_, f := w.functions(s)
	assert.Equal(t, model.Known(true), f["rotator"].RotationFunction)
	app := f["app"]
	for _, a := range []model.Attribute{app.RotationFunction, app.State, app.StateReason, app.LastUpdateStatus, app.InvokeSources} {
		assert.Equal(t, model.StateUnknown, a.State())
		assert.Equal(t, why, a.Why())
	}
	assert.Equal(t, model.StateKnown, app.EnvCredentials.State())
}

func TestListDenied(t *testing.T) {
	w := serve(t, functions)
	w.Deny("lambda", "ListFunctions")
	s, f := w.functions(rotators())
	assert.Empty(t, f)
	require.NotNil(t, s.Gap(model.KindFunction))
	assert.Equal(t, testaccount.Denied("lambda:ListFunctions"), *s.Gap(model.KindFunction))
}

func TestConfigurationDenied(t *testing.T) {
	w := serve(t, functions)
	w.Deny("lambda", "GetFunctionConfiguration")
	_, f := w.functions(rotators())
	require.Len(t, f, 7)
	for _, a := range []model.Attribute{f["rotator"].State, f["rotator"].StateReason, f["rotator"].LastUpdateStatus} {
		assert.Equal(t, testaccount.Denied("lambda:GetFunctionConfiguration"), a.Why())
	}
	assert.Equal(t, model.Known([]string{"*"}), f["rotator"].InvokeSources)
}

func TestPolicyDenied(t *testing.T) {
	w := serve(t, functions)
	w.Deny("lambda", "GetPolicy")
	_, f := w.functions(rotators())
	require.Len(t, f, 7)
	assert.Equal(t, testaccount.Denied("lambda:GetPolicy"), f["uninvited"].InvokeSources.Why(), "refused is not none")
	assert.Equal(t, model.Known("Active"), f["rotator"].State)
}

func TestBroken(t *testing.T) {
	for _, kind := range []fake.FaultKind{fake.BreakServer, fake.BreakConnection, fake.BreakBody, fake.Throttle} {
		w := serve(t, functions)
		w.SetFaults(fake.Fault{Service: "lambda", Operation: "GetPolicy", Kind: kind}, fake.Fault{Service: "lambda", Operation: "GetFunctionConfiguration", Kind: kind})
		_, f := w.functions(rotators())
		require.Len(t, f, 7)
		assert.Equal(t, model.ReasonFailed, f["rotator"].State.Why().Reason)
		assert.Equal(t, model.ReasonFailed, f["rotator"].InvokeSources.Why().Reason)
		w.SetFaults(fake.Fault{Service: "lambda", Operation: "ListFunctions", Kind: kind})
		s, _ := w.functions(rotators())
		require.NotNil(t, s.Gap(model.KindFunction))
		assert.Equal(t, model.ReasonFailed, s.Gap(model.KindFunction).Reason)
	}
}

func TestPages(t *testing.T) {
	var b strings.Builder
	b.WriteString("us-east-1:\n  functions:\n")
	for i := range 101 {
		fmt.Fprintf(&b, "    - {name: f%03d}\n", i)
	}
	w := serve(t, b.String())
	_, f := w.functions(secrets{rotators: []string{"f100"}})
	assert.Len(t, f, 101)
	assert.Equal(t, map[string]int{"lambda:ListFunctions": 3, "lambda:GetFunctionConfiguration": 1, "lambda:GetPolicy": 1}, w.Calls())
}

func TestPermissions(t *testing.T) {
	w := serve(t, functions)
	w.functions(rotators())
	var called []string
	for action := range w.Calls() {
		called = append(called, action)
	}
	assert.ElementsMatch(t, w.collector().Permissions(), called)
	assert.Equal(t, "lambda", w.collector().Name())
}
