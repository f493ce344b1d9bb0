package detect

import "strings"

// class is what a name says that its value is. The words are also the places
// that findings name, so that no text of a value is ever needed for it.
type class string

const (
	classNone     class = ""
	classPassword class = "password"
	classSecret   class = "secret" // also "credentials"
	classToken    class = "token"
	classKey      class = "key"
	// classCipher is a key that encrypts or signs. Its name often holds the id
	// of a KMS key, which is no credential.
	classCipher class = "encryption key"
	// classWeak is a name that hints at a credential and often is none
	// (CACHE_KEY, /app/secrets/host): only random-looking values count.
	classWeak class = "credential"
)

// rule is the id of the finding on a name of the class.
func (c class) rule() string { return "named-" + strings.ReplaceAll(string(c), " ", "-") }

// Rules of our own beside those on names.
const (
	ruleURLPassword = "url-password"
	ruleURLSigned   = "url-signature"
	ruleAuthHeader  = "authorization-header"
	ruleNetrc       = "netrc-password"
	rulePrivateKey  = "private-key" // gitleaks' id, with a wider pattern
	ruleAWSKey      = "aws-access-token"
	ruleJWT         = "jwt"
	ruleUnread      = "unclassified"
)

func ownTitles() map[string]string {
	return map[string]string{
		classPassword.rule(): "literal password",
		classSecret.rule():   "literal secret",
		classToken.rule():    "literal token",
		classKey.rule():      "literal API or access key",
		classCipher.rule():   "literal encryption or signing key",
		classWeak.rule():     "random-looking literal under a name that speaks of keys or secrets",
		ruleURLPassword:      "password inside a URL",
		ruleURLSigned:        "URL with a signature that grants access",
		ruleAuthHeader:       "Authorization header",
		ruleNetrc:            "password in a netrc file",
		rulePrivateKey:       "private key",
		ruleAWSKey:           "AWS access key id",
		ruleJWT:              "JSON Web Token",
		ruleUnread:           "value that could not be classified: look at it by hand",
	}
}
