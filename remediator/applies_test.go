package remediator

import (
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// beside is a snapshot with these keys and no other resource.
type beside struct {
	keys []*model.Resource
	gap  *model.Unknown
}

func (b beside) Get(model.ResourceID) *model.Resource { return nil }

func (b beside) All(kind model.Kind, _, _ string) iter.Seq[*model.Resource] {
	return func(yield func(*model.Resource) bool) {
		for _, k := range b.keys {
			if kind == model.KindKey && !yield(k) {
				return
			}
		}
	}
}

func (b beside) Gap(model.Kind, string, string) *model.Unknown { return b.gap }

func key(manager, state string) *model.Key {
	return &model.Key{
		KeyID: model.Known("k"), Manager: model.Known(manager), State: model.Known(state), Spec: model.Known(symmetric), Origin: model.Known("AWS_KMS"),
		Aliases: model.Known([]string{"alias/k"}), RotationSupported: model.Known(true), Replica: model.Known(false),
		RotationEnabled: model.Known(false), RotationPeriodDays: model.None[int](), MultiRegion: model.Known(false),
	}
}

// TestNotApplicable: an action that cannot mend a resource says why, and what to
// do instead; and it never goes by what is unknown.
func TestNotApplicable(t *testing.T) {
	denied := model.Unknown{Reason: model.ReasonAccessDenied, Action: "x:Describe"}
	secret := func(change func(*model.Secret)) *model.Secret {
		s := &model.Secret{
			IsReplica: model.Known(false), DeletionScheduled: model.Known(false), KMSKey: model.None[string](), OwningService: model.None[string](),
			Tags: model.Known(map[string]string{}), PolicyFacts: model.PolicyFacts{PolicyStatements: model.Known([]model.PolicyStatement{})},
		}
		change(s)
		return s
	}
	database := func(change func(*model.Database)) *model.Database {
		d := &model.Database{
			Type: model.Known("instance"), ManagedPassword: model.Known(false), Cluster: model.None[string](), ReplicaOf: model.None[string](),
			GlobalCluster: model.None[string](),
		}
		change(d)
		return d
	}
	with := func(k *model.Key, change func(*model.Key)) *model.Key { change(k); return k }
	for name, test := range map[string]struct {
		action Action
		body   model.Body
		set    Settings
		beside beside
		says   string
	}{
		"rotation of an asymmetric key":       {newEnableKeyRotation(), with(key("CUSTOMER", "Enabled"), func(k *model.Key) { k.RotationSupported = model.Known(false) }), nil, beside{}, "make a new key"},
		"rotation of a replica key":           {newEnableKeyRotation(), with(key("CUSTOMER", "Enabled"), func(k *model.Key) { k.Replica = model.Known(true) }), nil, beside{}, "its primary key decides"},
		"rotation of a disabled key":          {newEnableKeyRotation(), key("CUSTOMER", "Disabled"), nil, beside{}, "enable it first"},
		"rotation that is not known":          {newEnableKeyRotation(), with(key("CUSTOMER", "Enabled"), func(k *model.Key) { k.RotationEnabled = model.Missing[bool](denied) }), nil, beside{}, "x:Describe denied"},
		"a longer period":                     {newEnableKeyRotation(), with(key("CUSTOMER", "Enabled"), func(k *model.Key) { k.RotationEnabled, k.RotationPeriodDays = model.Known(true), model.Known(90) }), nil, beside{}, "every 90 days already"},
		"a period that KMS refuses":           {newEnableKeyRotation(), key("CUSTOMER", "Enabled"), Settings{"period": "30"}, beside{}, "90 to 2560"},
		"a key without material":              {newCancelKeyDeletion(), key("CUSTOMER", "PendingImport"), nil, beside{}, "import the same material"},
		"a key of unknown state":              {newCancelKeyDeletion(), &model.Key{}, nil, beside{}, "is unknown"},
		"no key chosen":                       {newUseCustomerKey(), secret(func(*model.Secret) {}), nil, beside{keys: []*model.Resource{{ID: model.ResourceID{ID: "arn:k"}, Name: "alias/k", Body: key("CUSTOMER", "Enabled")}}}, "--set use-customer-key.key=alias/k"},
		"no key chosen, none there":           {newUseCustomerKey(), secret(func(*model.Secret) {}), nil, beside{}, "make one"},
		"a key that is not there":             {newUseCustomerKey(), secret(func(*model.Secret) {}), Settings{"key": "alias/no"}, beside{}, "there is no key alias/no"},
		"keys could not be listed":            {newUseCustomerKey(), secret(func(*model.Secret) {}), Settings{"key": "alias/no"}, beside{gap: &denied}, "is unknown: x:Describe denied"},
		"a key of AWS":                        {newUseCustomerKey(), secret(func(*model.Secret) {}), Settings{"key": "alias/k"}, beside{keys: []*model.Resource{{Body: key("AWS", "Enabled")}}}, "managed by AWS"},
		"a disabled key":                      {newUseCustomerKey(), secret(func(*model.Secret) {}), Settings{"key": "alias/k"}, beside{keys: []*model.Resource{{Body: key("CUSTOMER", "Disabled")}}}, "is Disabled"},
		"a key of another region":             {newUseCustomerKey(), secret(func(*model.Secret) {}), Settings{"key": "arn:aws:kms:eu-west-1:111122223333:key/k"}, beside{}, "names no key in us-east-1"},
		"the key of a replica":                {newUseCustomerKey(), secret(func(s *model.Secret) { s.IsReplica = model.Known(true) }), Settings{"key": "alias/k"}, beside{}, "cannot change the key of a replica"},
		"the key of a service's secret":       {newUseCustomerKey(), secret(func(s *model.Secret) { s.OwningService = model.Known("rds") }), Settings{"key": "alias/k"}, beside{}, "managed by rds"},
		"the key of a plain parameter":        {newUseCustomerKey(), &model.Parameter{Type: model.Known("String")}, Settings{"key": "alias/k"}, beside{}, "convert-to-secure-string"},
		"a policy that was not read":          {newBlockPublicPolicy(), secret(func(s *model.Secret) { s.PolicyStatements = model.Missing[[]model.PolicyStatement](denied) }), nil, beside{}, "x:Describe denied"},
		"a policy that is not public":         {newBlockPublicPolicy(), secret(func(*model.Secret) {}), nil, beside{}, "no statement"},
		"a secret that lives":                 {newRestoreSecret(), secret(func(*model.Secret) {}), nil, beside{}, "not marked"},
		"a replica that was not named":        {newPromoteReplica(), secret(func(s *model.Secret) { s.IsReplica, s.PrimaryRegion = model.Known(true), model.Known("eu-west-1") }), Settings{"promote": "thing@eu-west-1"}, beside{}, "--set promote-replica.promote=thing@us-east-1"},
		"no replica":                          {newPromoteReplica(), secret(func(*model.Secret) {}), Settings{"promote": "thing@us-east-1"}, beside{}, "no replica"},
		"tags without values":                 {newAddTags(), secret(func(*model.Secret) {}), nil, beside{}, "--set add-tags.tags=owner=VALUE,env=VALUE"},
		"tags that were not read":             {newAddTags(), secret(func(s *model.Secret) { s.Tags = model.Missing[map[string]string](denied) }), nil, beside{}, "x:Describe denied"},
		"a list of strings":                   {newConvertToSecureString(), &model.Parameter{Type: model.Known("StringList")}, nil, beside{}, "one text and not a list"},
		"an image":                            {newConvertToSecureString(), &model.Parameter{Type: model.Known("String"), DataType: model.Known("aws:ec2:image")}, nil, beside{}, "aws:ec2:image"},
		"a type that is not known":            {newConvertToSecureString(), &model.Parameter{}, nil, beside{}, "is unknown"},
		"a trail that logs":                   {newStartTrailLogging(), &model.Trail{Logging: model.Known(true)}, nil, beside{}, "so already"},
		"a trail of unknown state":            {newStartTrailLogging(), &model.Trail{}, nil, beside{}, "is unknown"},
		"a trail of unknown selectors":        {newRecordKeyEvents(), &model.Trail{}, nil, beside{}, "is unknown"},
		"a member of a cluster":               {newManageMasterPassword(), database(func(d *model.Database) { d.Cluster = model.Known("aurora") }), nil, beside{}, "plan for the cluster"},
		"a read replica":                      {newManageMasterPassword(), database(func(d *model.Database) { d.ReplicaOf = model.Known("main") }), nil, beside{}, "plan for its source"},
		"a global database":                   {newManageMasterPassword(), database(func(d *model.Database) { d.GlobalCluster = model.Known("g") }), nil, beside{}, "waive the rule"},
		"a password that RDS manages":         {newManageMasterPassword(), database(func(d *model.Database) { d.ManagedPassword = model.Known(true) }), nil, beside{}, "manages it already"},
		"a database of which little is known": {newManageMasterPassword(), &model.Database{}, nil, beside{}, "is unknown"},
		"another kind altogether":             {newManageMasterPassword(), &model.Key{}, nil, beside{}, "does not know"},
	} {
		t.Run(name, func(t *testing.T) {
			id := model.ResourceID{Kind: test.body.Kind(), Account: "111122223333", Region: "us-east-1", ID: "arn:thing"}
			c, err := test.action.Plan(t.Context(), &Target{
				Resource: &model.Resource{ID: id, Name: "thing", Body: test.body}, Settings: test.set, Related: test.beside,
				Failures: []Failure{{Rule: model.Rule{ID: "X-001", Params: map[string]model.Param{"tags": {Value: []string{"owner", "env"}}}}}},
			})
			require.Nil(t, c)
			var not *NotApplicable
			require.True(t, errors.As(err, &not), "%v", err)
			require.Contains(t, not.Error(), test.says)
		})
	}
}
