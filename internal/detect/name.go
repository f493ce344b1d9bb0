package detect

import (
	"strings"
	"unicode"
)

// nameClass says what a name claims that its value is. The last segment of a
// path decides; the one before it only when the last says nothing of itself
// ("/db/password/current") or, weakly, when it names a container of secrets
// ("/app/secrets/stripe").
func nameClass(name string) class {
	segments := strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == ':' })
	if len(segments) == 0 {
		return classNone
	}
	last := trimNeutral(words(segments[len(segments)-1]))
	if len(last) == 0 && len(segments) > 1 {
		segments = segments[:len(segments)-1]
		last = trimNeutral(words(segments[len(segments)-1]))
	}
	if c, about := classOf(last); c != classNone || about {
		return c
	}
	if len(segments) > 1 && !about(last) {
		if c, _ := classOf(trimNeutral(words(segments[len(segments)-2]))); c != classNone {
			return classWeak
		}
	}
	return classNone
}

// describes says whether a name is about something that is no credential:
// HEROKU_APP_ID, DB_SECRET_ARN.
func describes(name string) bool {
	if i := strings.LastIndexAny(name, "/:"); i >= 0 {
		name = name[i+1:]
	}
	w := trimNeutral(words(name))
	_, other := classOf(w)
	return other || about(w)
}

func about(w []string) bool { return len(w) > 0 && aboutWords[w[len(w)-1]] }

// basicAuth says of a name whether it holds the user and password of HTTP's basic
// authentication, if it holds a literal: BASIC_AUTH, /app/basicAuth.
func basicAuth(name string) bool {
	w := trimNeutral(words(name[strings.LastIndexAny(name, "/:")+1:]))
	return strings.HasSuffix(strings.Join(w, ""), "basicauth")
}

// classOf judges the words of one segment. In English the last term counts
// (SECRET_MANAGER_TOKEN is a token), and a word right after it or at the end
// turns the name into something about the term (TOKEN_URL, PASSWORD_MIN_LENGTH):
// then other is true.
func classOf(w []string) (c class, other bool) {
	end := 0
	for i := range w {
		t := termClass(w[i])
		switch {
		case t != classNone:
		case i > 0 && (w[i] == "key" || w[i] == "keys") && keyWords[w[i-1]]:
			t = classKey
		case i > 0 && (w[i] == "key" || w[i] == "keys") && cipherWords[w[i-1]]:
			t = classCipher
		case i > 0 && (w[i] == "key" || w[i] == "keys") && plainKeyWords[w[i-1]]:
			c, end, other = classNone, i+1, true
			continue
		case i == len(w)-1 && weakWords[w[i]]:
			t = classWeak
		default:
			continue
		}
		if c != classNone && t == classWeak {
			continue
		}
		c, end = t, i+1
		other = i > 0 && publicWords[w[i-1]]
	}
	if c == classNone {
		return classNone, other
	}
	if other || end < len(w) && (aboutWords[w[end]] || aboutWords[w[len(w)-1]]) {
		return classNone, true
	}
	return c, false
}

// termClass knows a single word, also one that was written together with
// others: dbpassword, githubtoken.
func termClass(w string) class {
	if c, ok := terms[w]; ok {
		return c
	}
	for _, t := range fused {
		if len(w) > len(t) && strings.HasSuffix(w, t) {
			return terms[t]
		}
	}
	return classNone
}

// trimNeutral drops trailing words that say nothing: _PROD, _2, /current.
func trimNeutral(w []string) []string {
	for len(w) > 0 && (neutralWords[w[len(w)-1]] || isDigits(w[len(w)-1])) {
		w = w[:len(w)-1]
	}
	return w
}

// words splits a name at punctuation, at digits and where the case changes,
// and makes it lower case: "dbPassword_V2" is db, password, v, 2.
func words(s string) []string {
	var list []string
	runes := []rune(s)
	start := 0
	flush := func(end int) {
		if end > start {
			list = append(list, strings.ToLower(string(runes[start:end])))
		}
		start = end
	}
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush(i)
			start = i + 1
			continue
		}
		if i == start {
			continue
		}
		prev := runes[i-1]
		switch {
		case unicode.IsDigit(r) != unicode.IsDigit(prev),
			unicode.IsUpper(r) && unicode.IsLower(prev),
			// the P of APIPassword… begins a word: an upper case letter that a lower case one follows
			unicode.IsUpper(r) && unicode.IsUpper(prev) && i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			flush(i)
		}
	}
	flush(len(runes))
	return list
}

// context is what gitleaks is shown before the value, since many of its rules
// want the vendor's name near the token: "datadog_api-key=".
func context(name string) string {
	if name == "" {
		return ""
	}
	if len(name) > 60 {
		name = name[len(name)-60:]
	}
	return strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r == '/' || unicode.IsSpace(r) {
			return '_'
		}
		return r
	}, name), "_") + "="
}
