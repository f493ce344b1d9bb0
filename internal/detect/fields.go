package detect

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

// fields judges every named field inside the text and says whether the text is
// nothing but fields, so that its own name says nothing more of it.
func (c *classifier) fields(name, text string) (structured bool) {
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		var v any
		if json.Unmarshal([]byte(text), &v) == nil {
			c.json(name, v, strings.Contains(text, `\`))
			return true
		}
	}
	if !mentions(text) {
		return false
	}
	n := 0
	for _, pattern := range assignments {
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			n++
			c.field(m[1], first(m[2:]))
		}
	}
	// One assignment may be a password that has an equals sign; two or more
	// that begin the text are a connection string or a file.
	return n > 1 && startsWithField.MatchString(text)
}

// json walks a document. A member's name is its path, so that {"password":
// {"value": …}} is understood. A string may be a document again (a connection
// string, JSON in JSON). Its form was judged with the whole text, unless
// escapes ("postgres:\/\/…") hid it there.
func (c *classifier) json(name string, v any, escaped bool) {
	switch v := v.(type) {
	case map[string]any:
		c.pair(v)
		for k, member := range v {
			c.json(name+"/"+k, member, escaped)
		}
	case []any:
		for _, member := range v {
			c.json(name, member, escaped)
		}
	case string:
		if escaped {
			c.form(name, strings.TrimSpace(v))
		}
		if !c.fields(name, strings.TrimSpace(v)) {
			c.field(name, v)
		}
	case float64:
		c.field(name, strings.TrimSuffix(jsonNumber(v), ".0"))
	}
}

// pair reads {"name": "DB_PASSWORD", "value": "…"}, the way ECS and CodeBuild
// write environments.
func (c *classifier) pair(m map[string]any) {
	var name, value string
	for k, v := range m {
		s, _ := v.(string)
		switch strings.ToLower(k) {
		case "name", "key", "parametername", "parameterkey":
			name = s
		case "value", "parametervalue":
			value = s
		}
	}
	if name != "" {
		c.field(name, value)
	}
}

func jsonNumber(v float64) string {
	raw, _ := json.Marshal(v) // a decoded number can always be written
	return string(raw)
}

// field judges one field by its name.
func (c *classifier) field(name, value string) {
	c.named(name, strings.TrimSpace(value), "field")
}

// The ways to write a field inside a text that is not JSON.
var assignments = []*regexp.Regexp{
	// name=value of dotenv and properties files, connection strings (ADO.NET,
	// ODBC, libpq), queries of URLs, and shell: value ends at a separator.
	regexp.MustCompile(`([A-Za-z_][\w.-]{0,80})["']?\]?[ \t]{0,8}(?:=>|:=|==?)[ \t]{0,8}(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|([^\s;&,"']+))`),
	// name: value of YAML and of objects that are not quite JSON.
	regexp.MustCompile(`(?m)(?:^|[{,\[]|^[ \t]*-)[ \t]*["']?([A-Za-z_][\w.-]{0,80})["']?[ \t]*:[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|([^\s"'][^\n,}]*))`),
	// XML: an element, or the pairs of a .NET configuration file.
	regexp.MustCompile(`<([A-Za-z_][\w.-]{0,80})[^<>]*>([^<>\n]+)</`),
	regexp.MustCompile(`(?i)(?:key|name)="([\w.-]{1,80})"\s+value="([^"\n]*)"`),
}

// startsWithField is a first line that is a field, as a file of fields has it.
var startsWithField = regexp.MustCompile(`^(?:#[^\n]*\n\s*|---\n)*(?:export[ \t]+)?["']?[A-Za-z_][\w. -]{0,80}["']?[ \t]*[=:]`)

// mentions is a quick look for any word that a sensitive field has.
func mentions(text string) bool {
	low := strings.ToLower(text)
	for _, w := range []string{"pass", "pwd", "pw", "secret", "token", "key", "cred", "auth", "sas"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

func first(groups []string) string {
	for _, g := range groups {
		if g != "" {
			return g
		}
	}
	return ""
}

// decode undoes base64 of a whole value, one layer, if that gives text: people
// store keys and configuration files so.
func decode(text string) (string, bool) {
	if len(text) < 24 || strings.ContainsAny(text, " :.,;{}\"'") {
		return "", false
	}
	enc := base64.StdEncoding
	compact := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, text)
	if strings.ContainsAny(compact, "-_") {
		enc = base64.URLEncoding
	}
	raw, err := enc.WithPadding(base64.NoPadding).DecodeString(strings.TrimRight(compact, "="))
	if err != nil || !utf8.Valid(raw) {
		return "", false
	}
	inner := string(raw)
	for _, r := range inner {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == utf8.RuneError {
			return "", false
		}
	}
	return strings.TrimSpace(inner), true
}
