// Package redact replaces what identifies an organization in a snapshot (account
// ids, the names of its resources and principals, its tags) by
// pseudonyms: the same original has the same pseudonym everywhere, so that the
// same rules give the same results.
//
// Regions, dates, settings, random ids of keys and network addresses stay.
package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
)

// Redactor makes pseudonyms. It is not safe for concurrent use.
type Redactor struct {
	key    []byte
	vocab  map[string]bool // words that say nothing of an organization, in lower case
	pieces map[string]bool // what those words are put together of
	kept   map[string]bool // keys and values of tags
	// names are the originals, by pseudonym; pseudonyms the other way round, and
	// folded by originals in lower case.
	names, pseudonyms, folded map[string]string
	phrases                   map[string][]phrase // originals of more than one word, by their first in lower case
}

// New returns a redactor. The same key gives the same pseudonyms, and nobody
// without it can try out which name has which. vocabulary are the texts that
// everybody has, such as the rules: their words are no names, except where a
// resource is named.
func New(key []byte, vocabulary ...[]byte) *Redactor {
	r := &Redactor{
		key: key, vocab: map[string]bool{}, pieces: map[string]bool{}, kept: map[string]bool{},
		names: map[string]string{}, pseudonyms: map[string]string{}, folded: map[string]string{}, phrases: map[string][]phrase{},
	}
	for _, text := range vocabulary {
		r.learn(text)
	}
	return r
}

func (r *Redactor) learn(text []byte) {
	for _, word := range token.FindAll(text, -1) {
		whole := strings.ToLower(string(word))
		r.vocab[whole] = true
		for _, at := range piece.FindAllStringIndex(whole, -1) {
			r.pieces[whole[at[0]:at[1]]] = true
		}
	}
}

var (
	uuid         = `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`
	inText       = regexp.MustCompile(`\b(?:` + uuid + `|\d{12})\b`) // the end of an id of a key may be twelve digits, which are no account
	account      = regexp.MustCompile(`\b\d{12}\b`)
	organization = regexp.MustCompile(`\b(?:o-[a-z0-9]{10,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|r-[0-9a-z]{4,32})\b`)
	arn          = regexp.MustCompile(`\barn:[a-z*?-]+:[a-z0-9*?-]*:[a-z0-9*?-]*:[^:\s"']*:[^\s"'<>,\]\[]*[^\s"'<>,\]\[.;:)]`)
	mail         = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	keyID        = regexp.MustCompile(`^(?:` + uuid + `|mrk-[0-9a-f]{32})$`)
	suffix       = regexp.MustCompile(`^(.+)(-[A-Za-z0-9]{6})$`) // of a secret's ARN
)

// Account is the pseudonym of an account id: twelve digits too. What is none
// stays.
func (r *Redactor) Account(id string) string {
	if !account.MatchString(id) || len(id) != 12 {
		return id
	}
	return r.pseudonym(id, func(sum []byte) string {
		return fmt.Sprintf("%012d", binary.BigEndian.Uint64(sum)%1_000_000_000_000)
	})
}

// Name is the pseudonym of a name, part by part: what stands between slashes and
// colons. Wildcards, ids of accounts and keys, and words of AWS's own stay or have
// their own pseudonyms.
func (r *Redactor) Name(name string) string {
	if arn.FindString(name) == name && name != "" {
		return r.arn(name)
	}
	return r.parts(name)
}

func (r *Redactor) parts(name string) string {
	var out strings.Builder
	start := 0
	for i := 0; i <= len(name); i++ {
		if i < len(name) && !strings.ContainsRune("/:*?", rune(name[i])) {
			continue
		}
		out.WriteString(r.part(name[start:i]))
		if i < len(name) {
			out.WriteByte(name[i])
		}
		start = i + 1
	}
	return out.String()
}

