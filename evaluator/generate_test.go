package evaluator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/keyproof/keyproof/model"
)

// company makes resources as a middling company has them: a few accounts and
// regions, many secrets and parameters, some keys and functions; most of it in
// order, some of it not, and some of it not readable. The same n gives the same
// resources.
type company struct {
	rnd       *rand.Rand
	resources []*model.Resource
	scopes    []model.Scope
	readable  bool // no call was refused
}

func newCompany(n int) *company { return makeCompany(n, false) }

func makeCompany(n int, readable bool) *company {
	c := &company{readable: readable, rnd: rand.New(rand.NewPCG(1, uint64(n)))}
	var cells []model.ResourceID
	for a := range 4 {
		c.identities(fmt.Sprintf("%012d", 111122223333+a))
		for _, region := range []string{"eu-central-1", "eu-west-1", "us-east-1"} {
			cells = append(cells, model.ResourceID{Account: fmt.Sprintf("%012d", 111122223333+a), Region: region})
		}
	}
	for i, at := range cells {
		share := n/len(cells) + min(1, max(0, n%len(cells)-i)) // adds up to n
		c.cell(at, share)
	}
	slices.SortFunc(c.resources, func(a, b *model.Resource) int { return a.ID.Compare(b.ID) })
	for _, r := range c.resources {
		r.Body.Derive(now)
	}
	return c
}

// snapshot has what follows from a record of events, and no events.
func (c *company) snapshot() *model.Snapshot {
	snap := snapshot(c.scopes, c.resources...)
	snap.Header.Events = &model.EventLog{}
	return snap
}

func (c *company) cell(at model.ResourceID, n int) {
	for _, kind := range model.Kinds() {
		if kind.Global() {
			continue
		}
		c.scopes = append(c.scopes, model.Scope{Kind: kind, Account: at.Account, Region: at.Region})
	}
	c.add(at, model.KindAccount, at.Account, &model.Account{
		OrganizationID: model.Known("o-abc"), TrailCount: model.Known(1), TrailShortcomings: model.Known([]string{}),
		UnalertedEvents: model.Known([]string{"kms:DisableKey"}[:c.rnd.IntN(2)]),
	})
	c.trail(at)
	keys, functions := max(4, n/25), max(2, n/100)
	for i := range keys {
		c.add(at, model.KindKey, keyOf(at, i), c.key(i))
	}
	for i := range functions {
		c.add(at, model.KindFunction, functionOf(at, i), c.function(i))
	}
	databases := max(2, n/200)
	for i := range databases {
		c.database(at, i, keys)
	}
	rest := n - 2 - keys - functions - databases
	for i := range rest {
		if i%4 == 3 {
			c.parameter(at, i, keys)
		} else {
			c.secret(at, i, keys, functions)
		}
	}
}

func keyOf(at model.ResourceID, i int) string {
	return fmt.Sprintf("arn:aws:kms:%s:%s:key/0000-%04d", at.Region, at.Account, i)
}

func functionOf(at model.ResourceID, i int) string {
	return fmt.Sprintf("arn:aws:lambda:%s:%s:function:rotate-%d", at.Region, at.Account, i)
}

func (c *company) add(at model.ResourceID, kind model.Kind, id string, body model.Body) *model.Resource {
	at.Kind, at.ID = kind, id
	r := &model.Resource{ID: at, Name: id, Body: body}
	c.resources = append(c.resources, r)
	return r
}

// one in n.
func (c *company) one(n int) bool { return c.rnd.IntN(n) == 0 }

func (c *company) ago(days int) model.Value[time.Time] {
	return model.Known(now.Add(-time.Duration(c.rnd.IntN(days*24)) * time.Hour))
}

