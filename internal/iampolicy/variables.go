package iampolicy

import (
	"regexp"
	"strings"
)

// withVariables is the version of the policy language that has variables; in
// others they are plain text (IAM User Guide, "IAM JSON policy elements: Version").
const withVariables = "2012-10-17"

// fixed are the variables of an ARN that choose no resource: whoever calls is of the
// owner's account, and the ARN has the account and the region of what is asked for.
var fixed = regexp.MustCompile(`(?i)\$\{aws:(PrincipalAccount|ResourceAccount|RequestedRegion)\}`)

// resolve takes the variables that choose nothing out of a statement of the document.
func (d *Document) resolve(s *Statement, owner Owner) {
	s.Resources, s.NotResources = d.resolved(s.Resources, owner), d.resolved(s.NotResources, owner)
}

// resolved returns the patterns without variables that choose nothing. Others stay:
// no name has their characters, and so they never match all names.
func (d *Document) resolved(patterns []string, owner Owner) []string {
	if d.Version != withVariables {
		return patterns
	}
	var list []string
	for _, p := range patterns {
		list = append(list, fixed.ReplaceAllStringFunc(p, func(v string) string {
			if strings.EqualFold(v, "${aws:PrincipalAccount}") {
				return owner.Account
			}
			return "*"
		}))
	}
	return list
}
