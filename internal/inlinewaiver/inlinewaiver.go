// Package inlinewaiver reads waivers that stand as comments in infrastructure
// code:
//
//	# keyproof:waive SM-001 reason="rotated by the vendor" expires=2026-12-31 owner=payments
//
// Its promise: a comment that begins so and says too little or something that
// does not exist is an error, never a comment like any other: somebody relies on
// it.
package inlinewaiver

import (
	"fmt"
	"strings"

	"github.com/keyproof/keyproof/internal/nearest"
	"github.com/keyproof/keyproof/model"
)

// Marker begins a waiver in a comment.
const Marker = "keyproof:waive"

// Text is the text of one waiver of a comment.
type Text struct {
	Line int    // counted from the first line of the comment, which is 0
	Rest string // what follows the marker
}

// Find returns the waivers of a comment, which may have several lines.
func Find(comment string) []Text {
	if !strings.Contains(comment, Marker) {
		return nil
	}
	var list []Text
	for i, line := range strings.Split(comment, "\n") {
		line = strings.TrimLeft(line, " \t#/*")
		if rest, ok := strings.CutPrefix(line, Marker); ok {
			rest = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "*/"))
			list = append(list, Text{i, rest})
		}
	}
	return list
}

func keys() []string {
	return []string{"reason", "expires", "owner", "approved_by", "ticket", "compensating_control", "created"}
}

// Parse reads what follows the marker: the id of the rule, and keys with values,
// in quotes where they have spaces. A reason is needed, and a date of expiry
// unless the configuration accepts waivers that have none.
func Parse(rest string, withoutExpiry bool) (model.Waiver, error) {
	var w model.Waiver
	words, err := split(rest)
	if err != nil {
		return w, err
	}
	if len(words) == 0 || words[0].key != "" {
		return w, fmt.Errorf("the waiver names no rule: write %s SM-001 reason=\"…\" expires=2026-12-31", Marker)
	}
	w.Rule = model.RuleID(words[0].value)
	values := map[string]string{}
	for _, word := range words[1:] {
		_, twice := values[word.key]
		switch {
		case word.key == "":
			return w, fmt.Errorf("the waiver has %q where a key with a value should be: put values with spaces in quotes", word.value)
		case !contains(keys(), word.key):
			return w, fmt.Errorf("the waiver has the key %q, which does not exist%s", word.key, hint(word.key))
		case twice:
			return w, fmt.Errorf("the waiver has the key %q twice", word.key)
		case strings.TrimSpace(word.value) == "":
			return w, fmt.Errorf("the waiver says nothing for %q", word.key)
		}
		values[word.key] = strings.Join(strings.Fields(word.value), " ")
	}
	return w, fill(&w, values, withoutExpiry)
}

func fill(w *model.Waiver, values map[string]string, withoutExpiry bool) (err error) {
	if w.Reason = values["reason"]; w.Reason == "" {
		return fmt.Errorf("the waiver of %s has no reason: say why the failure is accepted, reason=\"…\"", w.Rule)
	}
	if ticket := values["ticket"]; ticket != "" {
		w.Reason += " (" + ticket + ")"
	}
	w.Owner, w.ApprovedBy, w.CompensatingControl = values["owner"], values["approved_by"], values["compensating_control"]
	for key, into := range map[string]*model.Date{"created": &w.Created, "expires": &w.Expires} {
		if values[key] == "" {
			continue
		}
		if *into, err = model.ParseDate(values[key]); err != nil {
			return fmt.Errorf("the waiver of %s: %s: %w", w.Rule, key, err)
		}
	}
	switch {
	case w.Expires.IsZero() && !withoutExpiry:
		return fmt.Errorf("the waiver of %s does not expire: say until when the failure is accepted, expires=2026-12-31, or set waivers_without_expiry: true in keyproof.yaml", w.Rule)
	case !w.Expires.IsZero() && w.Expires.Before(w.Created):
		return fmt.Errorf("the waiver of %s expires on %s, before it is created on %s", w.Rule, w.Expires, w.Created)
	}
	return nil
}

// word is a value, with its key if it has one.
type word struct{ key, value string }

func split(s string) ([]word, error) {
	var list []word
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		var w word
		if at := strings.IndexAny(s, "= \t\""); at > 0 && s[at] == '=' {
			w.key, s = s[:at], s[at+1:]
		}
		if quoted, ok := strings.CutPrefix(s, `"`); ok {
			value, rest, closed := strings.Cut(quoted, `"`)
			if !closed {
				return nil, fmt.Errorf("the waiver has a quote that does not end")
			}
			w.value, s = value, rest
		} else {
			end := strings.IndexAny(s, " \t")
			if end < 0 {
				end = len(s)
			}
			w.value, s = s[:end], s[end:]
		}
		list = append(list, w)
	}
	return list, nil
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func hint(typed string) string {
	if n := nearest.Name(typed, keys()); n != "" {
		return ": did you mean " + n + "?"
	}
	return "; there are " + strings.Join(keys(), ", ")
}