// tags follow the application: one team owns it, in a few environments.
func (c *company) tags(i int) model.Value[map[string]string] {
	app := i % 150
	tags := map[string]string{"env": []string{"prod", "prod", "stage", "dev"}[c.rnd.IntN(4)], "app": fmt.Sprintf("app-%d", app)}
	if !c.one(6) {
		tags["owner"] = fmt.Sprintf("team-%d", app%25)
	}
	if app%3 > 0 {
		tags["data-classification"] = []string{"internal", "confidential"}[app%2]
	}
	if app%10 == 0 {
		tags["dr"] = "required"
	}
	if c.one(20) {
		tags["ticket"] = fmt.Sprintf("OPS-%d", i)
	}
	return model.Known(tags)
}

func maybe[T any](there bool, v T) model.Value[T] {
	if there {
		return model.Known(v)
	}
	return model.None[T]()
}

func nameOf(i int) string { return fmt.Sprintf("app-%d/%d/db", i%150, i) }

func secretOf(at model.ResourceID, i int) string {
	return fmt.Sprintf("arn:aws:secretsmanager:%s:%s:secret:%s-AbCdEf", at.Region, at.Account, nameOf(i))
}

func (c *company) secret(at model.ResourceID, i, keys, functions int) {
	rotates, managed, owned, custom := c.one(2), c.one(20), c.one(15), c.one(2)
	replica := c.one(25)
	name, id := nameOf(i), secretOf(at, i)
	interval := []int{7, 30, 30, 60, 90, 365}[c.rnd.IntN(6)]
	s := &model.Secret{
		Name: model.Known(name), Tags: c.tags(i), OwningService: maybe(owned, "rds"), ExternalType: model.None[string](),
		CreatedAt: c.ago(1500), LastChangedAt: c.ago(400), LastAccessedAt: c.ago(3), DeletionAt: model.None[time.Time](),
		LastRotatedAt: model.None[time.Time](), NextRotationAt: model.None[time.Time](),
		RotationEnabled: model.Known(rotates), RotationDays: maybe(rotates, interval), RotationSchedule: model.None[string](),
		RotationIntervalDays: maybe(rotates, interval), RotationWindowHours: maybe(rotates && c.one(2), 1),
		RotationFunction: maybe(rotates && !managed, functionOf(at, i%functions)), ManagedRotation: model.Known(rotates && managed),
		RotationQualifier: maybe(rotates && !managed && i%4 == 0, "live"),
		Versions:          model.Known([]model.Version{{ID: name, Stages: []string{"AWSCURRENT"}}}), PendingVersion: model.Known(c.one(40)),
		HasCurrentValue: model.Known(true), KMSKey: maybe(custom, keyOf(at, i%keys)), DefaultKey: model.Known(!custom),
		PolicyFacts: c.policy(), DeletionScheduled: model.Known(c.one(50)), PrimaryRegion: model.None[string](),
		IsReplica: model.Known(replica), ReplicaOf: maybe(replica, id),
		ValueInCode: maybe(i%3 != 0, i%2 == 0), // a live account has no code
	}
	s.Replicas, s.ReplicaStates = c.replicas()
	if rotates {
		s.LastRotatedAt, s.NextRotationAt = c.ago(interval), model.Known(now.Add(time.Duration(c.rnd.IntN(interval*24))*time.Hour))
	}
	if !rotates && i%5 == 0 { // rotated until lately, and not touched since
		at := c.ago(80)
		s.LastRotatedAt, s.LastChangedAt = at, at
	}
	if c.one(5) {
		s.LastAccessedAt = c.ago(700)
	}
	s.Activity, s.PolicyActivity = activity(i), policyActivity(i)
	s.RotationActivity = model.RotationActivity{
		LastRotationDays: maybe(i%4 != 0, i%45), UnrotatedDays: model.Known(i % 45), RotationFailures: model.Known(count(i%11 == 0)),
		RotationFailing: maybe(i%3 != 0, i%11 == 0), LastRotationStart: maybe(i%3 != 0, i%45),
	}
	s.SameNameRegions = maybe(i%9 != 0, []string{"eu-south-2"}[:count(i%7 == 0)])
	r := c.add(at, model.KindSecret, id, s)
	to := func(kind model.Kind, id string) model.ResourceID {
		return model.ResourceID{Kind: kind, Account: at.Account, Region: at.Region, ID: id}
	}
	r.Ref("key", maybe(custom, to(model.KindKey, keyOf(at, i%keys))))
	r.Ref("rotation_function", maybe(rotates && !managed, to(model.KindFunction, functionOf(at, i%functions))))
	r.Ref("primary", model.None[model.ResourceID]())
	if c.one(50) && !c.readable {
		model.SetUnknown(s, denied)
		s.PolicyFacts = model.PolicyFacts{
			PolicyPresent: model.Missing[bool](denied), PolicyPublic: model.Missing[bool](denied),
			PolicyStatements: model.Missing[[]model.PolicyStatement](denied), OutsideAccounts: model.Missing[[]string](denied),
			Outsiders: model.Missing[[]model.Outsider](denied), Networks: model.Missing[[]string](denied),
		}
	}
}

