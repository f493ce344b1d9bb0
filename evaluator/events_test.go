package evaluator

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

func eventJudge(t testing.TB) *Judge {
	t.Helper()
	j, err := New(t.Context(), Options{Params: eventParams(), Kinds: []model.Kind{model.KindEvent}}, rules.FS())
	require.NoError(t, err)
	return j
}

// TestEventRules: every rule fails something of the trail, and passes where
// nothing happened; the order of the events makes no difference.
func TestEventRules(t *testing.T) {
	j := eventJudge(t)
	list := recorded(t)
	report, results := evaluate(t, j, record(list))
	require.GreaterOrEqual(t, len(report.Rules), 25)
	require.Equal(t, len(list), report.Summary.Resources[model.KindEvent])
	for _, r := range report.Rules {
		c := report.Summary.ByRule[r.ID]
		assert.Positive(t, c.Fail, "nothing fails %s %s", r.ID, r.Title)
		assert.Positive(t, c.Pass, "nothing passes %s %s", r.ID, r.Title)
		assert.Zero(t, c.NotApplicable, r.ID)
	}
	for range 3 {
		mixed := slices.Clone(list)
		rand.Shuffle(len(mixed), func(a, b int) { mixed[a], mixed[b] = mixed[b], mixed[a] })
		_, again := evaluate(t, j, record(mixed))
		require.Equal(t, results, again)
	}
}

// find is the only failure of a rule on a resource.
func find(t *testing.T, results []*model.Result, rule model.RuleID, id string) *model.Result {
	t.Helper()
	var found []*model.Result
	for _, r := range results {
		if r.Rule == rule && r.Resource.ID == id {
			found = append(found, r)
		}
	}
	require.Len(t, found, 1, "%s on %s", rule, id)
	return found[0]
}

