package terraform

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

func (b *builder) instance(from *block) *model.Resource {
	body := b.database(from, "instance", "identifier")
	body.Cluster = model.None[string]()
	body.ReplicaOf = from.get("replicate_source_db").text(model.None[string]())
	body.GlobalCluster = model.None[string]()
	body.ReplicaRegions = b.replicaRegions(from, "replicate_source_db")
	body.PasswordInCode = from.anyLiteral("password", "password_wo")
	return b.finish(from, body)
}

// member is an instance of a cluster, which keeps the master password.
func (b *builder) member(from *block) *model.Resource {
	body := b.database(from, "instance", "identifier")
	body.Cluster, body.Member = from.get("cluster_identifier").text(model.Value[string]{}), model.Known(true)
	body.ReplicaOf, body.GlobalCluster = model.None[string](), model.None[string]()
	body.ReplicaRegions = model.Known([]string{})
	body.PasswordInCode = model.Known(false)
	return b.finish(from, body)
}

func (b *builder) cluster(from *block) *model.Resource {
	body := b.database(from, "cluster", "cluster_identifier")
	body.Cluster = model.None[string]()
	body.ReplicaOf = from.get("replication_source_identifier").text(model.None[string]())
	body.GlobalCluster = from.get("global_cluster_identifier").text(model.None[string]())
	body.ReplicaRegions = b.replicaRegions(from, "replication_source_identifier")
	// A secondary cluster has the password of the primary one (aws_rds_cluster,
	// master_password).
	keeps := from.get("master_password").state() != unset || from.configured("master_password_wo") ||
		from.get("manage_master_user_password").yes(model.Known(false)).Or(false)
	if body.ReplicaOf.State() == model.StateAbsent && body.GlobalCluster.State() != model.StateAbsent && !keeps {
		body.ReplicaOf = model.Missing[string](notInSource("whether another cluster of the global database is its writer, which has the password"))
	}
	if body.GlobalCluster.State() == model.StateAbsent {
		// A global database can also name the cluster that it is made from.
		for _, c := range b.about(from, "aws_rds_global_cluster", "source_db_cluster_identifier") {
			body.GlobalCluster = c.by.values.get("global_cluster_identifier").text(model.Value[string]{})
			if !c.sure {
				body.GlobalCluster = model.Missing[string](afterApply(c.by))
			}
		}
	}
	if body.GlobalCluster.State() != model.StateAbsent {
		// Which of its clusters writes only a running account can tell.
		body.ReplicaRegions = model.Missing[[]string](notInSource("the other clusters of the global database"))
	}
	body.PasswordInCode = from.anyLiteral("master_password", "master_password_wo")
	return b.finish(from, body)
}

func (b *builder) database(from *block, kind, name string) *model.Database {
	return &model.Database{
		Name:   from.values.get(name).text(model.Missing[string](model.Unknown{Reason: model.ReasonAfterApply})),
		Type:   model.Known(kind),
		Engine: from.get("engine").text(model.Missing[string](model.Unknown{Reason: model.ReasonAfterApply})),
	}
}

// finish fills who keeps the master password, and the references.
func (b *builder) finish(from *block, body *model.Database) *model.Resource {
	secretRef, keyRef := model.None[model.ResourceID](), model.None[model.ResourceID]()
	managed := from.get("manage_master_user_password").yes(model.Known(false))
	switch on, known := managed.Get(); {
	case !known:
		why := managed.Why()
		body.ManagedPassword = managed
		body.Secret, body.SecretStatus, body.SecretKMSKey = model.Missing[string](why), model.Missing[string](why), model.Missing[string](why)
		secretRef, keyRef = model.Missing[model.ResourceID](why), model.Missing[model.ResourceID](why)
	case on:
		secretRef, keyRef = b.managed(from, body)
	default:
		body.ManagedPassword = model.Known(false)
		if withoutPassword(from, body) {
			body.ManagedPassword = model.None[bool]()
		} else if body.ReplicaOf.State() == model.StateUnknown {
			body.ManagedPassword = model.Missing[bool](body.ReplicaOf.Why())
		}
		body.Secret, body.SecretStatus, body.SecretKMSKey = model.None[string](), model.None[string](), model.None[string]()
	}
	tagged := b.credentialSecret(from, body)
	r := b.resource(from, model.KindDatabase, body.Name, body)
	r.Ref("secret", secretRef)
	r.Ref("secret_key", keyRef)
	r.Ref("credential_secret", tagged)
	return r
}

