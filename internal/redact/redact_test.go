package redact

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

func newRedactor() *Redactor {
	return New([]byte("0123456789abcdef0123456789abcdef"), []byte("the secret is encrypted with a database key"))
}

// TestNames checks what stays and what has the same pseudonym as what.
func TestNames(t *testing.T) {
	r := newRedactor()
	app, db := r.Name("payments"), r.Name("ledger-db")
	own := r.Account("111122223333")
	require.Regexp(t, `^n[0-9a-v]{10}$`, app)
	require.Regexp(t, `^\d{12}$`, own)
	require.NotEqual(t, "111122223333", own)
	for in, want := range map[string]string{
		"payments/ledger-db": app + "/" + db,
		"arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/ledger-db-AbCdEf": "arn:aws:secretsmanager:eu-west-1:" + own + ":secret:" + app + "/" + db + "-AbCdEf",
		"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab":    "arn:aws:kms:eu-west-1:" + own + ":key/1234abcd-12ab-34cd-56ef-1234567890ab",
		"arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab":    "arn:aws:kms:eu-west-1:" + own + ":key/mrk-1234abcd12ab34cd56ef1234567890ab",
		"arn:aws:iam::111122223333:root":                                                 "arn:aws:iam::" + own + ":root",
		"arn:aws:iam::111122223333:role/payments":                                        "arn:aws:iam::" + own + ":role/" + app,
		"arn:aws:sts::111122223333:assumed-role/payments/ledger-db":                      "arn:aws:sts::" + own + ":assumed-role/" + app + "/" + db,
		"arn:aws:iam::aws:policy/SecretsManagerReadWrite":                                "arn:aws:iam::aws:policy/SecretsManagerReadWrite",
		"arn:aws:secretsmanager:*:*:secret:payments*":                                    "arn:aws:secretsmanager:*:*:secret:" + app + "*",
		"alias/payments":           "alias/" + app,
		"alias/aws/secretsmanager": "alias/aws/" + r.Name("secretsmanager"),
		"*":                        "*", "": "", "rds.amazonaws.com": "rds.amazonaws.com",
	} {
		require.Equal(t, want, r.Name(in), in)
	}
	require.Equal(t, app, r.Name(app), "a pseudonym is no original")
	require.Equal(t, app, newRedactor().Name("payments"), "the same key gives the same pseudonym")
	require.NotEqual(t, app, New([]byte("another")).Name("payments"))
	require.Equal(t, "payments", r.Names()[app])
}

func TestText(t *testing.T) {
	r := newRedactor()
	app, own := r.Name("payments"), r.Account("111122223333")
	r.Name("database")
	org := r.Text("o-a1b2c3d4e5")
	require.Regexp(t, `^o-[0-9a-v]{10}$`, org)
	require.Equal(t,
		"the key of payments2 and of "+app+", in "+own+" ("+org+"), is a database key: arn:aws:kms:eu-west-1:"+own+":alias/"+app+".",
		r.Text("the key of payments2 and of payments, in 111122223333 (o-a1b2c3d4e5), is a database key: arn:aws:kms:eu-west-1:111122223333:alias/payments."))
	require.Equal(t, "ask "+r.Value("jane@acme.example")+".", r.Text("ask jane@acme.example."))
	require.Equal(t, []string{"payments"}, r.Left([]byte("who runs payments? a database, not "+app)))
	require.Empty(t, r.Left([]byte("1111222233334 and payments2")))
}

// TestTextOfPeople: in prose a name stands beside signs that names have too, in
// other case, escaped, and in a word with others.
func TestTextOfPeople(t *testing.T) {
	r := newRedactor()
	app, db, jane, team := r.Name("payments"), r.Name("ledger-db"), r.Value("Jane Doe"), r.Value("Zürich-Überweisung")
	r.Name("database")
	for text, want := range map[string]string{
		"we run payments.":                                         "we run " + app + ".",
		"owner=payments, role=ledger-db":                           "owner=" + app + ", role=" + db,
		"Payments and PAYMENTS":                                    app + " and " + app,
		"claims-ledger-db-2":                                       "claims-" + db + "-2",
		"module.payments.aws_kms_key.ledger-db":                    "module." + app + ".aws_kms_key." + db,
		"payments%2Fledger-db%3Fx":                                 app + "%2F" + db + "%3Fx",
		"ask Jane Doe, (jane doe) or Jane Doer":                    "ask " + jane + ", (" + jane + ") or Jane Doer",
		"of Zürich-Überweisung.":                                   "of " + team + ".",
		"a database-key of payments2":                              "a database-key of payments2",
		"key 55a1374e-c45b-4fb6-b53e-356472490941 of 356472490941": "key 55a1374e-c45b-4fb6-b53e-356472490941 of " + r.Account("356472490941"),
	} {
		require.Equal(t, want, r.Text(text), text)
		require.Empty(t, r.Left([]byte(r.Text(text))), text)
		if want != text {
			require.NotEmpty(t, r.Left([]byte(text)), text)
		}
	}
	require.Equal(t, app+" and payments-tag", r.Setting("payments and payments-tag"), "rules compare whole words")
}

