package remediator

import (
	"archive/zip"
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

// TestMoto makes the repairs and takes them back on moto, which nobody here wrote.
// moto does not run functions without Docker, so that a rotation there is one that
// the function never ends: it must not be called done.
func TestMoto(t *testing.T) {
	url := needs.Moto(t)
	config := func(_, region string) aws.Config {
		return aws.Config{Region: region, BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("A", "x", "")}
	}
	// moto runs functions in Docker unless it is told not to run them at all.
	resp, err := http.Post(url+"/moto-api/config", "application/json", strings.NewReader(`{"lambda": {"use_docker": false}}`))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	function := motoFunction(t, config("", "us-east-1"))
	client := sm.NewFromConfig(config("", "us-east-1"))
	made, err := client.CreateSecret(t.Context(), &sm.CreateSecretInput{Name: aws.String("app"), SecretString: aws.String("SENTINEL")})
	require.NoError(t, err)

	body := &model.Secret{
		Name: model.Known("app"), IsReplica: model.Known(false), DeletionScheduled: model.Known(false), RotationEnabled: model.Known(false),
		DefaultKey: model.Known(true), Replicas: model.Known([]model.Replica{}), ReplicaStates: model.Known([]model.ReplicaState{}),
		OwningService: model.None[string](), ExternalType: model.None[string](),
	}
	id := model.ResourceID{Kind: model.KindSecret, Account: "123456789012", Region: "us-east-1", ID: *made.ARN}
	for _, c := range []struct {
		action Action
		rule   model.RuleID
		set    Settings
		want   model.StepState
		detail string
	}{
		{Replication{}, "SM-011", Settings{"regions": "eu-west-1,eu-central-1"}, model.StepDone, ""},
		{Rotation{}, "SM-001", Settings{"function": function, "now": "true", "days": "30", "wait": "1"}, model.StepFailed, "is left AWSPENDING"},
	} {
		t.Run(c.action.Name(), func(t *testing.T) {
			e := &Engine{
				Actions: []Action{c.action}, Access: access{config}, Journal: &fileJournal{path: filepath.Join(t.TempDir(), "journal")},
				By: "tester", Now: time.Now, Sleep: quick,
			}
			target := &Target{
				Resource: &model.Resource{ID: id, Name: "app", Body: body}, Settings: c.set, Related: newIndex(model.Header{}),
				Failures: []Failure{{Rule: model.Rule{ID: c.rule}}},
			}
			change, skip, err := Make(t.Context(), e.env(""), c.action, target)
			require.NoError(t, err)
			require.Nil(t, skip)
			out, err := e.Apply(t.Context(), run, &Plan{Changes: []*model.Change{change}})
			require.NoError(t, err)
			require.Equal(t, c.want, out.Run.Records[0].State, out.Run.Records[0].Detail)
			require.Contains(t, out.Run.Records[0].Detail, c.detail)
			state, err := c.action.Read(t.Context(), e.env(run), change)
			require.NoError(t, err)
			require.True(t, state.is(change.After), "%v", state)

			out, err = e.Undo(t.Context(), run)
			require.NoError(t, err)
			require.Equal(t, model.StepUndone, out.Run.Records[0].State)
			state, err = c.action.Read(t.Context(), e.env(run), change)
			require.NoError(t, err)
			require.True(t, state.is(change.Before), "%v", state)
		})
	}
}

// motoFunction is a function that Secrets Manager may invoke.
func motoFunction(t *testing.T, cfg aws.Config) string {
	role, err := iam.NewFromConfig(cfg).CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String("rotate"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[]}`),
	})
	require.NoError(t, err)
	var code bytes.Buffer
	z := zip.NewWriter(&code)
	_, err = z.Create("f.py")
	require.NoError(t, err)
	require.NoError(t, z.Close())
	client := lambda.NewFromConfig(cfg)
	f, err := client.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String("rotate"), Role: role.Role.Arn, Runtime: lambdatypes.RuntimePython312, Handler: aws.String("f.f"),
		Code: &lambdatypes.FunctionCode{ZipFile: code.Bytes()},
	})
	require.NoError(t, err)
	_, err = client.AddPermission(t.Context(), &lambda.AddPermissionInput{
		FunctionName: aws.String("rotate"), StatementId: aws.String("s"), Action: aws.String("lambda:InvokeFunction"),
		Principal: aws.String("secretsmanager.amazonaws.com"),
	})
	require.NoError(t, err)
	return *f.FunctionArn
}
