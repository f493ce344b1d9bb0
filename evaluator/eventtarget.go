package evaluator

import (
	"regexp"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// target is a resource that an event is about, as far as the record names it.
type eventTarget struct {
	id   model.ResourceID
	name string
}

// targetsOf are the resources that an event is about, the first maxTargets. An
// event that names none, or does not say, is its own: it has the name of the
// event. The ARN of a resource and its name beside it are one.
func targetsOf(e *model.Event) []eventTarget {
	names, _ := e.Targets.Get()
	var list []eventTarget
	for _, name := range names {
		if len(list) == maxTargets {
			break
		}
		if name == "" || slices.ContainsFunc(names, func(arn string) bool { return arn != name && isNameOf(name, arn) }) {
			continue
		}
		if t := targetNamed(e, name); !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	if len(list) == 0 {
		id := model.ResourceID{Kind: model.KindEvent, Account: e.Account.Or(""), Region: e.Region.Or(""), ID: e.Source + ":" + e.Name}
		list = append(list, eventTarget{id, e.Name})
	}
	return list
}

// maxTargets is how many resources of one event have a row; BatchGetSecretValue
// takes 20 at most.
const maxTargets = 50

// isNameOf says whether an ARN is that of what has a name. Those of secrets end
// in a dash and six characters ("What's in a secret?").
func isNameOf(name, arn string) bool {
	if !strings.HasPrefix(arn, "arn:") || strings.HasPrefix(name, "arn:") {
		return false
	}
	name = strings.TrimPrefix(name, "/")
	for _, end := range []string{arn, bare(arn)} {
		if rest, ok := strings.CutSuffix(end, name); ok && (strings.HasSuffix(rest, ":") || strings.HasSuffix(rest, "/")) {
			return true
		}
	}
	return false
}

// bare is the ARN of a secret without its random end; others are what they are.
func bare(arn string) string {
	if strings.Contains(arn, ":secretsmanager:") {
		return randomEnd.ReplaceAllString(arn, "")
	}
	return arn
}

var randomEnd = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// targetNamed is the resource that a record names by an ARN, an id or a name.
func targetNamed(e *model.Event, name string) eventTarget {
	t := eventTarget{model.ResourceID{Kind: model.KindEvent, Account: e.Account.Or(""), Region: e.Region.Or(""), ID: name}, name}
	arn := name
	if !strings.HasPrefix(name, "arn:") {
		arn = arnOf(e, name)
	}
	part := strings.SplitN(arn, ":", 6)
	if len(part) < 6 || part[0] != "arn" {
		if e.Source == "secretsmanager.amazonaws.com" {
			t.id.Kind = model.KindSecret // by its name: the ARN has a random end
		}
		return t
	}
	t.id.ID = arn
	if part[3] != "" {
		t.id.Region = part[3]
	}
	if part[4] != "" {
		t.id.Account = part[4]
	}
	kind, rest := part[5], ""
	if i := strings.IndexAny(kind, ":/"); i >= 0 {
		kind, rest = kind[:i], kind[i+1:]
	}
	switch part[2] + " " + kind {
	case "secretsmanager secret":
		t.id.Kind, t.name = model.KindSecret, randomEnd.ReplaceAllString(rest, "")
	case "ssm parameter":
		t.id.Kind, t.name = model.KindParameter, "/"+rest
	case "kms key", "kms alias":
		t.id.Kind, t.name = model.KindKey, rest
	case "cloudtrail trail":
		t.id.Kind, t.name = model.KindTrail, rest
	case "lambda function":
		t.id.Kind = model.KindFunction
		t.name, _, _ = strings.Cut(rest, ":") // a version or alias of it is it
		t.id.ID = strings.Join(part[:5], ":") + ":function:" + t.name
	case "rds db", "rds cluster":
		t.id.Kind, t.name = model.KindDatabase, rest
	case "iam role", "iam user":
		t.id.Kind, t.id.Region, t.name = model.KindPrincipal, model.RegionGlobal, rest[strings.LastIndex(rest, "/")+1:]
	}
	return t
}

// arnOf is the ARN of what a record names by less, where the name says it; else
// it is empty.
func arnOf(e *model.Event, name string) string {
	account, region := e.Account.Or(""), e.Region.Or("")
	if account == "" || region == "" || strings.Contains(name, ":") {
		return ""
	}
	partition := "aws"
	switch {
	case strings.HasPrefix(region, "cn-"):
		partition = "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		partition = "aws-us-gov"
	}
	arn := func(service, resource string) string {
		return strings.Join([]string{"arn", partition, service, region, account, resource}, ":")
	}
	switch e.Source {
	case "ssm.amazonaws.com":
		return arn("ssm", "parameter/"+strings.TrimPrefix(name, "/"))
	case "kms.amazonaws.com":
		if strings.HasPrefix(name, "alias/") {
			return arn("kms", name)
		}
		return arn("kms", "key/"+name)
	case "cloudtrail.amazonaws.com":
		return arn("cloudtrail", "trail/"+name)
	case "lambda.amazonaws.com":
		return arn("lambda", "function:"+name)
	case "rds.amazonaws.com":
		if strings.Contains(e.Name, "DBCluster") {
			return arn("rds", "cluster:"+name)
		}
		return arn("rds", "db:"+name)
	case "s3.amazonaws.com":
		return "arn:" + partition + ":s3:::" + name
	}
	return ""
}
