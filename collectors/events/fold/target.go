package fold

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// target is a name in a record.
type target struct {
	at    scope
	name  string
	exact bool // it may be of the form exact
}

// parseTargets are the names of things of a kind in a record: ARNs, ARNs without the
// random characters at their end, names, aliases and ids. What an ARN says of account
// and region counts; a name is of the account and region of the record. foreign is
// true when it names things of other accounts, or of other kinds: a call from another
// account has a record in the account of the owner too.
func parseTargets(kind model.Kind, e *model.Event) (list []target, foreign bool) {
	texts, _ := e.Targets.Get()
	account, region := e.Account.Or(""), e.Region.Or("")
	for _, text := range texts {
		t := target{at: scope{kind, account, region}, name: text, exact: kind != model.KindSecret}
		if a, ok := parseARN(text); ok {
			if a.kind != kind || account != "" && a.account != account {
				foreign = true
				continue
			}
			t = target{at: scope{kind, a.account, a.region}, name: a.name, exact: true}
		}
		switch kind {
		case model.KindParameter:
			t.name = parameterName(t.name)
		case model.KindKey:
			t.exact = !strings.HasPrefix(t.name, "alias/")
		}
		if t.at.account != "" && t.at.region != "" {
			list = append(list, t)
		}
	}
	return list, foreign
}

// parameterName is a name as ARNs have it: without the slash at its start, and
// without the version or label that a read may ask for (GetParameter, Name).
func parameterName(name string) string {
	name, _, _ = strings.Cut(name, ":")
	return strings.TrimPrefix(name, "/")
}

// thing is what an ARN names.
type thing struct {
	kind                  model.Kind
	account, region, name string
}

// parseARN reads the ARNs of secrets, parameters, keys and aliases:
//
//	arn:aws:secretsmanager:eu-west-1:111122223333:secret:NAME-a1b2c3
//	arn:aws:ssm:eu-west-1:111122223333:parameter/NAME
//	arn:aws:kms:eu-west-1:111122223333:key/ID, …:alias/NAME
//
// ok is false of what is no ARN; an ARN of something else is a thing without a kind.
func parseARN(text string) (_ thing, ok bool) {
	p := strings.SplitN(text, ":", 6)
	if p[0] != "arn" {
		return thing{}, false
	}
	if len(p) != 6 {
		return thing{}, true
	}
	t := thing{region: p[3], account: p[4]}
	ok = false
	switch p[2] {
	case "secretsmanager":
		t.kind = model.KindSecret
		t.name, ok = strings.CutPrefix(p[5], "secret:")
	case "ssm":
		t.kind = model.KindParameter
		t.name, ok = strings.CutPrefix(p[5], "parameter/")
	case "kms":
		t.kind, t.name = model.KindKey, p[5]
		if t.name, ok = strings.CutPrefix(p[5], "key/"); !ok {
			t.name, ok = p[5], strings.HasPrefix(p[5], "alias/")
		}
	}
	if !ok || t.region == "" || t.account == "" {
		return thing{}, true
	}
	return t, true
}
