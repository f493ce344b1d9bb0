package iampolicy

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/internal/glob"
)

// matchAny says whether one of the patterns of an Action or Principal matches,
// ignoring case.
func matchAny(patterns []string, s string) bool {
	s = strings.ToLower(s)
	for _, p := range patterns {
		if match(strings.ToLower(p), s) {
			return true
		}
	}
	return false
}

// match says whether a pattern of * (any characters) and ? (one character)
// matches all of s.
func match(pattern, s string) bool {
	return glob.Match(pattern, s)
}

// does says whether the statement is about an action. Names of actions are not
// case-sensitive (IAM User Guide, "Action").
func (s *Statement) does(action string) bool {
	if len(s.NotActions) > 0 {
		return !matchAny(s.NotActions, action)
	}
	return matchAny(s.Actions, action)
}

// reaches says whether the statement is about a resource. ARNs are compared
// with case (IAM User Guide, "Resource").
func (s *Statement) reaches(arn string) bool {
	is := func(pattern string) bool { return match(pattern, arn) }
	if len(s.NotResources) > 0 {
		return !slices.ContainsFunc(s.NotResources, is)
	}
	return slices.ContainsFunc(s.Resources, is)
}
