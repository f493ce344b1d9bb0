package detect

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/rs/zerolog"
	"github.com/spf13/viper"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
)

// match is one finding of gitleaks. It lives inside Classify only.
type match struct {
	rule   string
	start  int    // byte offset; beyond the first line it is only known to be large
	secret string // the part that is the credential
}

// newScanner builds gitleaks with its default rules, changed as changeRules
// says, and returns the title of every rule.
func newScanner() (func(string) []match, map[string]string, error) {
	// gitleaks logs to standard error by zerolog and its trace lines quote what
	// it found. Nothing else here uses zerolog. The setter is atomic, unlike
	// gitleaks' own logger variable.
	zerolog.SetGlobalLevel(zerolog.Disabled)

	// detect.NewDetectorDefaultConfig reads the same rules through viper's
	// global instance, which two detectors could not share.
	v := viper.New()
	v.SetConfigType("toml")
	if err := v.ReadConfig(strings.NewReader(config.DefaultConfig)); err != nil {
		return nil, nil, fmt.Errorf("read the rules of gitleaks: %w", err)
	}
	var raw config.ViperConfig
	if err := v.Unmarshal(&raw); err != nil {
		return nil, nil, fmt.Errorf("read the rules of gitleaks: %w", err)
	}
	cfg, err := raw.Translate()
	if err != nil {
		return nil, nil, fmt.Errorf("compile the rules of gitleaks: %w", err)
	}
	changeRules(&cfg)

	titles := map[string]string{}
	for id := range cfg.Rules {
		titles[id] = strings.ReplaceAll(id, "-", " ")
	}
	d := detect.NewDetector(cfg)
	// A comment "gitleaks:allow" inside a parameter is no reason to trust it.
	d.IgnoreGitleaksAllow = true
	return func(text string) []match {
		var matches []match
		for _, f := range d.DetectString(text) {
			m := match{rule: f.RuleID, start: f.StartColumn - 1, secret: f.Secret}
			if f.StartLine > 0 {
				m.start = len(text)
			}
			matches = append(matches, m)
		}
		return matches
	}, titles, nil
}

// changeRules fits gitleaks' rules, which are made for source code, to values.
func changeRules(cfg *config.Config) {
	// The global list excuses whatever contains "false" anywhere (its pattern
	// is ^true|false|null$), so a password with those letters, and paths that
	// a value does not have.
	cfg.Allowlists = nil
	for id, r := range cfg.Rules {
		if r.Path != nil || identifier(id) {
			delete(cfg.Rules, id)
		}
	}
	// Names are ours to judge (nameClass): the generic rule trips over idioms
	// of AWS such as AUTH_DOMAIN and misses what has little entropy.
	delete(cfg.Rules, "generic-api-key")

	// The default excuses ids that end in EXAMPLE. In an account, unlike in
	// source code, such a value stands where a key is expected.
	aws := cfg.Rules[ruleAWSKey]
	aws.Allowlists = nil
	cfg.Rules[ruleAWSKey] = aws

	// The default wants 64 characters between the lines, which a cut or an
	// elliptic-curve key may not have; and the heading alone says it.
	pem := cfg.Rules[rulePrivateKey]
	pem.Regex = regexp.MustCompile(`(?i)-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----`)
	cfg.Rules[rulePrivateKey] = pem

	for _, r := range ownRules() {
		cfg.Rules[r.RuleID] = r
		for _, k := range r.Keywords {
			cfg.Keywords[k] = struct{}{}
		}
	}
}

// identifier says whether a rule of gitleaks is about something public that
// goes with a credential: a client id, a publishable key.
func identifier(rule string) bool {
	for _, end := range []string{"-client-id", "-access-id", "-api-id", "-public-key", "-pub-key", "-pub-api-key"} {
		if strings.HasSuffix(rule, end) {
			return true
		}
	}
	return false
}

// ownRules are patterns that gitleaks lacks. Their group is the credential.
func ownRules() []config.Rule {
	return []config.Rule{{
		// RFC 3986, 3.2.1: userinfo ends at the first "@" of the authority,
		// which has no "/", "?" or "#"; a password that has them breaks the URL.
		RuleID:   ruleURLPassword,
		Regex:    regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s/?#@:]*:([^\s/?#]+)@[^\s/?#@]`),
		Keywords: []string{"://"},
	}, {
		RuleID:   ruleURLSigned,
		Regex:    regexp.MustCompile(`(?i)https?://[^\s]+[?&](?:sig|signature|x-amz-signature)=([\w%+/=-]{16,})`),
		Keywords: []string{"sig=", "signature="},
	}, {
		RuleID:   ruleAuthHeader,
		Regex:    regexp.MustCompile(`(?i)\b(?:basic[ \t]+([a-z0-9+/]{8,}={0,2})|bearer[ \t]+([\w=~@.+/-]{16,}))(?:$|[\s"',;])`),
		Entropy:  2.5,
		Keywords: []string{"basic ", "bearer "},
	}, {
		RuleID:   ruleNetrc,
		Regex:    regexp.MustCompile(`\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S+)`),
		Keywords: []string{"machine"},
	}}
}
