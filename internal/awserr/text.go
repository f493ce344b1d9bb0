package awserr

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/aws/smithy-go"
)

// maxDetail is the length in runes to which a Detail is cut.
const maxDetail = 200

// explicitDeny and missingAllow are how AWS words the policy that refused
// (IAM User Guide, "Troubleshoot access denied error messages").
var (
	explicitDeny = regexp.MustCompile(`with an explicit deny in an? ((?:[A-Za-z-]+ ){1,4}?(?:policy|boundary))`)
	missingAllow = regexp.MustCompile(`because no ((?:[A-Za-z-]+ ){1,4}?(?:policy|boundary)) allows`)
	perform      = regexp.MustCompile(`not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)`)
)

// deniedBy says which policy refused a call, as far as AWS's message does. An
// allow in the identity's own policy settles most refusals, so that is not
// mentioned; it does not help against the others.
func deniedBy(action, msg string) string {
	var parts []string
	if m := perform.FindStringSubmatch(msg); m != nil && !strings.EqualFold(m[1], action) {
		parts = append(parts, "the action missing is "+m[1])
	}
	if m := explicitDeny.FindStringSubmatch(msg); m != nil {
		parts = append(parts, "with an explicit deny in "+article(m[1]))
	} else if m := missingAllow.FindStringSubmatch(msg); m != nil && m[1] != "identity-based policy" {
		parts = append(parts, "because no "+m[1]+" allows it")
	}
	return oneLine(strings.Join(parts, ", "))
}

func article(noun string) string {
	if strings.HasPrefix(noun, "identity") {
		return "an " + noun
	}
	return "a " + noun
}

// message returns what AWS says to people about the error, or "".
func message(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorMessage()
	}
	return ""
}

// describe returns code and message of an error of the API; for any other one
// what happened. The text of an answer that could not be read is left out: it
// may hold anything.
func describe(err error) string {
	if code := Code(err); code != "" {
		if msg := message(err); msg != "" {
			return code + ": " + msg
		}
		return code
	}
	if _, ok := errors.AsType[*smithy.DeserializationError](err); ok {
		return "the answer could not be read" + status(err)
	}
	if _, ok := errors.AsType[smithy.APIError](err); ok {
		return "the answer has no error code" + status(err)
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		host := u.URL
		if parsed, perr := url.Parse(u.URL); perr == nil {
			host = parsed.Host
		}
		return "no answer from " + host + ": " + u.Err.Error()
	}
	if op, ok := errors.AsType[*smithy.OperationError](err); ok {
		return op.Err.Error()
	}
	return err.Error()
}

// oneLine strips control characters and cuts at maxDetail.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxDetail {
		return strings.TrimSpace(string(r[:maxDetail-1])) + "…"
	}
	return s
}

func status(err error) string {
	if n := Status(err); n != 0 {
		return fmt.Sprintf(" (HTTP status %d)", n)
	}
	return ""
}
