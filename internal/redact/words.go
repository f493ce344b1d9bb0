package redact

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// token is a word of a text. What is escaped as in an address (%2F) is none: the
	// word begins after it. Ids of keys are random, and are not looked into.
	token = regexp.MustCompile(`%[0-9A-Fa-f]{2}|\b` + uuid + `\b|[\p{L}\p{M}\p{N}_+=.@-]+`)
	// piece is a part of a word between the signs that names are put together with.
	piece = regexp.MustCompile(`[\p{L}\p{M}\p{N}]+`)
)

// phrase is an original that is no single word, such as "Jane Doe".
type phrase struct {
	original string
	first    int // where its first word begins, in bytes
}

// remember lets an original be found in texts, also in other case.
func (r *Redactor) remember(original, pseudonym string) {
	lower := strings.ToLower(original)
	if _, ok := r.folded[lower]; !ok {
		r.folded[lower] = pseudonym
	}
	at := token.FindStringIndex(original)
	if at != nil && at[1]-at[0] < len(original) {
		word := strings.ToLower(original[at[0]:at[1]])
		r.phrases[word] = append(r.phrases[word], phrase{original, at[0]})
	}
}

// words replaces the names in a text that were met before; those that are a part
// of a word too when parts is true.
func (r *Redactor) words(text string, parts bool) string {
	var out strings.Builder
	done := 0
	r.find(text, parts, func(from, to int, pseudonym string) bool {
		out.WriteString(text[done:from])
		out.WriteString(pseudonym)
		done = to
		return true
	})
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// find yields the places of names in a text, from the left.
func (r *Redactor) find(text string, parts bool, yield func(from, to int, pseudonym string) bool) {
	done := 0
	for _, at := range token.FindAllStringIndex(text, -1) {
		if at[0] < done || text[at[0]] == '%' {
			continue // in a phrase that was found
		}
		word := text[at[0]:at[1]]
		if from, to, p := r.phraseAt(text, at[0], word); p != "" && from >= done {
			if done = to; !yield(from, to, p) {
				return
			}
			continue
		}
		if p := r.known(word, r.vocab); p != "" {
			if !yield(at[0], at[1], p) {
				return
			}
			continue
		}
		if parts && !keyID.MatchString(word) && !r.findParts(word, at[0], yield) {
			return
		}
	}
}

// findParts looks for names in a word, which stands at a place of a text: the
// longest first, such as ledger-db in claims-ledger-db.
func (r *Redactor) findParts(word string, place int, yield func(from, to int, pseudonym string) bool) bool {
	list := piece.FindAllStringIndex(word, -1)
	// A word of very many pieces is no name: what is longer than 16 is not tried.
	for i := 0; i < len(list); i++ {
		for j := min(len(list), i+16); j > i; j-- {
			from, to := list[i][0], list[j-1][1]
			if to-from == len(word) {
				continue
			}
			vocab := r.vocab
			if j == i+1 {
				vocab = r.pieces
			}
			p := r.known(word[from:to], vocab)
			if p == "" {
				continue
			}
			if !yield(place+from, place+to, p) {
				return false
			}
			i = j - 1
			break
		}
	}
	return true
}

// known is the pseudonym of a word that is a name; empty for one that is none, is
// a pseudonym, or says nothing. Names in other case have the pseudonym of the first.
func (r *Redactor) known(word string, vocab map[string]bool) string {
	if len(word) < 3 {
		return ""
	}
	p, ok := r.pseudonyms[word]
	lower := strings.ToLower(word)
	if !ok {
		p = r.folded[lower]
	}
	if p == word || vocab[lower] {
		return ""
	}
	return p
}

// phraseAt finds the longest phrase whose first word stands at a place.
func (r *Redactor) phraseAt(text string, place int, word string) (from, to int, pseudonym string) {
	for _, ph := range r.phrases[strings.ToLower(word)] {
		begin, end := place-ph.first, place-ph.first+len(ph.original)
		if begin < 0 || end > len(text) || end-begin <= to-from || !strings.EqualFold(text[begin:end], ph.original) {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(text[end:]); unicode.IsLetter(next) || unicode.IsDigit(next) {
			continue
		}
		from, to, pseudonym = begin, end, r.pseudonyms[ph.original]
	}
	return from, to, pseudonym
}

// Left lists originals that still stand in a text, as words or parts of words, not
// more than ten. Words of the vocabulary are not looked for.
func (r *Redactor) Left(text []byte) []string {
	var left []string
	whole := string(text)
	r.find(whole, true, func(from, to int, _ string) bool {
		left = append(left, whole[from:to])
		return len(left) < 10
	})
	return left
}
