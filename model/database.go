package model

import "time"

// Database is an RDS instance or cluster (DBInstance and DBCluster of the RDS
// API Reference).
type Database struct {
	Name            Value[string] `json:"name"`
	Type            Value[string] `json:"type" doc:"instance or cluster"`
	Engine          Value[string] `json:"engine" doc:"e.g. postgres, aurora-mysql"`
	Cluster         Value[string] `json:"cluster" doc:"the cluster that an instance belongs to, which keeps its master password; absent for a cluster or a single instance"`
	Member          Value[bool]   `json:"member" doc:"an instance of a cluster, whichever that is"`
	ReplicaOf       Value[string] `json:"replica_of" doc:"source of a read replica, which keeps its master password; absent for any other"`
	ManagedPassword Value[bool]   `json:"managed_password" doc:"RDS keeps the master password in Secrets Manager and rotates it"`
	Secret          Value[string] `json:"secret" doc:"ARN of the secret with the managed master password; absent when it is not managed"`
	SecretStatus    Value[string] `json:"secret_status" doc:"creating, active, rotating or impaired; absent when the password is not managed"`
	SecretKMSKey    Value[string] `json:"secret_kms_key" doc:"key of that secret; absent when the password is not managed"`

	GlobalCluster    Value[string]   `json:"global_cluster" doc:"the Aurora global database that it belongs to; absent for none"`
	ReplicaRegions   Value[[]string] `json:"replica_regions" doc:"other regions that have a replica of it; [] when none do"`
	CredentialSecret Value[string]   `json:"credential_secret" doc:"ARN of the secret with its credentials: the managed one, or the one that its tag keyproof:secret names"`

	PasswordInCode Value[bool] `json:"password_in_code" doc:"the master password is written out in the infrastructure code; absent in a live account, which has no code"`
}

// Kind returns KindDatabase.
func (*Database) Kind() Kind { return KindDatabase }

// Derive fills whether it is a member of a cluster.
func (d *Database) Derive(time.Time) { d.Member = named(d.Member, d.Cluster) }

// named says whether something is named by an attribute. A file may know that
// without knowing the name: then its reader has said so.
func named[T any](said Value[bool], by Value[T]) Value[bool] {
	switch {
	case said.State() != StateUnknown:
		return said
	case by.State() == StateUnknown:
		return Missing[bool](by.Why())
	default:
		return Known(by.State() == StateKnown)
	}
}
