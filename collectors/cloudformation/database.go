package cloudformation

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// instance reads AWS::RDS::DBInstance, and its like of DocumentDB and Neptune.
func (r *reader) instance(res *resource) {
	p := r.properties(res)
	body := &model.Database{
		Name: r.databaseName(p.get("DBInstanceIdentifier")), Type: model.Known("instance"),
		Engine: r.engine(res, p), GlobalCluster: model.None[string](),
		Cluster: r.nonEmpty(p.get("DBClusterIdentifier")), Member: r.refers(p.get("DBClusterIdentifier")), ReplicaOf: r.firstOf(p, "SourceDBInstanceIdentifier", "SourceDBClusterIdentifier"),
	}
	r.database(res, p, body, "DBClusterIdentifier", "SourceDBInstanceIdentifier", "SourceDBClusterIdentifier")
}

// cluster reads AWS::RDS::DBCluster, and its like of DocumentDB and Neptune.
func (r *reader) cluster(res *resource) {
	p := r.properties(res)
	body := &model.Database{
		Name: r.databaseName(p.get("DBClusterIdentifier")), Type: model.Known("cluster"),
		Engine: r.engine(res, p), Cluster: model.None[string](), GlobalCluster: r.globalCluster(res, p),
		ReplicaOf: r.nonEmpty(p.get("ReplicationSourceIdentifier")),
	}
	// A secondary cluster inherits the password of the primary one (AWS::RDS::DBCluster,
	// MasterUserPassword).
	keeps := p.get("MasterUserPassword").given() || r.boolean(p.get("ManageMasterUserPassword"), false).Or(false)
	if body.ReplicaOf.State() == model.StateAbsent && p.get("GlobalClusterIdentifier").given() && !keeps {
		body.ReplicaOf = model.Missing[string](notInSource("whether another cluster of the global database is its writer, which has the password"))
	}
	r.database(res, p, body, "ReplicationSourceIdentifier")
}

// databaseName is in lower case, as RDS stores it.
func (r *reader) databaseName(v value) model.Value[string] {
	return mapped(r.must(v, "a name that CloudFormation makes up"), strings.ToLower)
}

// engine is what the template says, or what the type says.
func (r *reader) engine(res *resource, p value) model.Value[string] {
	switch {
	case strings.HasPrefix(res.kind, "AWS::DocDB::"):
		return model.Known("docdb")
	case strings.HasPrefix(res.kind, "AWS::Neptune::"):
		return model.Known("neptune")
	}
	engine := r.nonEmpty(p.get("Engine"))
	if engine.State() == model.StateAbsent { // a snapshot, a source or a cluster has it
		return model.Missing[string](notInSource("the engine of what it is made from"))
	}
	return mapped(engine, strings.ToLower)
}

func (r *reader) firstOf(p value, names ...string) model.Value[string] {
	for _, name := range names {
		if v := r.nonEmpty(p.get(name)); v.State() != model.StateAbsent {
			return v
		}
	}
	return model.None[string]()
}

// globalCluster is the Aurora global database of a cluster: by its own property,
// or by an AWS::RDS::GlobalCluster that is made from it.
func (r *reader) globalCluster(res *resource, p value) model.Value[string] {
	if own := r.nonEmpty(p.get("GlobalClusterIdentifier")); own.State() != model.StateAbsent {
		return own
	}
	made := r.attach(databases(), "SourceDBClusterIdentifier", "AWS::RDS::GlobalCluster")
	blocks, doubt := made.of(res.id)
	switch {
	case doubt != nil:
		return model.Missing[string](*doubt)
	case len(blocks) > 0:
		return r.must(r.properties(blocks[0]).get("GlobalClusterIdentifier"), "the name of "+blocks[0].id)
	default:
		return model.None[string]()
	}
}

// database fills who keeps the master password, and emits the database. A member
// of a cluster and a replica, which some properties say it is, have that of
// another one; Neptune has no passwords.
func (r *reader) database(res *resource, p value, body *model.Database, others ...string) {
	// Replicas in other regions are in other stacks.
	body.ReplicaRegions = model.Missing[[]string](notInSource("replicas in other regions are in other stacks"))
	body.PasswordInCode = r.inCode("MasterUserPassword", p.get("MasterUserPassword"))
	body.ManagedPassword = r.boolean(p.get("ManageMasterUserPassword"), false)
	managed, known := body.ManagedPassword.Get()
	refs := map[string]model.Value[model.ResourceID]{"secret": model.None[model.ResourceID](), "secret_key": model.None[model.ResourceID]()}
	switch {
	case !known:
		why := body.ManagedPassword.Why()
		body.Secret, body.SecretStatus, body.SecretKMSKey = model.Missing[string](why), model.Missing[string](why), model.Missing[string](why)
		refs["secret"], refs["secret_key"] = model.Missing[model.ResourceID](why), model.Missing[model.ResourceID](why)
	case managed:
		made := model.Unknown{Reason: model.ReasonAfterApply, Detail: "the secret that RDS makes"}
		body.Secret = model.Missing[string](made)
		refs["secret"] = model.Missing[model.ResourceID](made)
		key := r.keyAttributes(p.path("MasterUserSecret", "KmsKeyId"), secretAlias)
		body.SecretKMSKey, refs["secret_key"] = key.name, key.ref
		if key.name.State() == model.StateAbsent { // RDS shows the ARN of the default key
			body.SecretKMSKey, refs["secret_key"] = model.Missing[string](made), model.Missing[model.ResourceID](made)
		}
	default:
		body.Secret, body.SecretStatus, body.SecretKMSKey = model.None[string](), model.None[string](), model.None[string]()
		if body.Engine.Or("") == "neptune" || r.another(p, others) {
			body.ManagedPassword = model.None[bool]()
		} else if why, unsure := r.maybeAnother(p, others); unsure {
			body.ManagedPassword = model.Missing[bool](why)
		} else if body.ReplicaOf.State() == model.StateUnknown {
			body.ManagedPassword = model.Missing[bool](body.ReplicaOf.Why())
		}
	}
	var credential model.Value[model.ResourceID]
	body.CredentialSecret, credential = r.credentialSecret(res, p, refs["secret"], managed)
	refs["credential_secret"] = credential
	out := r.emit(res, res.id, model.KindDatabase, body.Name, body)
	for role, to := range refs {
		out.Ref(role, to)
	}
}

// another says whether one of the properties certainly names another database.
func (r *reader) another(p value, names []string) bool {
	for _, name := range names {
		if v := p.get(name); v.form == formText {
			if s, literal := v.text.literal(); !literal || s != "" {
				return true
			}
		}
	}
	return false
}

func (r *reader) maybeAnother(p value, names []string) (model.Unknown, bool) {
	for _, name := range names {
		if v := p.get(name); v.form == formUnknown {
			return v.reason(), true
		}
	}
	return model.Unknown{}, false
}
