package iampolicy

import (
	"slices"
	"strings"
)

// resourceKeys are the condition keys that say which resources a statement is
// about, by prefix in lower case ("Actions, resources, and condition keys" for
// Secrets Manager, Systems Manager and KMS in the Service Authorization
// Reference).
//
// secretsmanager:resource/AllowRotationLambdaArn is the function that rotates a
// secret: the roles that AWS's own templates make for rotation functions name all
// secrets with this condition.
//
// Not here, on purpose: kms:ViaService and aws:CalledVia say by which way a
// resource is reached, aws:PrincipalTag and aws:MultiFactorAuthPresent who
// reaches it, aws:ResourceAccount that it is one's own. All of them leave all of
// the resources.
func resourceKeys() []string {
	return []string{
		"aws:resourcetag/", "secretsmanager:resourcetag/", "ssm:resourcetag/",
		"secretsmanager:secretid", "secretsmanager:resource/allowrotationlambdaarn", "kms:resourcealiases", "kms:requestalias", "kms:encryptioncontext:",
	}
}

// resourceLimits are the keys of the conditions that leave only chosen resources
// of those that the patterns reach.
func (s *Statement) resourceLimits() []string {
	var keys []string
	for _, c := range s.Conditions {
		if c.choosesResources() {
			keys = append(keys, c.Key)
		}
	}
	return unique(keys)
}

// choosesResources: a negated operator leaves all but a few, one that holds
// without the key leaves those that lack it, and a value that everything fits
// leaves everything. A policy variable is a choice: the principal's tag decides.
func (c Condition) choosesResources() bool {
	named := slices.ContainsFunc(resourceKeys(), func(prefix string) bool { return strings.HasPrefix(c.Key, prefix) })
	if !named || c.ForAll || c.IfExists || !c.equals() || c.Operator == "ipaddress" || len(c.Values) == 0 {
		return false
	}
	if strings.HasPrefix(c.Operator, "stringequals") { // takes a wildcard literally
		return true
	}
	return !slices.ContainsFunc(c.Values, fitsAll)
}

// fitsAll says whether a pattern is nothing but wildcards, or matches every alias
// of a key, all of which begin alike (KMS API Reference, CreateAlias), or every ARN
// of a secret or a parameter, as a key's encryption context holds them, or of a
// function, which may be the one that rotates a secret.
func fitsAll(pattern string) bool {
	if strings.Trim(pattern, "*?") == "" || match(pattern, "alias/qjqjqj") && match(pattern, "alias/W-w_W/w_W") {
		return true
	}
	s, owner := &Statement{Resources: []string{pattern}}, Owner{"aws", "000000000000"}
	if part := strings.Split(pattern, ":"); len(part) > 1 && !wild(part[1]) {
		owner.Partition = part[1]
	}
	for _, w := range slices.Concat(secretRead(), wants("ssm", parameterNames(), "GetParameter"), rotate()) {
		for _, at := range places(s.Resources, owner) {
			if reachesAll(s, w.probes(at)) {
				return true
			}
		}
	}
	return false
}
