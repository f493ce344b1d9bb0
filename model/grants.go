package model

// Grants are what identity policies allow on all of something at once, the same
// for a managed policy and for a principal. What a policy allows on chosen
// resources is not here. All are unknown when a document could not be read.
type Grants struct {
	AdminGrants         Value[[]Grant] `json:"admin_grants" doc:"statements that allow every action on every resource; [] when there is none"`
	SecretAdminGrants   Value[[]Grant] `json:"secret_admin_grants" doc:"statements that allow every action of Secrets Manager on all secrets"`
	SecretReadGrants    Value[[]Grant] `json:"secret_read_grants" doc:"statements that allow reading the values of all secrets"`
	ParameterReadGrants Value[[]Grant] `json:"parameter_read_grants" doc:"statements that allow reading the values of all parameters"`
	DecryptGrants       Value[[]Grant] `json:"decrypt_grants" doc:"statements that allow decrypting with all KMS keys"`
	DestroyGrants       Value[[]Grant] `json:"destroy_grants" doc:"statements that allow deleting all secrets or scheduling the deletion of all keys"`
}

// Grant is one statement that allows something on all resources of a type, at
// least in one region. No Deny of the same policies takes it away as a whole.
type Grant struct {
	Policy     string   `json:"policy"`     // name of the policy that has the statement
	SID        string   `json:"sid"`        // or its place, "#2"
	Actions    []string `json:"actions"`    // of those asked for, the ones that it allows
	Resources  []string `json:"resources"`  // patterns that reach all, as written
	Conditions []string `json:"conditions"` // condition keys, lower case; "… if it is there" where it holds without
	Limits     []string `json:"limits"`     // of these, the ones that leave only chosen resources
}

// UnknownGrants are the grants of policies that could not be read.
func UnknownGrants(why Unknown) Grants {
	var g Grants
	for _, list := range g.All() {
		*list = Missing[[]Grant](why)
	}
	return g
}

// All are the attributes, to be read or set.
func (g *Grants) All() []*Value[[]Grant] {
	return []*Value[[]Grant]{
		&g.AdminGrants, &g.SecretAdminGrants, &g.SecretReadGrants, &g.ParameterReadGrants, &g.DecryptGrants, &g.DestroyGrants,
	}
}