// ours are the words of AWS that stand where names do.
var ours = map[string]bool{
	"": true, "aws": true, "alias": true, "key": true, "secret": true, "parameter": true, "function": true, "role": true, "user": true,
	"group": true, "policy": true, "root": true, "assumed-role": true, "trail": true, "db": true, "cluster": true, "global-cluster": true,
	"log-group": true, "log-stream": true, "service-role": true, "aws-service-role": true, "aws-reserved": true, "sso.amazonaws.com": true,
	"eventdatastore": true, "rule": true, "alarm": true, "federated-user": true, "$LATEST": true,
}

func (r *Redactor) part(p string) string {
	switch {
	case ours[p] || keyID.MatchString(p) || strings.HasPrefix(p, "AWSServiceRoleFor") || strings.HasSuffix(p, ".amazonaws.com"):
		return p
	case account.MatchString(p) && len(p) == 12:
		return r.Account(p)
	}
	return r.pseudonym(p, short("n"))
}

// Keep lists keys and values of tags that stay: rules compare with them.
func (r *Redactor) Keep(values ...string) {
	for _, v := range values {
		r.kept[v] = true
	}
}

// Value is the pseudonym of the value of a tag; no value stays none.
func (r *Redactor) Value(v string) string {
	if v == "" || r.kept[v] {
		return v
	}
	return r.whole(v)
}

// whole is the pseudonym of a text as a whole, but for accounts and ARNs, which have
// the one that they have elsewhere: whichever is met first.
func (r *Redactor) whole(text string) string {
	switch {
	case account.FindString(text) == text:
		return r.Account(text)
	case arn.FindString(text) == text:
		return r.arn(text)
	}
	return r.pseudonym(text, short("n"))
}

func short(prefix string) func([]byte) string {
	return func(sum []byte) string {
		return prefix + strings.ToLower(base32.HexEncoding.EncodeToString(sum))[:10]
	}
}

// pseudonym of an original; make writes it from a keyed hash.
func (r *Redactor) pseudonym(original string, make func(sum []byte) string) string {
	if p, ok := r.pseudonyms[original]; ok {
		return p
	}
	if _, ok := r.names[original]; ok {
		return original // it is a pseudonym already
	}
	for n := byte(0); ; n++ {
		mac := hmac.New(sha256.New, r.key)
		mac.Write([]byte{n})
		mac.Write([]byte(original))
		p := make(mac.Sum(nil))
		if _, taken := r.names[p]; taken {
			continue
		}
		r.names[p], r.pseudonyms[original] = original, p
		r.remember(original, p)
		return p
	}
}

// arn replaces the account and the names in an ARN.
func (r *Redactor) arn(text string) string {
	f := strings.SplitN(text, ":", 6)
	rest := f[5]
	switch {
	case f[4] == "aws": // a policy of AWS's own
		return text
	case f[2] == "secretsmanager":
		if name, ok := strings.CutPrefix(rest, "secret:"); ok {
			tail := ""
			if m := suffix.FindStringSubmatch(name); m != nil {
				name, tail = m[1], m[2]
			}
			rest = "secret:" + r.parts(name) + tail
			break
		}
		rest = r.parts(rest)
	default:
		rest = r.parts(rest)
	}
	f[4] = r.parts(f[4])
	return strings.Join(f[:5], ":") + ":" + rest
}

// Text replaces what it finds in a text: ARNs, accounts, organizations, mail
// addresses and every name that was met before, but for words of the vocabulary.
func (r *Redactor) Text(text string) string {
	return r.words(r.marked(text), true)
}

// Setting is Text for the value of a parameter, which rules compare with whole
// words: names that are a part of a word stay.
func (r *Redactor) Setting(text string) string {
	return r.words(r.marked(text), false)
}

// marked replaces what shows by its form what it is.
func (r *Redactor) marked(text string) string {
	text = arn.ReplaceAllStringFunc(text, r.arn)
	text = organization.ReplaceAllStringFunc(text, func(id string) string {
		prefix, _, _ := strings.Cut(id, "-")
		return r.pseudonym(id, short(prefix+"-"))
	})
	text = mail.ReplaceAllStringFunc(text, r.Value)
	return inText.ReplaceAllStringFunc(text, r.Account)
}

// Names are the originals by their pseudonyms.
func (r *Redactor) Names() map[string]string { return r.names }