func noPolicy() model.PolicyFacts {
	return model.PolicyFacts{
		PolicyPresent: model.Known(false), PolicyPublic: model.Known(false),
		PolicyStatements: model.Known([]model.PolicyStatement{}), OutsideAccounts: model.Known([]string{}),
		Outsiders: model.Known([]model.Outsider{}), Networks: model.Known([]string{}),
	}
}

func (c *company) policy() model.PolicyFacts {
	if !c.one(4) {
		return noPolicy()
	}
	public, outside := c.one(20), []string{}
	if c.one(5) {
		outside = []string{fmt.Sprintf("%012d", c.rnd.IntN(5))}
	}
	var outsiders []model.Outsider
	for _, id := range outside {
		outsiders = append(outsiders, model.Outsider{Account: id, Certain: true})
	}
	statement := model.PolicyStatement{SID: "Readers", Effect: "Allow", Public: public, Accounts: outside, Actions: []string{"secretsmanager:GetSecretValue"}}
	if public {
		statement.Why = "anyone may call it"
	}
	return model.PolicyFacts{
		PolicyPresent: model.Known(true), PolicyPublic: model.Known(public),
		PolicyStatements: model.Known([]model.PolicyStatement{statement}), OutsideAccounts: model.Known(outside), Outsiders: model.Known(outsiders), Networks: model.Known([]string{}),
	}
}

func (c *company) replicas() (model.Value[[]model.Replica], model.Value[[]model.ReplicaState]) {
	if !c.one(10) {
		return model.Known([]model.Replica{}), model.Known([]model.ReplicaState{})
	}
	status := "InSync"
	if c.one(10) {
		status = "Failed"
	}
	custom := c.one(2)
	replica := model.Replica{Region: "eu-north-1", DefaultKey: !custom}
	if custom {
		replica.KMSKey = "alias/app"
	}
	return model.Known([]model.Replica{replica}), model.Known([]model.ReplicaState{{Region: "eu-north-1", Status: status}})
}

func (c *company) database(at model.ResourceID, i, keys int) {
	managed := c.one(2)
	r := c.add(at, model.KindDatabase, fmt.Sprintf("arn:aws:rds:%s:%s:db:db-%d", at.Region, at.Account, i), &model.Database{
		Name: model.Known(fmt.Sprintf("db-%d", i)), Type: model.Known("instance"), Engine: model.Known("postgres"),
		Cluster: model.None[string](), ReplicaOf: model.None[string](), ManagedPassword: model.Known(managed),
		Secret: model.None[string](), SecretStatus: maybe(managed, "active"), SecretKMSKey: maybe(managed, keyOf(at, i%keys)),
		PasswordInCode: maybe(i%3 != 0, i%2 == 0), GlobalCluster: model.None[string](), ReplicaRegions: model.Known([]string{"eu-north-1"}[:c.rnd.IntN(2)]),
		CredentialSecret: model.Known(secretOf(at, i)),
	})
	r.Ref("credential_secret", model.Known(model.ResourceID{Kind: model.KindSecret, Account: at.Account, Region: at.Region, ID: secretOf(at, i)}))
	r.Ref("secret", model.None[model.ResourceID]())
	r.Ref("secret_key", maybe(managed, model.ResourceID{Kind: model.KindKey, Account: at.Account, Region: at.Region, ID: keyOf(at, i%keys)}))
}

