package detect

import (
	"regexp"
	"strings"
)

// What a value looks like when it is no credential although its name speaks of
// one. Patterns are anchored: a part of a value never excuses the rest.
var (
	numberLike = regexp.MustCompile(`^[+-]?\d+(?:\.\d+)*\s?(?:ms|s|sec|secs|seconds|m|min|mins|minutes|h|hours?|d|days?|weeks?|[kmg]i?b?|%)?$`)
	timeLike   = regexp.MustCompile(`^(?:\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?|P(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?|(?:rate|cron|at)\(.*\)|v\d+(?:\.\d+)*)$`)
	// ARNs, resource ids as EC2 writes them, and other names of AWS.
	awsLike  = regexp.MustCompile(`^(?:arn:aws[a-z-]*:[^\s]*|(?:ami|aki|ari|acl|eipalloc|eni|fs|i|igw|lt|nat|pl|rtb|sg|snap|subnet|tgw|vol|vpc|vpce|vpn)-[0-9a-f]{8}(?:[0-9a-f]{9})?|mrk-[0-9a-f]{32}|alias/.+|AWS(?:CURRENT|PREVIOUS|PENDING))$`)
	uuidLike = regexp.MustCompile(`^(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$`)
	// Lower case only, as host names are written: Summer.Sun may be a password.
	hostLike  = regexp.MustCompile(`^(?:localhost|(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z]{2,18}|\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?)(?::\d+)?$`)
	emailLike = regexp.MustCompile(`^[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,18}$`)
	urlLike   = regexp.MustCompile(`^(?i)(?:jdbc:)?[a-z][a-z0-9+.-]*://[^\s@]*$`)
	pathLike  = regexp.MustCompile(`^(?:[~.]{0,2}/)?[\w.@*{}$+-]+(?:/[\w.@*{}$+-]+)+/?$|^/[\w.-]+/?$`)

	// A value that stands for one kept elsewhere: templates and variables,
	// dynamic references of CloudFormation, and the notations of tools that
	// resolve them (bank-vaults, chamber, vals, the 1Password CLI …).
	referenceLike = regexp.MustCompile(`^(?s)(?:\{\{.+\}\}|\$\{.+\}|\$\(.+\)|\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%|%\(\w+\)[sd]|%[sdvq]|<[^<>]+>|\{\w+\}|` +
		`#\{.+\}#?|@[A-Z_]+@|__[A-Z_]+__|!(?:Ref|Sub|GetAtt|ImportValue)\b.*|ref\+.+)$|` +
		`^(?:vault|ssm|ssm-secure|awsssm|secretsmanager|secrets-manager|aws-secretsmanager|aws-ssm|awssm|parameterstore|parameter-store|sm|op|keyvault|env|file|s3|gcpsm):[\w./#@:-]+$`)
	// Ciphertext, whose key is elsewhere: KMS blobs (their first bytes are
	// fixed), SOPS, Jasypt, Ansible Vault, Vault transit, Spring Cloud Config.
	cipherLike = regexp.MustCompile(`^(?:AQ[EI]CA[A-Za-z0-9+/]{40,}={0,2}|ENC\[.+\]|ENC\(.+\)|\$ANSIBLE_VAULT;(?s:.+)|vault:v\d+:.+|\{cipher\}.+)$`)
	// Verifiers and public halves: nobody logs in with them.
	publicLike = regexp.MustCompile(`^(?s)(?:\$(?:2[abxy]?|1|5|6|y|apr1|argon2\w*|scrypt|pbkdf2[\w-]*)\$.+|\{(?:S?SHA\d*|S?MD5|CRYPT|BCRYPT|PBKDF2)\}.+|SCRAM-SHA-\d+\$.+|` +
		`-----BEGIN (?:[A-Z0-9]+ )?(?:PUBLIC KEY|CERTIFICATE|CERTIFICATE REQUEST|PGP MESSAGE)-----.*|(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+) .+)$`)
	// Placeholders that say of themselves that they are none. "changeme" and
	// "password" are not among them: they work, and are what attackers try first.
	placeholderLike = regexp.MustCompile(`^(?i)(?:to-?do|tbd|fix-?me|placeholder|replace[_ -]?(?:me|this|with.*)|to[_ -]?be[_ -]?(?:set|replaced|defined|filled|determined).*|(?:not|un)[_ -]?set|` +
		`redacted|masked|hidden|sensitive|(?:your|insert|enter|put)[_ -](?:.*[_ -])?(?:here|value|password|passwd|secret|token|key|credentials?)|` +
		`(?:set|managed|stored|injected|provided)[_ -](?:by|in|at|via|from|during)[_ -].*|see[_ -](?:secrets?|vault|ssm|parameter|the)[_ -].*|[x*.•#_-]+)$`)
	nothingLike = regexp.MustCompile(`^(?i)(?:|true|false|yes|no|on|off|null|none|nil|undefined|n/?a|empty|blank|enabled?|disabled?|\[\]|\{\}|""|'')$`)
)

// trivial is what cannot be a credential of any form: nothing, a switch, a number.
func trivial(text string) bool { return nothingLike.MatchString(text) || numberLike.MatchString(text) }

func isReference(text string) bool {
	text = unquote(text)
	return referenceLike.MatchString(text) || cipherLike.MatchString(text) || nothingLike.MatchString(text) || placeholderLike.MatchString(text)
}

// unquote takes one pair of quotes off.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'' || s[0] == '`') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}