// withoutPassword: members of a cluster and read replicas have the password of
// another one, Neptune has none (as in a live account).
func withoutPassword(from *block, body *model.Database) bool {
	return body.Cluster.State() != model.StateAbsent || body.ReplicaOf.State() == model.StateKnown || from.configured("replicate_source_db") ||
		from.is("aws_neptune_cluster") || strings.HasPrefix(body.Engine.Or(""), "neptune")
}

// managed fills what RDS says of the secret that it makes, which a plan knows of
// a database that exists.
func (b *builder) managed(from *block, body *model.Database) (secret, key model.Value[model.ResourceID]) {
	body.ManagedPassword = model.Known(true)
	later := model.Missing[string](model.Unknown{Reason: model.ReasonAfterApply})
	body.Secret, body.SecretStatus, body.SecretKMSKey = later, later, later
	for _, s := range from.values.get("master_user_secret").list() {
		body.Secret, body.SecretStatus = s.get("secret_arn").text(later), s.get("secret_status").text(later)
		body.SecretKMSKey = s.get("kms_key_id").text(later)
	}
	secret, key = model.Missing[model.ResourceID](body.Secret.Why()), model.Missing[model.ResourceID](body.SecretKMSKey.Why())
	if id, ok := body.Secret.Get(); ok {
		secret = model.Known(b.secretNamed(from, id))
	}
	if id, ok := body.SecretKMSKey.Get(); ok {
		key = model.Known(b.keyNamed(from, id))
	} else if named := b.keyOf(from, from.get("master_user_secret_kms_key_id"), from.config.Get("expressions.master_user_secret_kms_key_id"), "alias/aws/secretsmanager"); named.ref.State() == model.StateKnown {
		body.SecretKMSKey, key = named.name, named.ref
	}
	return secret, key
}

func (b *builder) secretNamed(from *block, text string) model.ResourceID {
	if list := b.named(text, from, "aws_secretsmanager_secret"); len(list) == 1 {
		return list[0].id(model.KindSecret)
	}
	return namedID(model.KindSecret, text)
}

// secretTag is the tag of a database that names the secret with its credentials,
// as the live scan reads it.
const secretTag = "keyproof:secret"

func (b *builder) credentialSecret(from *block, body *model.Database) model.Value[model.ResourceID] {
	secret := body.Secret
	if tags, known := from.tags().Get(); secret.State() != model.StateKnown && known && strings.HasPrefix(tags[secretTag], "arn:") {
		secret = model.Known(tags[secretTag])
	}
	if secret.State() == model.StateAbsent {
		secret = model.Missing[string](notInSource("nothing says which secret holds its credentials: name the secret's ARN in the tag " + secretTag + " of the database"))
	}
	body.CredentialSecret = secret
	if text, ok := secret.Get(); ok {
		return model.Known(b.secretNamed(from, text))
	}
	return model.Missing[model.ResourceID](secret.Why())
}

// replicaRegions are the other regions that have a replica by the blocks of the
// file. A database that exists may have others.
func (b *builder) replicaRegions(from *block, attribute string) model.Value[[]string] {
	if !from.created {
		return model.Value[[]string]{}
	}
	list := []string{}
	here := from.place().region
	for _, c := range b.about(from, from.kind, attribute) {
		there := c.by.place().region
		if !c.sure || here == "" || there == "" {
			return model.Missing[[]string](afterApply(c.by))
		}
		if there != here {
			list = append(list, there)
		}
	}
	slices.Sort(list)
	return model.Known(slices.Compact(list))
}