// TestEveryAttribute: each attribute that can hold a text is redacted, or is in the
// list of what says nothing of whom it is about. A new attribute fails here until
// somebody has decided.
func TestEveryAttribute(t *testing.T) {
	texts := map[reflect.Type]bool{reflect.TypeFor[string](): true, reflect.TypeFor[[]string](): true}
	// Texts in which names are replaced where they were met elsewhere.
	free := set(
		"state_reason", "log_group_error", "delivery_error", "secret_status", "outside_accounts", "grant_outside_accounts", "key_account", "organization_id",
		"last_update_status", "version", "origin", "trail_shortcomings", "bucket_acl_public", "bucket_public_access_block_off", "bucket_encryption",
		"aws_managed_policies", "policies", "key_id", "key_spec", "bucket_block_public_access", "default_version",
	)
	for _, kind := range model.Kinds() {
		for _, f := range model.Fields(kind) {
			if texts[f.Type] && !named[f.Name] && !plain[f.Name] && !values[f.Name] && !keys[f.Name] && !free[f.Name] {
				t.Errorf("%s.%s: say in named, plain or here how its text is redacted", kind, f.Name)
			}
		}
	}
}

// TestEveryEventValue: each value of an event that can hold a text is redacted, or
// is in the list here of what says nothing of whom it is about.
func TestEveryEventValue(t *testing.T) {
	eventPlain := set(
		"id", "type", "region", "source_ip", "vpc_endpoint", "error_code", "principal_type", "principal_invoked_by", "outcome",
		"request_parameter_type", "request_replica_regions", "request_management", "request_excluded",
	)
	texts := map[reflect.Type]bool{
		reflect.TypeFor[model.Value[string]](): true, reflect.TypeFor[model.Value[[]string]](): true, reflect.TypeFor[model.Value[model.Outcome]](): true,
	}
	var walk func(of reflect.Type, prefix string) int
	walk = func(of reflect.Type, prefix string) (n int) {
		for i := range of.NumField() {
			f := of.Field(i)
			name := prefix + f.Tag.Get("json")
			switch {
			case texts[f.Type]:
				n++
				if !eventNames[name] && !eventTexts[name] && !eventPlain[name] {
					t.Errorf("%s: say in eventNames, eventTexts or here how its text is redacted", name)
				}
			case f.Type == reflect.TypeFor[model.EventPrincipal](), f.Type == reflect.TypeFor[model.EventRequest]():
				n += walk(f.Type, name+"_")
			}
		}
		return n
	}
	require.Greater(t, walk(reflect.TypeFor[model.Event](), ""), 20)
}