// TestEventGroups: the events of one rule and resource are one failure, with how
// often, when, and by whom; the resource has the ARN of the record, or that of the
// snapshot for a name.
func TestEventGroups(t *testing.T) {
	db := secret("db", nil)
	db.ID.ID = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
	_, results := evaluate(t, eventJudge(t), record(recorded(t), db))
	gone := find(t, results, "EVT-001", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:gone-AbCdEf")
	require.Equal(t, model.StatusFail, gone.Status)
	require.Equal(t, model.ResourceID{Kind: model.KindSecret, Account: "111122223333", Region: "eu-west-1", ID: gone.Resource.ID}, gone.Resource)
	require.Equal(t, "gone", gone.Name)
	require.Len(t, gone.Findings, 1)
	require.Equal(t, "deleted at once, without a recovery window, by arn:aws:iam::111122223333:role/admin, arn:aws:iam::111122223333:role/deploy", gone.Findings[0].Message)
	require.Equal(t, 2, gone.Findings[0].Seen.Count)
	require.Equal(t, "2026-01-02", gone.Findings[0].Seen.First.Format("2006-01-02"))
	require.Equal(t, "2026-01-03", gone.Findings[0].Seen.Last.Format("2006-01-02"))

	require.Equal(t, model.StatusFail, find(t, results, "EVT-005", db.ID.ID).Status, "the record says just db")
	for _, rule := range []model.RuleID{"EVT-040", "EVT-041"} {
		shared := find(t, results, rule, "arn:aws:ssm:eu-west-1:111122223333:parameter/app/token")
		require.Equal(t, model.StatusFail, shared.Status)
		require.Equal(t, model.KindParameter, shared.Resource.Kind)
		for _, r := range results {
			require.False(t, r.Rule == rule && strings.Contains(r.Resource.ID, "document/"), "the call is for documents, too, which are no business of the rule")
		}
	}
	require.Equal(t, model.KindKey, find(t, results, "EVT-021", "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555").Resource.Kind)
	require.Equal(t, model.KindParameter, find(t, results, "EVT-027", "arn:aws:ssm:eu-west-1:111122223333:parameter/app/db_password").Resource.Kind)
	require.Equal(t, model.KindTrail, find(t, results, "EVT-029", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit").Resource.Kind)
	require.Equal(t, model.KindDatabase, find(t, results, "EVT-038", "arn:aws:rds:eu-west-1:111122223333:db:shop").Resource.Kind)
	require.Equal(t, model.KindFunction, find(t, results, "EVT-035", "arn:aws:lambda:eu-west-1:111122223333:function:db-rotation").Resource.Kind)
	rotation := find(t, results, "EVT-006", db.ID.ID)
	require.Equal(t, "a rotation failed: Error when executing lambda during setSecret step", rotation.Findings[0].Message, "the service did nothing")
	thief := find(t, results, "EVT-017", "arn:aws:iam::111122223333:role/thief")
	require.Equal(t, model.KindPrincipal, thief.Resource.Kind)
	require.Equal(t, "reads many secrets: 20 or more different targets within 10 minutes", thief.Findings[0].Message)
	require.Equal(t, 25, thief.Findings[0].Seen.Count)
}

// TestEventScopes: where nothing fails, a rule passes a place only if its record
// is whole and nothing there is in doubt.
func TestEventScopes(t *testing.T) {
	j := eventJudge(t)
	gap := &model.Unknown{Reason: model.ReasonNotInSource, Detail: "a day is missing"}
	status := func(snap *model.Snapshot, rule model.RuleID, region string) *model.Result {
		_, results := evaluate(t, j, snap)
		for _, r := range results {
			if r.Rule == rule && r.Resource.Region == region && r.Resource.ID == "events" {
				return r
			}
		}
		return nil
	}
	quiet := record(nil)
	require.Equal(t, model.StatusPass, status(quiet, "EVT-001", "eu-west-1").Status)
	require.Equal(t, "events 2026-01-01 00:00 to 2026-06-01 00:00", status(quiet, "EVT-001", "eu-west-1").Name)

	missing := record(nil)
	missing.Header.Events.Scopes[0].Gap = gap
	require.Equal(t, map[string]model.Unknown{"events": *gap}, status(missing, "EVT-001", "eu-north-1").Unknown)
	require.Equal(t, model.StatusPass, status(missing, "EVT-001", "eu-west-1").Status)
	require.Equal(t, model.StatusUnknown, status(missing, "EVT-017", "eu-west-1").Status, "what is missing elsewhere may be of the same series")

	anywhere := record(nil)
	anywhere.Header.Events.Scopes = append(anywhere.Header.Events.Scopes, model.EventScope{Gap: gap})
	require.Equal(t, model.StatusUnknown, status(anywhere, "EVT-001", "eu-west-1").Status, "a gap without a place is of any")

	refused := record(nil)
	refused.Header.Events.Records.Refused = 3
	require.Equal(t, model.StatusUnknown, status(refused, "EVT-001", "eu-west-1").Status)

	forged := record(nil)
	forged.Header.Events.Chain.Verdict = model.VerdictFail
	require.Equal(t, model.StatusUnknown, status(forged, "EVT-001", "eu-west-1").Status)

	unlisted := record(nil)
	unlisted.Header.Events.Scopes = nil
	require.Equal(t, model.StatusUnknown, status(unlisted, "EVT-001", "").Status)

	all := recorded(t)
	require.Nil(t, status(record(all), "EVT-001", "eu-west-1"), "what fails says more than a pass could")
	hidden := recorded(t)
	for _, e := range hidden {
		e.Request.ForceDelete = model.Missing[bool](*gap)
	}
	doubt := status(record(hidden), "EVT-001", "eu-west-1")
	require.Equal(t, model.StatusUnknown, doubt.Status)
	require.Contains(t, doubt.Unknown["resource.request_force_delete"].Detail, "a day is missing (3 events, from 2026-01-02 09:00 to 2026-01-03 09:00)")
	require.Equal(t, model.StatusPass, status(record(hidden), "EVT-001", "us-east-1").Status)
}

// TestEventPanels: without events nothing is said of them; with what follows from
// them only, the rules on events are left out.
func TestEventPanels(t *testing.T) {
	j := eventJudge(t)
	for _, change := range []func(*model.Snapshot){
		func(s *model.Snapshot) { s.Events = nil },
		func(s *model.Snapshot) { s.Events, s.Header.Events = nil, nil },
	} {
		snap := record(recorded(t))
		change(snap)
		report, results := evaluate(t, j, snap)
		require.Empty(t, results)
		require.Empty(t, report.Rules)
		require.Len(t, report.NeedEvents, len(j.Rules()))
	}
}

// TestEventUnknownMutation: a rule that failed something passes nothing there when
// an attribute that it reads is unknown.
func TestEventUnknownMutation(t *testing.T) {
	if testing.Short() {
		t.Skip("makes each attribute unknown in turn; left out by -short")
	}
	j := eventJudge(t)
	fields := map[string]model.Field{}
	for _, f := range model.Fields(model.KindEvent) {
		fields["resource."+f.Name] = f
	}
	for _, r := range j.Rules() {
		just := justRules(j, []model.RuleID{r.ID}) // of the judge, which is used no more
		for _, read := range r.Reads {
			require.Contains(t, fields, read)
			just.limits.hide = func(v *model.EventView) { forget(t, fields[read].Of(v)) }
			report, results := evaluate(t, just, record(recorded(t)))
			c := report.Summary.ByRule[r.ID]
			require.Positive(t, c.Fail+c.Unknown, "%s reads %s and passes everything without it", r.ID, read)
			for _, res := range results {
				if res.Status == model.StatusPass {
					require.NotEqual(t, "eu-west-1", res.Resource.Region, "%s passes although %s is unknown", r.ID, read)
				}
			}
		}
	}
}

// forget makes an attribute unknown.
func forget(t *testing.T, a model.Attribute) {
	switch a := a.(type) {
	case *model.Value[string]:
		*a = model.Missing[string](denied)
	case *model.Value[bool]:
		*a = model.Missing[bool](denied)
	case *model.Value[int]:
		*a = model.Missing[int](denied)
	case *model.Value[[]string]:
		*a = model.Missing[[]string](denied)
	case *model.Value[[]model.Outsider]:
		*a = model.Missing[[]model.Outsider](denied)
	case *model.Value[model.Outcome]:
		*a = model.Missing[model.Outcome](denied)
	default:
		t.Errorf("no event has a %T", a)
	}
}

// TestEventsSeen: what rules of a kind were silent about, because they selected
// another event or read another member of it.
func TestEventsSeen(t *testing.T) {
	j := eventJudge(t)
	const anyone = `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"kms:*\",\"Resource\":\"*\"}]}`
	const other = `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"999999999999\"},\"Action\":\"kms:Decrypt\",\"Resource\":\"*\"}]}`
	for _, c := range []struct {
		rule                  model.RuleID
		source, name, request string
		fails                 bool
	}{
		{"EVT-023", "kms", "CreateKey", `{"policy":"` + anyone + `"}`, true},
		{"EVT-023", "kms", "ReplicateKey", `{"keyId":"mrk-1","replicaRegion":"us-east-1","policy":"` + anyone + `"}`, true},
		{"EVT-023", "kms", "CreateKey", `{"description":"its policy is the default one"}`, false},
		{"EVT-024", "kms", "CreateKey", `{"policy":"` + other + `"}`, true},
		{"EVT-024", "kms", "ReplicateKey", `{"keyId":"mrk-1","replicaRegion":"us-east-1","policy":"` + other + `"}`, true},
		{"EVT-030", "cloudtrail", "UpdateTrail", `{"name":"audit","isMultiRegionTrail":false}`, true},
		{"EVT-030", "cloudtrail", "UpdateTrail", `{"name":"audit","isMultiRegionTrail":true}`, false},
		{"EVT-030", "cloudtrail", "UpdateTrail", `{"name":"audit","s3BucketName":"b"}`, false},
		{"EVT-030", "cloudtrail", "UpdateEventDataStore", `{"eventDataStore":"e","multiRegionEnabled":false}`, true},
		{"EVT-033", "s3", "PutBucketPublicAccessBlock", `{"bucketName":"aws-cloudtrail-logs-1"}`, true},
		{"EVT-033", "s3", "PutBucketEncryption", `{"bucketName":"aws-cloudtrail-logs-1"}`, true},
		{"EVT-033", "s3", "PutBucketEncryption", `{"bucketName":"pictures"}`, false},
	} {
		e, err := events.Decode([]byte(`{"eventTime":"2026-01-02T03:04:05Z","eventSource":"` + c.source + `.amazonaws.com","eventName":"` + c.name +
			`","eventID":"e","eventType":"AwsApiCall","recipientAccountId":"111122223333","awsRegion":"eu-west-1","sourceIPAddress":"10.0.0.1",` +
			`"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ada","accountId":"111122223333"},"requestParameters":` + c.request + `}`))
		require.NoError(t, err)
		_, results := evaluate(t, j, record([]*model.Event{e}))
		failed := slices.ContainsFunc(results, func(r *model.Result) bool { return r.Rule == c.rule && r.Status == model.StatusFail })
		require.Equal(t, c.fails, failed, "%s of %s %s", c.rule, c.name, c.request)
	}
}

// TestMembers: an account of one's own organization is inside without being
// scanned, where its members could be listed.
func TestMembers(t *testing.T) {
	j := eventJudge(t)
	e, err := events.Decode([]byte(`{"eventTime":"2026-01-02T03:04:05Z","eventSource":"secretsmanager.amazonaws.com","eventName":"PutResourcePolicy",` +
		`"eventID":"e","eventType":"AwsApiCall","recipientAccountId":"111122223333","awsRegion":"eu-west-1","sourceIPAddress":"10.0.0.1",` +
		`"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ada","accountId":"111122223333"},"requestParameters":{"secretId":"db","resourcePolicy":` +
		`"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"222222222222\"},\"Action\":\"secretsmanager:GetSecretValue\",\"Resource\":\"*\"}}"}}`))
	require.NoError(t, err)
	for member, fails := range map[string]bool{"222222222222": false, "333333333333": true} {
		snap := record([]*model.Event{e})
		snap.Header.Members = []string{"111122223333", member}
		_, results := evaluate(t, j, snap)
		failed := slices.ContainsFunc(results, func(r *model.Result) bool { return r.Rule == "EVT-004" && r.Status == model.StatusFail })
		require.Equal(t, fails, failed, member)
	}
}

// TestOwnOrganization: a policy that lets one's own organization in is no opening
// to the outside; which one that is, the accounts of the scan say.
func TestOwnOrganization(t *testing.T) {
	j := eventJudge(t)
	e, err := events.Decode([]byte(`{"eventTime":"2026-01-02T03:04:05Z","eventSource":"secretsmanager.amazonaws.com","eventName":"PutResourcePolicy",` +
		`"eventID":"e","eventType":"AwsApiCall","recipientAccountId":"111122223333","awsRegion":"eu-west-1","sourceIPAddress":"10.0.0.1",` +
		`"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ada","accountId":"111122223333"},"requestParameters":{"secretId":"db","resourcePolicy":` +
		`"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"secretsmanager:GetSecretValue\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-a1b2c3d4e5\"}}}}"}}`))
	require.NoError(t, err)
	require.Equal(t, model.Known([]string{"o-a1b2c3d4e5"}), e.Request.PolicyAccounts)
	for name, c := range map[string]struct {
		organization *model.Value[string]
		want         model.Status
	}{
		"one's own": {new(model.Known("o-a1b2c3d4e5")), model.StatusPass}, "another": {new(model.Known("o-zzzzzzzzzz")), model.StatusFail},
		"in none": {new(model.None[string]()), model.StatusFail}, "not read": {new(model.Missing[string](denied)), model.StatusUnknown}, "no account": {nil, model.StatusUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			var accounts []*model.Resource
			if c.organization != nil {
				accounts = append(accounts, &model.Resource{
					ID:   model.ResourceID{Kind: model.KindAccount, Account: "111122223333", Region: "eu-west-1", ID: "111122223333"},
					Body: &model.Account{OrganizationID: *c.organization},
				})
			}
			_, results := evaluate(t, j, record([]*model.Event{e}, accounts...))
			worst := model.StatusPass
			for _, r := range results {
				if r.Rule == "EVT-004" && r.Resource.Region == "eu-west-1" && r.Status != model.StatusPass {
					worst = r.Status
				}
			}
			require.Equal(t, c.want, worst)
		})
	}
}

// TestTrailBucketUnknown: where nobody could say to which bucket a trail delivers, it
// may be any, and its change is no pass.
func TestTrailBucketUnknown(t *testing.T) {
	for want, bucket := range map[model.State]model.Value[string]{
		model.StateUnknown: model.Missing[string](denied), model.StateKnown: model.Known("logs"),
	} {
		trail := &model.Resource{
			ID:   model.ResourceID{Kind: model.KindTrail, Account: "111122223333", Region: "eu-west-1", ID: "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"},
			Body: &model.Trail{Bucket: bucket},
		}
		around, err := contextOf(record(nil, trail), &index{})
		require.NoError(t, err)
		require.Equal(t, want, around.TrailBucket("pictures").State())
	}
}
