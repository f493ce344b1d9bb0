package remediator

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/testaccount"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

const motoAccount = "123456789012"

// TestOnMoto plans, makes, reads back and undoes the repairs on a moto server,
// which nobody here wrote. It has no ValidateResourcePolicy, StopReplicationToReplica,
// dates of use, and rotation that calls a function, so that those repairs are not
// here.
func TestOnMoto(t *testing.T) {
	url := needs.Moto(t)
	config := func(_, region string) aws.Config {
		return aws.Config{
			Region: region, BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("A1", "x", ""),
			Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		}
	}
	cfg := config("", "us-east-1")
	fill(t, cfg)
	judge, err := theJudge()
	require.NoError(t, err)
	b := &bench{t: t, judge: judge, log: &strings.Builder{}, journal: &fileJournal{path: filepath.Join(t.TempDir(), "journal")}, trusting: true}
	look := func() *model.Snapshot {
		return scan(t, motoAccount, []string{"us-east-1"}, func(region string) aws.Config { return config("", region) })
	}
	// A parameter has a version more, and the dates are those of now.
	leaves := []string{"version", "last_modified_at", "deletion_at", "deletion_in_days", "last_delivered_at", "last_delivered_days_ago"}
	before := attributes(t, look(), leaves...)

	e := &Engine{
		Actions: Actions(), Access: access{config}, Journal: b.journal, Judge: b.judgeAgain, By: "tester", MaxFailures: 100,
		Now: testaccount.Now, Sleep: quick, Say: func(text string) { fmt.Fprintln(b.log, text) }, PerMinute: 1e6,
	}
	snap := look()
	m := &Maker{Actions: Actions(), Tool: "test", Env: e.env(""), Choices: []Choice{
		{Action: "use-customer-key", Set: Settings{"key": "alias/mine"}}, {Action: "convert-to-secure-string", Set: Settings{"key": "alias/mine"}},
		{Action: "add-tags", Set: Settings{"tags": "owner=me,env=prod,data-classification=pci"}},
	}}
	p, err := m.Plan(t.Context(), snap, b.report(t, snap))
	require.NoError(t, err)
	planned := map[string]bool{}
	irreversible := 0
	for _, c := range p.Changes {
		planned[c.Action] = true
		if c.Undo == model.UndoNone {
			irreversible++
		}
	}
	for _, name := range []string{
		"use-customer-key", "add-tags", "convert-to-secure-string", "enable-key-rotation", "cancel-key-deletion", "start-trail-logging",
		"validate-trail", "extend-trail", "record-key-events", "manage-master-password",
	} {
		require.True(t, planned[name], "%s was not planned: %+v", name, p.Skipped)
	}

	out, err := e.Apply(t.Context(), run, p)
	require.NoError(t, err)
	for _, r := range out.Run.Records {
		require.Equal(t, model.StepVerified, r.State, "%s of %s: %s", r.Change.Action, r.Change.Name, r.Detail)
		now, err := Find(Actions(), r.Change.Action).Read(t.Context(), e.env(run), r.Change)
		require.NoError(t, err)
		require.True(t, now.is(r.Change.After), "%s: %s", r.Change.Action, written(now))
	}
	e.MaxFailures = 100
	out, err = e.Undo(t.Context(), run)
	require.NoError(t, err)
	require.Equal(t, irreversible, out.Refused, b.log.String())
	was, is := difference(before, attributes(t, look(), leaves...))
	left := func(lines []string) (list []string) {
		for _, line := range lines {
			// What manage-master-password declares: it cannot be undone. And the default
			// key exists once it was needed.
			if !strings.Contains(line, " database db ") && !strings.Contains(line, "rds!db-") && !strings.Contains(line, " account ") &&
				!strings.Contains(line, " key alias/aws/secretsmanager ") {
				list = append(list, line)
			}
		}
		return list
	}
	require.Empty(t, left(was), "is now %q", left(is))
	require.Empty(t, left(is))
	require.NotContains(t, b.everything(t), "SENTINEL")
}

// fill makes what the repairs mend.
func fill(t *testing.T, cfg aws.Config) {
	t.Helper()
	ctx := context.Background()
	ok := func(err error) { t.Helper(); require.NoError(t, err) }
	k := kms.NewFromConfig(cfg)
	key := func(alias string) *string {
		out, err := k.CreateKey(ctx, &kms.CreateKeyInput{KeyUsage: "ENCRYPT_DECRYPT", MultiRegion: aws.Bool(false)})
		ok(err)
		_, err = k.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: &alias, TargetKeyId: out.KeyMetadata.KeyId})
		ok(err)
		return out.KeyMetadata.KeyId
	}
	key("alias/mine")
	_, err := k.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: key("alias/doomed")})
	ok(err)

	secrets := sm.NewFromConfig(cfg)
	_, err = secrets.CreateSecret(ctx, &sm.CreateSecretInput{Name: aws.String("app"), SecretString: aws.String("SENTINEL-app")})
	ok(err)

	parameters := ssm.NewFromConfig(cfg)
	for name, kind := range map[string]ssmtypes.ParameterType{"/clear": "String", "/secure": "SecureString"} {
		_, err = parameters.PutParameter(ctx, &ssm.PutParameterInput{Name: &name, Type: kind, Value: aws.String("xox" + "b-263594206564-2343594206574-SENTINELfQc8aZr2LmTyXw1k")})
		ok(err)
	}

	_, err = s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }).CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("logs")})
	ok(err)
	trails := cloudtrail.NewFromConfig(cfg)
	_, err = trails.CreateTrail(ctx, &cloudtrail.CreateTrailInput{Name: aws.String("main"), S3BucketName: aws.String("logs")})
	ok(err)
	_, err = trails.PutEventSelectors(ctx, &cloudtrail.PutEventSelectorsInput{TrailName: aws.String("main"), EventSelectors: []trailtypes.EventSelector{{
		ReadWriteType: "All", IncludeManagementEvents: aws.Bool(true), ExcludeManagementEventSources: []string{"kms.amazonaws.com"},
	}}})
	ok(err)
	_, err = rds.NewFromConfig(cfg).CreateDBInstance(ctx, &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: aws.String("db"), Engine: aws.String("postgres"), DBInstanceClass: aws.String("db.t3.small"),
		MasterUsername: aws.String("root"), MasterUserPassword: aws.String("SENTINEL-master"), AllocatedStorage: aws.Int32(20),
	})
	ok(err)
}
