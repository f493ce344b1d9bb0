package detect

import (
	"math"
	"regexp"
	"strings"
)

// harmless says whether a literal is no credential although its name is of the
// class. Where it is a matter of taste it says no: a missed credential is worse
// than a false alarm that one look settles.
func harmless(c class, text string) bool {
	text = unquote(text)
	if isReference(text) {
		return true
	}
	// A StringList, and whatever else is a list.
	if parts := strings.Split(text, ","); len(parts) > 1 {
		for _, p := range parts {
			if !harmless(c, strings.TrimSpace(p)) {
				return false
			}
		}
		return true
	}
	switch {
	case numberLike.MatchString(text):
		return !secretNumber(c, text)
	case c == classPassword && (hostLike.MatchString(text) && strings.Count(text, ".") < 2 || path(text) && !deepPath(text)):
		// Two words with a dot or a slash between them are a poor password as
		// well as they are a host or a path.
		return false
	case timeLike.MatchString(text), awsLike.MatchString(text),
		hostLike.MatchString(text), urlLike.MatchString(text), publicLike.MatchString(text), path(text), prose(text):
		return true
	case c == classPassword:
		return false
	case c == classWeak:
		return uuidLike.MatchString(text) || readable(text) || !random(text)
	case emailLike.MatchString(text):
		return true
	case c == classCipher && uuidLike.MatchString(text):
		return true // the id of a KMS key; an API key may well be a UUID
	default:
		// A short word is a mode or a stage, and two words one of which is
		// "secret" name a secret rather than being it (github-token).
		return len(text) < 6 && letters(text) || len(text) < 4 || namesASecret(text)
	}
}

// secretNumber says whether a number is a credential, if it claims to be one: of six
// digits and more a PIN or a bad password, of sixteen, which is longer than an account
// id and than a time in milliseconds, a token or a key.
func secretNumber(c class, text string) bool {
	switch c {
	case classPassword:
		return len(text) >= 6
	case classSecret, classToken, classKey:
		return len(text) >= 16 && isDigits(text)
	default:
		return false
	}
}

// userPassword says whether text is a user and a password with a colon between them,
// and not a host with its port; hashed, that it is a user with a password's hash.
func userPassword(text string) (pair, hashed bool) {
	user, password, colon := strings.Cut(unquote(text), ":")
	if publicLike.MatchString(password) {
		return false, true
	}
	return colon && user != "" && !strings.ContainsAny(user, "/@{}$<> \t\n") && !strings.ContainsAny(password, "/{}<> \t\n") &&
		!harmless(classSecret, text) && !harmless(classPassword, password), false
}

// path says whether text is a path made of words. Base64 has slashes too, but
// no words between them.
func path(text string) bool {
	if !pathLike.MatchString(text) {
		return false
	}
	for _, segment := range strings.Split(text, "/") {
		if !readable(segment) {
			return false
		}
	}
	return true
}

// deepPath is a path that starts at some root or has three parts and more.
func deepPath(text string) bool {
	return strings.ContainsAny(text[:1], "/.~") || strings.Count(text, "/") > 1
}

// readable says whether text is words, perhaps with a short number, joined by
// punctuation: prod-db-1, MyApp.config.
func readable(text string) bool {
	for _, p := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("-_.@*{}$+~: ", r) }) {
		if !wordLike.MatchString(p) {
			return false
		}
	}
	return true
}

// wordLike is one word: all of one case or camel case with few humps, up to 20
// letters, and up to four digits at the end.
var wordLike = regexp.MustCompile(`^(?:[a-z]{0,20}|[A-Z]{0,20}|[A-Za-z]?[a-z]{2,20}(?:[A-Z][a-z]{2,20}){0,4})\d{0,4}$`)

// namesASecret says whether text is two or more words joined by punctuation of
// which one belongs to names of secrets and another says whose: it is so of
// prod-db-credentials, not of my-secret-key, which tutorials use as a value.
func namesASecret(text string) bool {
	w := strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	if len(w) < 2 || strings.ToLower(text) != text || !readable(text) {
		return false
	}
	names, whose := false, false
	for _, p := range w {
		term := termClass(p) != classNone || p == "key" || p == "keys"
		names = names || term || p == "db" || p == "database" || p == "config"
		whose = whose || !term && !anybodysWords[p]
	}
	return names && whose
}

var anybodysWords = set("a the my our your some super very top long random this is change not so")

// prose is a sentence: three words or more, and among them one that no
// passphrase generator uses.
func prose(text string) bool {
	fields := strings.Fields(text)
	if len(fields) < 3 {
		return false
	}
	for _, f := range fields {
		if proseWords[strings.ToLower(strings.Trim(f, ".,;:!?()"))] {
			return true
		}
	}
	return false
}

var proseWords = set("a an and are as at be been by can for from has have in is it least must not of on or our see should that the this to use used when where which will with you your")

// random says whether text could come from a generator: long enough, letters
// and digits, and 3.2 bits a character or more (English has about 2.5 to 3 in
// strings of that length, hexadecimal digits tend to 4).
func random(text string) bool {
	if len(text) < 16 || len(text) > 512 || strings.ContainsAny(text, " \t\n") {
		return false
	}
	var count [256]float64
	hasLetter, hasDigit := false, false
	for i := range len(text) {
		b := text[i]
		count[b]++
		hasDigit = hasDigit || b >= '0' && b <= '9'
		hasLetter = hasLetter || b|0x20 >= 'a' && b|0x20 <= 'z'
	}
	bits := 0.0
	for _, n := range count {
		if n > 0 {
			p := n / float64(len(text))
			bits -= p * math.Log2(p)
		}
	}
	return hasLetter && hasDigit && bits >= 3.2
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func letters(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r|0x20 < 'a' || r|0x20 > 'z' }) < 0
}