func (c *company) parameter(at model.ResourceID, i, keys int) {
	name := fmt.Sprintf("/app-%d/%d", i%150, i)
	secure := c.one(2)
	p := &model.Parameter{
		Name: model.Known(name), Tier: model.Known("Standard"), DataType: model.Known("text"), Tags: c.tags(i), Version: model.Known(i % 9),
		LastModifiedAt: c.ago(900), Policies: model.Known([]string{}), ExpiresAt: model.None[time.Time](),
		PolicyFacts: noPolicy(),
	}
	if i%5 == 1 {
		p.Tier = model.Known("Advanced")
		if i%3 == 0 {
			p.PolicyPresent, p.PolicyPublic, p.OutsideAccounts = model.Known(true), model.Known(i%7 == 0), model.Known([]string{"999988887777"})
		}
	}
	if i%4 == 3 && i%5 == 0 {
		p.Tier, p.Policies = model.Known("Advanced"), model.Known([]string{"Expiration"})
		p.ExpiresAt = model.Known(now.Add(time.Duration(c.rnd.IntN(400)) * 24 * time.Hour))
	}
	custom := secure && c.one(2)
	p.KMSKey, p.DefaultKey = maybe(secure, keyOf(at, i%keys)), maybe(secure, !custom)
	p.Type, p.Credentials = model.Known("SecureString"), model.None[[]model.Credential]()
	if !secure {
		p.Type, p.Credentials = model.Known("String"), model.Known([]model.Credential{})
		if c.one(10) {
			p.Credentials = model.Known([]model.Credential{{Rule: "aws-access-token", Title: "AWS access key"}})
		}
	}
	p.Activity = activity(i)
	r := c.add(at, model.KindParameter, "arn:aws:ssm:"+at.Region+":"+at.Account+":parameter"+name, p)
	r.Ref("key", maybe(secure, model.ResourceID{Kind: model.KindKey, Account: at.Account, Region: at.Region, ID: keyOf(at, i%keys)}))
}

func (c *company) key(i int) *model.Key {
	manager, state := "CUSTOMER", "Enabled"
	if i == 0 {
		manager = "AWS"
	}
	if c.one(10) {
		state = []string{"Disabled", "PendingDeletion"}[c.rnd.IntN(2)]
	}
	on := !c.one(4)
	origin, expires := "AWS_KMS", model.None[time.Time]()
	if i%4 == 3 {
		origin, expires = "EXTERNAL", model.Known(now.Add(time.Duration(c.rnd.IntN(400))*24*time.Hour))
	}
	return &model.Key{
		KeyID: model.Known(fmt.Sprintf("0000-%04d", i)), Aliases: model.Known([]string{}), Manager: model.Known(manager), State: model.Known(state),
		Spec: model.Known("SYMMETRIC_DEFAULT"), Usage: model.Known("ENCRYPT_DECRYPT"), Origin: model.Known(origin),
		MultiRegion: model.Known(false), Replica: model.Known(false), ReplicaOf: model.None[string](), Tags: c.tags(i), CreatedAt: c.ago(900),
		RotationEnabled: model.Known(on), RotationPeriodDays: maybe(on, 365), LastRotatedAt: model.None[time.Time](),
		NextRotationAt: model.None[time.Time](), DeletionAt: model.None[time.Time](), MaterialExpiresAt: expires,
		PolicyFacts: c.policy(), GrantCount: model.Known(0), GrantOutside: model.Known([]string{}), GrantOutsiders: model.Known([]model.Outsider{}),
		PolicyActivity: policyActivity(i),
		KeyActivity: model.KeyActivity{
			RecordDays: model.Known(90), LastRotatedEvent: model.None[int](), DeniedAttempts: model.Known(i), DeniedInADay: model.Known(i % 9),
			DeniedDayAtLeast: model.Known(i % 9), LastDenied: maybe(i%9 != 0, i%90), DeniedTo: model.Known([]string{"ada"}),
		},
	}
}