// TestSnapshot redacts a snapshot with a secret, its key and an event, twice.
func TestSnapshot(t *testing.T) {
	now := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)
	arn := "arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/ledger-db-AbCdEf"
	key := model.ResourceID{Kind: model.KindKey, Account: "111122223333", Region: "eu-west-1", ID: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}
	secret := &model.Resource{
		ID: model.ResourceID{Kind: model.KindSecret, Account: "111122223333", Region: "eu-west-1", ID: arn}, Name: "payments/ledger-db",
		Body: &model.Secret{
			Name: model.Known("payments/ledger-db"), Tags: model.Known(map[string]string{"owner": "jane@acme.example", "env": "prod"}),
			KMSKey: model.Known(key.ID), OwningService: model.None[string](), CreatedAt: model.Known(now),
			PolicyFacts: model.PolicyFacts{
				OutsideAccounts: model.Known([]string{"999988887777"}), Outsiders: model.Known([]model.Outsider{{Account: "999988887777", Certain: true}}),
			},
			IsReplica: model.Missing[bool](model.Unknown{Reason: model.ReasonFailed, Detail: "payments/ledger-db of 111122223333 did not answer"}),
		},
	}
	secret.Ref("key", model.Known(key))
	e := &model.Event{
		Source: "secretsmanager.amazonaws.com", Name: "DeleteSecret", Time: now, Account: model.Known("111122223333"),
		Targets: model.Known([]string{arn}), UserAgent: model.Known("Boto3/1.34 app/payments-cron"), Request: model.EventRequest{
			Role: model.Known("arn:aws:iam::111122223333:role/payments"), PolicyAccounts: model.Known([]string{"999988887777"}),
		}, Principal: model.EventPrincipal{ARN: model.Known("arn:aws:sts::111122223333:assumed-role/payments/jane")},
	}
	events := func(yield func(*model.Event, error) bool) { yield(e, nil) }
	original := &model.Snapshot{
		Header:    model.Header{TakenAt: now, Source: "live", Members: []string{"999988887777"}, Scopes: []model.Scope{{Kind: model.KindSecret, Account: "111122223333", Region: "eu-west-1", Count: 1}}},
		Resources: model.InMemory([]*model.Resource{{ID: key, Name: "alias/payments", Body: &model.Key{}}, secret}), Events: events,
	}
	r := newRedactor()
	r.Keep("prod")
	s, err := r.Snapshot(original)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	require.Equal(t, []string{r.Account("999988887777")}, s.Members)
	var text strings.Builder
	n := 0
	for range 2 {
		for res, err := range s.Resources {
			require.NoError(t, err)
			raw, err := json.Marshal(res)
			require.NoError(t, err)
			text.Write(raw)
			n++
			if body, ok := res.Body.(*model.Secret); ok {
				want := r.Name(arn)
				require.Equal(t, want, res.ID.ID)
				require.Equal(t, r.Name("payments/ledger-db"), res.Name)
				require.Equal(t, model.Known(r.Name(key.ID)), body.KMSKey)
				require.Equal(t, model.Known(map[string]string{"owner": r.Value("jane@acme.example"), "env": "prod"}), body.Tags)
				require.Equal(t, r.Name(key.ID), mustGet(t, res.Refs["key"]).ID)
				require.Equal(t, model.Known([]string{r.Account("999988887777")}), body.OutsideAccounts)
				require.Equal(t, model.Known([]model.Outsider{{Account: r.Account("999988887777"), Certain: true}}), body.Outsiders)
				require.Equal(t, model.StateUnknown, body.IsReplica.State())
			}
		}
		for e, err := range s.Events {
			require.NoError(t, err)
			raw, err := e.Line()
			require.NoError(t, err)
			text.Write(raw)
			require.Equal(t, "DeleteSecret", e.Name)
			require.Equal(t, []string{r.Name(arn)}, mustGet(t, e.Targets))
			n++
		}
	}
	require.Equal(t, 6, n)
	for _, word := range []string{"payments", "ledger", "jane", "acme", "111122223333", "999988887777"} {
		require.NotContains(t, text.String(), word)
	}
	require.Equal(t, r.Account("111122223333"), s.Scopes[0].Account)
}

func mustGet[T any](t *testing.T, v model.Value[T]) T {
	t.Helper()
	got, ok := v.Get()
	require.True(t, ok)
	return got
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "names.json")
	key, err := ReadKey(path)
	require.NoError(t, err)
	r := New(key)
	a := r.Name("payments")
	require.NoError(t, r.WriteKey(path))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	again, err := ReadKey(path)
	require.NoError(t, err)
	require.Equal(t, key, again)
	r = New(again)
	b := r.Name("claims")
	require.NoError(t, r.WriteKey(path))
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var k keyFile
	require.NoError(t, json.Unmarshal(raw, &k))
	require.Equal(t, map[string]string{a: "payments", b: "claims"}, k.Names, "what it had stays")
	for name, text := range map[string]string{"empty": "", "no JSON": "x", "short": `{"keyproof_redaction":1,"key":"ab"}`, "newer": strings.Replace(string(raw), `n": 1`, `n": 2`, 1), "another": `{"private":1}`} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := ReadKey(path)
		require.ErrorContains(t, err, "no key file of a redaction", name)
	}
}
