package alerts

import (
	"regexp"
	"strings"
)

// Filter says whether a filter pattern of CloudWatch Logs matches every
// successful call of the event (CloudWatch Logs User Guide, "Filter pattern
// syntax"). Patterns for JSON are read in full, but for elements of arrays; of
// those for plain text, the ones that are made of words.
func Filter(pattern string, e Event) bool {
	pattern = strings.TrimSpace(pattern)
	switch {
	case pattern == "":
		return true // matches all
	case strings.HasPrefix(pattern, "{") && strings.HasSuffix(pattern, "}"):
		tokens, ok := lex(pattern[1 : len(pattern)-1])
		if !ok {
			return false
		}
		p := &filterParser{tokens: tokens, event: e}
		t, ok := p.or()
		return ok && p.at == len(p.tokens) && t == yes
	case strings.HasPrefix(pattern, "["):
		return false // of columns, which a record of CloudTrail does not have
	default:
		return words(pattern, e)
	}
}

// token is a word of a filter pattern. A quoted one is never an operator, nor is
// a regular expression, which stands between percent signs.
type token struct {
	text   string
	quoted bool
	regex  bool
}

// lex splits a JSON filter pattern.
func lex(s string) (list []token, ok bool) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '(' || c == ')':
			list = append(list, token{text: string(c)})
			i++
		case strings.IndexByte("&|=!<>", c) >= 0:
			n := 1
			if i+1 < len(s) && (c == s[i+1] && (c == '&' || c == '|') || s[i+1] == '=' && (c == '!' || c == '<' || c == '>')) {
				n = 2
			}
			list = append(list, token{text: s[i : i+n]})
			i += n
		case c == '"':
			text, n := quoted(s[i:])
			if n == 0 {
				return nil, false
			}
			list = append(list, token{text: text, quoted: true})
			i += n
		case c == '%':
			text, n := between(s[i:])
			if n == 0 {
				return nil, false
			}
			list = append(list, token{text: text, regex: true})
			i += n
		default:
			n := strings.IndexAny(s[i:], " \t\n\r()&|=!<>\"")
			if n < 0 {
				n = len(s) - i
			}
			list = append(list, token{text: s[i : i+n]})
			i += n
		}
	}
	return list, true
}

// quoted reads a string in quotes, and returns how long it is there; 0 when it
// does not end.
func quoted(s string) (text string, n int) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), i + 1
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return "", 0
}

// between reads a regular expression between percent signs, and returns how long
// it is there; 0 when it does not end.
func between(s string) (text string, n int) {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '%':
			return s[1:i], i + 1
		case '\\':
			i++
		}
	}
	return "", 0
}

// words judges a pattern of words, which are looked for in the text of the
// record: all of those without a sign, one of those with "?", none of those
// with "-". Of the words of a record only some are known beforehand. What stands
// in quotes is one exact phrase (User Guide, "Filter and pattern syntax"), and
// the record has no name and source side by side.
func words(pattern string, e Event) bool {
	all, any, optional := true, false, false
	for rest := pattern; rest != ""; rest = strings.TrimSpace(rest) {
		sign := rest[0]
		if sign == '?' || sign == '-' {
			rest = rest[1:]
		}
		var w string
		phrase := strings.HasPrefix(rest, `"`)
		if phrase {
			text, n := quoted(rest)
			if n == 0 {
				return false
			}
			w, rest = text, rest[n:]
		} else {
			n := strings.IndexAny(rest, " \t\n\r")
			if n < 0 {
				n = len(rest)
			}
			w, rest = rest[:n], rest[n:]
		}
		known := w == e.Name || w == e.Source() || !phrase && within(w, e)
		switch {
		case sign == '-':
			return false // what it leaves out is not known
		case sign == '?':
			optional, any = true, any || known
		default:
			all = all && known
		}
	}
	return all && (any || !optional)
}

// within says whether a word is a regular expression that is found in the event's
// name or source, wherever these are in the record.
func within(word string, e Event) bool {
	text, n := between(word)
	if n != len(word) || n == 0 || word[0] != '%' || strings.ContainsAny(text, "^$") {
		return false
	}
	r, err := regexp.Compile(text)
	return err == nil && (r.MatchString(e.Name) || r.MatchString(e.Source()))
}
