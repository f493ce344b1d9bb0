package iampolicy

import (
	"slices"
	"strings"
)

// want is an action on all resources of a type. It is asked about by examples:
// a pattern that matches two names which have nothing in common but what AWS
// puts into every name of the type matches all names.
type want struct {
	action  string
	shown   string // how findings name it
	service string // of the ARN
	names   [2]string
}

// place is where resources are: an account in a region.
type place struct{ partition, region, account string }

// probes are the example ARNs of a place.
func (w want) probes(at place) []string {
	arns := make([]string, len(w.names))
	for i, name := range w.names {
		arns[i] = "arn:" + at.partition + ":" + w.service + ":" + at.region + ":" + at.account + ":" + name
	}
	return arns
}

func wants(service string, names [2]string, actions ...string) []want {
	var list []want
	for _, a := range actions {
		list = append(list, want{service + ":" + a, service + ":" + a, service, names})
	}
	return list
}

// secretNames end in the hyphen and six characters that Secrets Manager adds,
// so that "secret:*-??????" counts as all. They share no character beside.
func secretNames() [2]string {
	return [2]string{"secret:qjqjqj-xxxxxx", "secret:W/w_W+w=W.W@W/w_W+w=W.W@Ww-ZZZZZZ"}
}

func parameterNames() [2]string {
	return [2]string{"parameter/qjqjqj", "parameter/W/w_W.W/w_W.W/w_W.W"}
}

// keyNames are ids of keys. An alias in Resource is the alias, never its key
// (KMS Developer Guide, "Specifying KMS keys in IAM policy statements").
func keyNames() [2]string {
	return [2]string{"key/01234567-0123-0123-0123-012345670123", "key/89abcdef-89ab-89ab-89ab-89abcdef89ab"}
}

// rotate is what Secrets Manager does with a function that rotates secrets.
func rotate() []want {
	return wants("lambda", [2]string{"function:qjqjqj", "function:W-w_W-w_W"}, "InvokeFunction")
}

// secretRead has GetSecretValue alone: BatchGetSecretValue, which takes no
// resource but "*", needs GetSecretValue on each secret (BatchGetSecretValue,
// "Required permissions").
func secretRead() []want { return wants("secretsmanager", secretNames(), "GetSecretValue") }

// parameterRead has GetParametersByPath twice: it is authorized by the path that is
// asked for and returns whatever is below, so that the root alone opens all (Systems
// Manager User Guide, "How Parameter Store authorizes parameter retrieval").
func parameterRead() []want {
	return append(
		wants("ssm", parameterNames(), "GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory"),
		wants("ssm", [2]string{"parameter/", "parameter/"}, "GetParametersByPath")...,
	)
}

func decrypt() []want { return wants("kms", keyNames(), "Decrypt", "ReEncryptFrom") }

func destroy() []want {
	return append(wants("secretsmanager", secretNames(), "DeleteSecret"), wants("kms", keyNames(), "ScheduleKeyDeletion")...)
}

// secretAdmin asks by two actions that do not exist and share no letter.
func secretAdmin() []want {
	list := wants("secretsmanager", secretNames(), "Qjqjqj", "Zwzwzw", "GetSecretValue", "PutResourcePolicy", "DeleteSecret")
	for i := range list {
		list[i].shown = "secretsmanager:*"
	}
	return list
}

// admin asks for what an administrator has and others do not: every service,
// and IAM among them, with which one can give oneself the rest. AWS's
// PowerUserAccess is none.
func admin() []want {
	anything := [2]string{"qjqjqj", "W/w_W.W"}
	list := slices.Concat(
		wants("zwz", anything, "Qjqjqj"), wants("qjq", anything, "Zwzwzw"), wants("iam", anything, "Qjqjqj", "Zwzwzw"),
		wants("secretsmanager", secretNames(), "Qjqjqj", "Zwzwzw"), wants("kms", keyNames(), "Qjqjqj", "Zwzwzw"),
		wants("ssm", parameterNames(), "Qjqjqj", "Zwzwzw"),
	)
	for i := range list {
		list[i].shown = "*"
	}
	return list
}

// anyRegion is a region that no policy names: it stands for all that are left when
// a NotResource or a Deny leaves out some.
const anyRegion = "xx-xxxx-1"

// places are where the statement may reach everything: the owner's account in any
// region, and what the patterns themselves name.
func places(patterns []string, owner Owner) []place {
	list := []place{{owner.Partition, "us-east-1", owner.Account}, {owner.Partition, anyRegion, owner.Account}}
	for _, p := range patterns {
		part := strings.SplitN(p, ":", 6)
		at := list[0]
		if len(part) > 3 {
			at.region = instance(part[3])
		}
		if len(part) > 4 {
			if at.account = instance(part[4]); wild(part[4]) && match(part[4], owner.Account) {
				at.account = owner.Account
			}
		}
		if !slices.Contains(list, at) {
			list = append(list, at)
		}
	}
	return list
}

// instance is a text that the pattern matches.
func instance(pattern string) string {
	return strings.Map(func(r rune) rune {
		if r == '*' || r == '?' {
			return 'x'
		}
		return r
	}, pattern)
}

func reachesAll(s *Statement, arns []string) bool {
	return !slices.ContainsFunc(arns, func(arn string) bool { return !s.reaches(arn) })
}
