// Package waivecomment reads waivers that stand as comments in infrastructure
// code:
//
//	# keyproof:waive SM-001 reason="rotated by hand" expires=2026-12-31 owner=payments
//
// Its promise: a comment that begins like a waiver is one, or is an error that
// says what is wrong with it. One that was mistyped and ignored would surprise
// whoever wrote it.
package waivecomment

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/keyproof/keyproof/internal/nearest"
	"github.com/keyproof/keyproof/model"
)

// Mark is how a waiver begins, behind the sign of a comment.
const Mark = "keyproof:waive"

var (
	ruleID = regexp.MustCompile(`^[A-Z]+-[0-9]+$`)
	pair   = regexp.MustCompile(`^([a-z_]+)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']+)(?:\s+|$)`)
)

func names() []string {
	return []string{"approved_by", "compensating_control", "created", "expires", "owner", "reason", "ticket"}
}

// Parse reads the text of a comment, without its signs. found is false when it
// is no waiver. What it is about and where it stands the caller fills in.
func Parse(comment string, withoutExpiry bool) (w model.Waiver, found bool, err error) {
	rest, found := strings.CutPrefix(strings.TrimSpace(comment), Mark)
	if !found {
		return w, false, nil
	}
	id, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if !ruleID.MatchString(id) {
		return w, true, fmt.Errorf("%s needs the id of a rule first, for example %s SM-001 reason=\"…\" expires=2026-12-31", Mark, Mark)
	}
	w.Rule = model.RuleID(id)
	have := map[string]string{}
	for rest = strings.TrimSpace(rest); rest != ""; {
		m := pair.FindStringSubmatch(rest)
		if m == nil {
			return w, true, errors.New("write name=value or name=\"several words\" behind the rule, names being " + strings.Join(names(), ", "))
		}
		if _, twice := have[m[1]]; twice {
			return w, true, fmt.Errorf("%s is there twice", m[1])
		}
		have[m[1]] = unquote(m[2])
		rest = rest[len(m[0]):]
	}
	return w, true, fill(&w, have, withoutExpiry)
}

func unquote(s string) string {
	switch {
	case strings.HasPrefix(s, `"`):
		return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s[1 : len(s)-1])
	case strings.HasPrefix(s, "'"):
		return s[1 : len(s)-1]
	default:
		return s
	}
}

func fill(w *model.Waiver, have map[string]string, withoutExpiry bool) (err error) {
	for name, value := range have {
		value = strings.Join(strings.Fields(value), " ")
		switch name {
		case "reason":
			w.Reason = value
		case "owner":
			w.Owner = value
		case "approved_by":
			w.ApprovedBy = value
		case "compensating_control":
			w.CompensatingControl = value
		case "created":
			w.Created, err = model.ParseDate(value)
		case "expires":
			w.Expires, err = model.ParseDate(value)
		case "ticket":
		default:
			hint := "; there are " + strings.Join(names(), ", ")
			if n := nearest.Name(name, names()); n != "" {
				hint = ", did you mean " + n + "?"
			}
			return fmt.Errorf("there is no %q%s", name, hint)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	switch {
	case w.Reason == "":
		return errors.New(`reason is missing: say why the failure is accepted, reason="…"`)
	case w.Expires.IsZero() && !withoutExpiry:
		return errors.New("expires is missing: say until when the failure is accepted, or set waivers_without_expiry: true in keyproof.yaml")
	case !w.Expires.IsZero() && w.Expires.Before(w.Created):
		return fmt.Errorf("it expires on %s, before it is created on %s", w.Expires, w.Created)
	}
	if ticket := have["ticket"]; ticket != "" {
		w.Reason += " (" + ticket + ")"
	}
	return nil
}
