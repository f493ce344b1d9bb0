package detect

import "strings"

// The words that names of parameters and variables are judged by. They are
// lists of facts about English and AWS habits; never written to.
var (
	terms = map[string]class{
		"password": classPassword, "passwords": classPassword, "passwd": classPassword, "pwd": classPassword,
		"pw": classPassword, "pass": classPassword, "passphrase": classPassword, "passcode": classPassword,
		"passwort": classPassword, "userpass": classPassword,
		"secret": classSecret, "secrets": classSecret, "credential": classSecret, "credentials": classSecret,
		"cred": classSecret, "creds": classSecret,
		"token": classToken, "tokens": classToken,
		"apikey": classKey, "apikeys": classKey, "secretkey": classKey, "accesskey": classKey,
		"privatekey": classKey, "signingkey": classCipher, "encryptionkey": classCipher, "masterkey": classCipher,
		"authkey": classKey, "accountkey": classKey, "sharedaccesskey": classKey, "sharedkey": classKey,
	}
	// fused are the terms that end a word only if they are meant: no English
	// word ends in them.
	fused = []string{
		"password", "passwd", "passphrase", "credentials", "credential", "secret", "token",
		"apikey", "secretkey", "accesskey", "privatekey",
	}
	// keyWords make a secret of the "key" after them.
	keyWords = set(`api secret private access auth authentication authorization account shared storage deploy hmac
		jwt session webhook integration ingest ingestion consumer subscription cookie server license admin root`)
	cipherWords = set(`signing signature sign encryption encrypt decryption decrypt master crypto cipher aes data`)
	// plainKeyWords make an ordinary thing of the "key" after them.
	plainKeyWords = set(`public publishable pub anon partition sort range hash primary foreign object s3 bucket cache
		idempotency kms cmk index group lock dedup deduplication message map dictionary json tag label metric host
		registry answer hot state config configuration settings field column row string`)
	weakWords = set(`key keys auth authorization bearer sas`)
	// publicWords right before a term make it no secret: NEXT_TOKEN is a
	// cursor, MAX_TOKENS a number.
	publicWords = set(`public publishable pub csrf xsrf next page pagination continuation max min num total no non`)
	// aboutWords after a term make the name be about it.
	aboutWords = set(`arn arns id ids identifier name names alias aliases url urls uri uris endpoint endpoints host
		hosts hostname port domain path paths file files filename filepath dir directory folder location ttl expiry
		expires expire expiration lifetime validity duration age timeout interval days hours minutes seconds
		policy policies min max minimum maximum length len size count limit limits quota rotation rotate rotator
		history prefix suffix table bucket queue topic stream index store region enabled enable disabled required
		type types kind format version versions stage algorithm alg issuer audience scope scopes claim claims field
		fields header headers param params parameter parameters label labels tag tags role roles username owner
		email service provider providers manager backend engine namespace mount source template subject hint
		question regex pattern complexity strength rule rules reset recovery change changed hash fingerprint
		thumbprint checksum digest cache budget usage price cost address schedule cron validator validation
		handler lambda function encrypted ref reference exists level mode connections attempts retries`)
	// neutralWords at the end of a name say nothing.
	neutralWords = set(`prod production prd dev development stg stage staging test testing qa uat live sandbox value
		val current old new prev previous primary secondary main default plain plaintext text raw string str
		base b encoded v rw ro master replica`)
)

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}
