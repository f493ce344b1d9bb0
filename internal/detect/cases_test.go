package detect

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClassify(t *testing.T) {
	d := newDetector(t)
	for _, c := range cases() {
		t.Run(c.name+"="+c.label, func(t *testing.T) {
			assert.ElementsMatch(t, c.want, at(d.Classify(c.name, c.value)))
		})
	}
}

type testCase struct {
	name, value string
	label       string // shown instead of the value
	want        []string
}

func yes(name, value, label string, want ...string) testCase {
	return testCase{name, value, label, want}
}

func no(name, value string) testCase { return testCase{name: name, value: value, label: value} }

// cases are names and values with what is to be found; the second half is what
// looks alike and is none.
func cases() []testCase {
	const s = "FAKE" + sentinel
	return []testCase{
		// Names that hold a literal.
		yes("DB_PASSWORD", s, "literal", "named-password"),
		yes("dbPassword", s, "literal", "named-password"),
		yes("MYSQL_ROOT_PASSWORD", "changeme", "default that works", "named-password"),
		yes("MYSQL_ROOT_PASSWORD", "password", "default that works", "named-password"),
		yes("PGPASSWORD", s, "fused name", "named-password"),
		yes("ADMIN_PWD", "Xy7!", "short", "named-password"),
		yes("DB_PASS", s, "literal", "named-password"),
		yes("DB_PW_PROD", s, "neutral tail", "named-password"),
		yes("DB_PASSWORD_2", s, "neutral tail", "named-password"),
		yes("/prod/db/password/current", s, "neutral segment", "named-password"),
		yes("/prod/db/password", "12345678", "digits", "named-password"),
		yes("API_TOKEN", "9182736450918273", "digits", "named-token"),
		yes("CLIENT_SECRET", "91827364509182736450", "digits", "named-secret"),
		yes("/app/config", `{"token":9182736450918273}`, "JSON number", "named-token@token"),
		yes("BASIC_AUTH", "app:"+s, "user and password", "named-secret"),
		yes("/app/basicAuth", "user:pass", "user and password", "named-secret"), yes("BASIC_AUTH", "user:p@ss$1", "user and password", "named-secret"),
		yes("/app/env", "LEVEL=info\nBASIC_AUTH=app:"+s, "user and password", "named-secret@secret"),
		yes("/prod/db/password", "correct horse battery staple", "passphrase", "named-password"),
		yes("/prod/db/password", "Summer.Sun", "no host name", "named-password"),
		yes("/prod/db/password", "hello.world", "no host name either", "named-password"),
		yes("/prod/db/password", "Hello/World1", "no path", "named-password"),
		yes("/prod/db/password", "1234567d", "no duration", "named-password"),
		yes("/prod/db/password", "pa,ss,word1", "commas", "named-password"),
		yes("/prod/db/password", "a=b="+s, "equals signs", "named-password"),
		yes("/prod/db/password", `"`+s+`"`, "quoted", "named-password"),
		yes("/prod/db/password", "prod-db-password", "readable", "named-password"),
		yes("REDIS_AUTH_TOKEN", s+"123", "literal", "named-token"),
		yes("githubToken", s+"123", "literal", "named-token"),
		yes("SLACK_TOKEN", "0f8fad5b-d9cb-469f-a165-70867728950e", "UUID", "named-token"),
		yes("TOKEN_GITHUB", s, "term first", "named-token"),
		yes("JWT_SECRET", "secret", "weak", "named-secret"),
		yes("JWT_SECRET", "my-secret-key", "tutorial", "named-secret"),
		yes("SECRET_KEY_BASE", hex32+hex32, "rails", "named-key"),
		yes("client-secret", s, "literal", "named-secret"),
		yes("/app/oauth/clientSecret", s, "literal", "named-secret"),
		yes("DB_CREDENTIALS", "app:"+s, "pair", "named-secret"),
		yes("STRIPE_API_KEY", s+"1234", "literal", "named-key"),
		yes("apikey", s+"1234", "literal", "named-key"),
		yes("AWS_SECRET_ACCESS_KEY", awsKey, "40 characters", "named-key"),
		yes("JWT_SIGNING_KEY", s+"1234", "literal", "named-encryption-key"),
		yes("OPENAI_KEY", hex32, "random", "named-credential"),
		yes("/app/secrets/stripe", hex32, "container", "named-credential"),
		// Forms.
		yes("X", akid2, "AWS key", "aws-access-token"),
		yes("AWS_ACCESS_KEY_ID", akid2, "AWS key", "aws-access-token"),
		yes("X", "user "+akid+" rest", "documented AWS key", "aws-access-token"),
		yes("GH", ghp, "GitHub", "github-pat"),
		yes("X", "ghp"+"_"+"x9Kq2mVb7falseLwp8NfH3cYd6GsJ1aEu5Qo", "the word false inside", "github-pat"),
		yes("X", akid2+" # gitleaks:allow", "a comment excuses nothing", "aws-access-token"),
		yes("GITHUB_TOKEN", ghp, "GitHub, said once", "github-pat"),
		yes("SESSION", jwt, "JWT", "jwt"),
		yes("X", pem, "PEM", "private-key"),
		yes("X", `"-----BEGIN `+`PRIVATE KEY-----\nMIIE`+s+`\n-----END `+`PRIVATE KEY-----"`, "escaped PEM", "private-key"),
		yes("X", "-----BEGIN OPENSSH "+"PRIVATE KEY-----", "heading alone", "private-key"),
		yes("DATADOG_API_KEY", "a1b2c3d4e5f6a7b8c9d0"+"e1f2a3b4c5d6e7f8a9b0", "vendor by name", "datadog-access-token"),
		yes("/prod/datadog/api-key", "a1b2c3d4e5f6a7b8c9d0"+"e1f2a3b4c5d6e7f8a9b0", "vendor by path", "datadog-access-token"),
		yes("DSN", dsn("postgres"), "postgres", "url-password"),
		yes("DSN", dsn("mysql+pymysql"), "mysql", "url-password"),
		yes("DSN", dsn("mongodb+srv")+"?retryWrites=false", "the word false excuses nothing", "url-password"),
		yes("REDIS_URL", "redis://:"+s+"@cache:6379/0", "no user", "url-password"),
		yes("BROKER", dsn("amqps"), "amqps", "url-password"),
		yes("UPSTREAM", "https://bob:"+s+"@api.example.com/v1", "basic", "url-password"),
		yes("DSN", "postgres://app:pa@ss"+s+"@db/app", "unescaped at", "url-password"),
		yes("HEADERS", "Authorization: Basic "+"Ym9iOkZBS0VTRU5USU5FTA==", "basic header", "authorization-header"),
		yes("REPORT_URL", "https://x.blob.core.windows.net/c/b?sv=2024&sig="+"aB3dE5fG7hJ9kL1mN3pQ%3D", "signed", "url-signature"),
		yes("NETRC", "machine example.com login bob password "+s, "netrc", "netrc-password"),
		// Fields.
		yes("CONN", "Server=db;Database=app;User Id=sa;Password="+s+";", "ADO.NET", "named-password@password"),
		yes("CONN", "host=db user=app password="+s+" dbname=app", "libpq", "named-password@password"),
		yes("JDBC", "jdbc:mysql://db/app?user=app&password="+s, "JDBC", "named-password@password"),
		yes("STORAGE", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey="+"c2VudGluZWw1"+hex32+"==;", "Azure", "named-key@key"),
		yes("/app/config", `{"db":{"user":"app","password":"`+s+`"}}`, "nested JSON", "named-password@password"),
		yes("/app/config", `{"user":"app","client_secret":"`+s+`","token":"`+s+`123"}`, "JSON", "named-secret@secret", "named-token@token"),
		yes("/app/config", `{"password":{"value":"`+s+`"}}`, "JSON path", "named-password@password"),
		yes("/prod/db/password", `{"value":"`+s+`"}`, "path and JSON", "named-password@password"),
		yes("/app/config", `{"dsn":"postgres:\/\/app:`+s+`@db\/app"}`, "escaped JSON", "url-password"),
		yes("/app/config", `{"env":[{"name":"DB_PASSWORD","value":"`+s+`"}]}`, "name and value", "named-password@password"),
		yes("/app/config", `{"inner":"{\"password\":\"`+s+`\"}"}`, "JSON in JSON", "named-password@password"),
		yes("/app/config", `{"password":12345678}`, "JSON number", "named-password@password"),
		yes("/app/config", `["x",{"token":"`+s+`123"}]`, "JSON array", "named-token@token"),
		yes("/app/config", `{"password":"`+s+`"`, "cut JSON", "named-password@password"),
		yes("/app/env", "STAGE=prod\nexport DB_PASSWORD='"+s+"'\n", "dotenv", "named-password@password"),
		yes("/app/env", "# settings\nDB_HOST=db\nDB_PASSWORD=\""+s+"\"", "dotenv", "named-password@password"),
		yes("/app/yaml", "db:\n  host: db\n  password: "+s+"\n", "YAML", "named-password@password"),
		yes("/app/yaml", "users:\n  - name: bob\n    apiToken: '"+s+"123'\n", "YAML", "named-token@token"),
		yes("/app/xml", "<server><username>x</username><password>"+s+"</password></server>", "XML", "named-password@password"),
		yes("/app/xml", `<add key="DbPassword" value="`+s+`"/>`, ".NET", "named-password@password"),
		yes("/app/props", "spring.datasource.password="+s+"\nspring.datasource.url=jdbc:h2:mem", "properties", "named-password@password"),
		yes("/app/run", "./run --token="+s+"123 --verbose", "command line", "named-token@token"),

		// Nothing to see: names.
		no("KEY_PREFIX", "abc"), no("TOKEN_URL", "https://auth.example.com/oauth2/token"), no("TOKEN_TTL", "3600s"),
		no("SECRET_NAME", "prod-db"), no("SECRET_ID", "prod/db"), no("DB_SECRET", "prod/payments/db"),
		no("DB_SECRET", "prod-db-credentials"), no("GITHUB_TOKEN_SECRET_NAME", "github"), no("AUTH_TOKEN", "github-token"),
		no("PASSWORD_MIN_LENGTH", "14"), no("PASSWORD_POLICY", "Strong1"), no("password-policy", "upper,lower,digit"),
		no("MAX_TOKENS", "4096"), no("NEXT_TOKEN", s), no("PASSWORD_RESET_TEMPLATE", "welcome-mail"),
		no("API_TOKEN", "123456789012"), no("REFRESH_TOKEN", "1700000000000"), no("SIGNING_KEY", "1234567890123456"), no("DISCORD_CLIENT_ID", "123456789012345678"),
		no("MAX_TOKENS", "1000000000000000"), no("BASIC_AUTH", "proxy:8080"), no("BASIC_AUTH", "enabled"), no("BASIC_AUTH", "admin:$apr1$ruca84Hq$mbjdMZBAG.KWn7vfN/SNK/"),
		no("BASIC_AUTH", "app:${PASSWORD}"), no("BASIC_AUTH", "https://auth.example.com"), no("BASIC_AUTH", "/etc/nginx/.htpasswd"), no("BASIC_AUTH_REALM", "site:Restricted"),
		no("BASIC_AUTH", "arn:aws:secretsmanager:us-east-1:123456789012:secret:x-AbCdEf"), no("BASIC_AUTH", "ssm:/app/basic-auth"), no("BASIC_AUTH", "vault:secret/app#auth"),
		no("KMS_KEY_ID", "1234abcd-12ab-34cd-56ef-1234567890ab"), no("ENCRYPTION_KEY", "1234abcd-12ab-34cd-56ef-1234567890ab"),
		no("KMS_KEY", "alias/app"), no("CACHE_KEY", hex32), no("PARTITION_KEY", "tenant"), no("PUBLIC_KEY", hex32),
		no("STRIPE_PUBLISHABLE_KEY", "pk_live_"+hex32), no("AUTH_DOMAIN", "dev-abc123.us.auth0.com"),
		no("AUTHOR", "Ada Lovelace"), no("COMPASS", "north"), no("SECRETARY", "Grace"), no("TOKENIZER", "bert-base"),
		no("HEROKU_APP_ID", "0f8fad5b-d9cb-469f-a165-70867728950e"), no("SECRETS_MANAGER_ENDPOINT", "https://vpce-1.example.com"),
		no("/app/secrets/username", "app"), no("/app/secrets/db-host", "db.internal"), no("/app/tokens/issuer-id", hex32),
		no("PASSWORD_HASH", "5f4dcc3b5aa765d61d8327deb882cf99"), no("ROTATION_TOKEN_VERSION", "v3"),
		// Values.
		no("DB_PASSWORD", ""), no("DB_PASSWORD", "null"), no("USE_PASSWORD", "true"), no("DB_PASSWORD", "${DB_PASSWORD}"),
		no("DB_PASSWORD", "$DB_PASSWORD"), no("DB_PASSWORD", "{{resolve:ssm-secure:/prod/db/password:1}}"),
		no("DB_PASSWORD", "arn:aws:secretsmanager:us-east-1:123456789012:secret:x-AbCdEf"), no("DB_PASSWORD", "/prod/db/password"),
		no("DB_PASSWORD", "prod/db/password"), no("DB_PASSWORD", "db.internal.example.com"), no("DB_PASSWORD", "3600s"),
		no("SECRET_STAGE", "AWSCURRENT"), no("SECRET_STRING_KEY", "password"), no("SECRETS_EXTENSION_LOG_LEVEL", "verbose"),
		no("DB_PASSWORD", "ssm:/prod/db/password"), no("DB_PASSWORD", "vault:secret/data/db#password"),
		no("DB_PASSWORD", "<password>"), no("DB_PASSWORD", "TODO"), no("DB_PASSWORD", "REPLACE_ME"), no("DB_PASSWORD", "xxxx"),
		no("DB_PASSWORD", "********"), no("DB_PASSWORD", "your-password-here"), no("DB_PASSWORD", cipher),
		no("DB_PASSWORD", "ENC[AES256_GCM,data:abc,iv:def]"), no("DB_PASSWORD", "$2b$12$abcdefghijklmnopqrstuv"),
		no("/run/db-password", "/run/secrets/db_password"), no("API_TOKEN", "https://sts.example.com/token"),
		no("SSH_PUBLIC_KEY", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 bob"), no("SIGNING_KEY", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"),
		no("DSN", "postgres://app:${DB_PASSWORD}@db/app"), no("DSN", "postgres://app@db/app"), no("DSN", "postgres://app:****@db/app"),
		no("URL", "https://cdn.example.com:443/img@2x.png"), no("URL", "https://host:8443?mail=a@b.example"),
		no("CONN", "Server=db;Password=${PW};User Id=sa"), no("/app/config", `{"password":"{{resolve:secretsmanager:x}}"}`),
		no("/app/config", `{"password_policy":{"min_length":14},"token_ttl":"1h","secret_name":"prod/db"}`),
		no("/app/env", "DB_SECRET_ARN=arn:aws:secretsmanager:eu-west-1:123456789012:secret:x\nTOKEN_URL=https://x.example\n"),
		no("/docs/password-help", "Passwords must be at least 14 characters long."),
		no("/docs/help", "Password: must be at least 14 characters"), no("/app/yaml", "password:\n  min: 14\n"),
		no("/app/credentials", `{"host":"db","port":5432}`), no("/app/certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"),
		no("/network/cidr", "10.0.0.0/16"), no("/app/version", "1.4.2"), no("/app/schedule", "rate(7 days)"),
		no("/app/password-rotation", "2024-05-01"), no("/app/words", "secret token password key"),
	}
}