// activity is what a record proves of a secret or parameter; it takes nothing from
// the dice, so that the rest of the company stays what it is.
func activity(i int) model.Activity {
	return model.Activity{
		RecordDays: model.Known(90), Readers: model.Known([]model.Reader{}), MoreReaders: model.Known(0),
		LastReadDays: maybe(i%7 != 0, i%100), UnreadDays: model.Known(i % 100),
		LastHumanRead: maybe(i%6 == 0, i%120), LastHumanReader: maybe(i%6 == 0, "ada"),
		DeniedAttempts: model.Known(i % 20), DeniedInADay: model.Known(i % 9), DeniedDayAtLeast: model.Known(i % 9),
		LastDenied: maybe(i%9 != 0, i%90), DeniedTo: model.Known([]string{"ada"}),
		LastValueDays: maybe(i%2 == 0, i%90), LastValueBy: maybe(i%2 == 0, "ada"),
		LastHumanValue: maybe(i%8 == 0, i%120), LastHumanWriter: maybe(i%8 == 0, "ada"),
	}
}

func policyActivity(i int) model.PolicyActivity {
	return model.PolicyActivity{PolicyChangedDays: maybe(i%5 == 0, i%120), PolicyChangedBy: maybe(i%5 == 0, "ada")}
}

func (c *company) function(i int) *model.Function {
	state := "Active"
	if c.one(10) {
		state = "Failed"
	}
	return &model.Function{
		Name: model.Known(fmt.Sprintf("rotate-%d", i)), Runtime: model.Known("python3.13"), TimeoutSeconds: model.Known([]int{30, 900}[i%2]),
		Role: model.Known("role"), VPC: model.Known(true), RotationFunction: model.Known(true), State: model.Known(state),
		StateReason: model.None[string](), LastUpdateStatus: model.Known("Successful"), InvokeSources: model.Known([]string{"*"}),
		MissingQualifiers: model.Known([][]string{{}, {"live"}}[i%2]),
		EnvCredentials:    model.Known([]model.Credential{}),
	}
}

func (c *company) trail(at model.ResourceID) {
	encrypted := c.one(2)
	r := c.add(at, model.KindTrail, "arn:aws:cloudtrail:"+at.Region+":"+at.Account+":trail/main", &model.Trail{
		Name: model.Known("main"), HomeRegion: model.Known("eu-west-1"), MultiRegion: model.Known(true), Organization: model.Known(false),
		GlobalEvents: model.Known(true), Validation: model.Known(c.one(2)), KMSKey: maybe(encrypted, keyOf(at, 1)), Bucket: model.Known("b"),
		LogGroup: maybe(c.one(2), "arn:g"), LogGroupError: model.None[string](), Logging: model.Known(true), DeliveryError: model.None[string](), LastDeliveredAt: c.ago(1),
		SelectorKind: model.Known("classic"), ManagementRead: model.Known(true), ManagementWrite: model.Known(true), KMSEventsExcluded: model.Known(c.one(3)),
		BucketFacts: model.BucketFacts{
			BucketExists: model.Known(true), BucketForeign: model.Known(false), BucketPolicyPublic: model.Known(c.one(4)),
			BucketACLPublic: model.Known([]string{}), BucketBlocks: model.Known([]string{}),
			BucketEncryption: model.Known([]string{"aws:kms", "AES256"}[c.rnd.IntN(2)]), BucketLogging: maybe(c.one(2), "logs"),
		},
	})
	r.Ref("key", maybe(encrypted, model.ResourceID{Kind: model.KindKey, Account: at.Account, Region: at.Region, ID: keyOf(at, 1)}))
}
