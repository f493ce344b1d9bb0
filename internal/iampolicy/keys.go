package iampolicy

import (
	"net/netip"
	"regexp"
	"strings"
)

// keys are the condition keys whose fixed values restrict who calls, with the
// reader of one value. They are those of AWS's definition of a public policy
// (Amazon S3 User Guide, "The meaning of public"; the EFS User Guide has the
// same), kms:CallerAccount, the keys that name a principal as Principal would,
// and the networks of one owner.
//
// Not here, on purpose: kms:ViaService, aws:CalledVia and aws:ResourceAccount
// say nothing about the caller; aws:VpcSourceIp and aws:username are not unique;
// aws:PrincipalTag is what the caller's own account writes.
var keys = map[string]func(Condition, string) (audience, bool){
	"aws:principalaccount":          account,
	"aws:sourceaccount":             account,
	"aws:sourceowner":               account,
	"kms:calleraccount":             account,
	"aws:vpceaccount":               account,
	"aws:principalarn":              arn,
	"aws:sourcearn":                 arn,
	"aws:sourcevpcarn":              arn,
	"aws:principalorgid":            organization,
	"aws:sourceorgid":               organization,
	"aws:vpceorgid":                 organization,
	"aws:principalorgpaths":         organizationPath,
	"aws:sourceorgpaths":            organizationPath,
	"aws:vpceorgpaths":              organizationPath,
	"aws:principalservicename":      service,
	"aws:principalservicenameslist": service,
	"aws:sourceip":                  addresses,
	"aws:sourcevpc":                 named(regexp.MustCompile(`^vpc-[0-9a-f]+$`)),
	"aws:sourcevpce":                named(regexp.MustCompile(`^vpce-[0-9a-f]+$`)),
	// "A fixed value outside the pattern AROLEID:*": a role's id with any
	// session is not one caller.
	"aws:userid": named(regexp.MustCompile(`^[A-Za-z0-9]+(:[^*?]+)?$`)),
}

var (
	accountID = regexp.MustCompile(`^[0-9]{12}$`)
	orgID     = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`) // Organizations API Reference, Organization.Id
)

func wild(s string) bool { return strings.ContainsAny(s, "*?") }

func account(_ Condition, v string) (audience, bool) {
	return audience{accounts: []string{v}}, accountID.MatchString(v)
}

// arn accepts a fixed ARN, and a pattern whose account is fixed: that cannot
// reach into another account. S3's definition reads its own
// s3:DataAccessPointArn the same way.
func arn(c Condition, v string) (audience, bool) {
	part := strings.SplitN(v, ":", 6)
	if len(part) < 6 || part[0] != "arn" {
		return audience{}, false
	}
	if id := part[4]; accountID.MatchString(id) {
		before := strings.Join(part[:4], ":")
		return audience{accounts: []string{id}}, c.byPart() || !wild(before)
	}
	// A bucket's ARN has no account and is unique all the same.
	return audience{fixed: true}, !wild(v)
}

func organization(_ Condition, v string) (audience, bool) {
	return audience{orgs: []string{v}}, orgID.MatchString(v)
}

// organizationPath accepts o-ID/r-ROOT/ou-UNIT/…: ids of organizations are
// unique, those of roots and units are not.
func organizationPath(_ Condition, v string) (audience, bool) {
	id, _, ok := strings.Cut(v, "/")
	return audience{orgs: []string{id}}, ok && orgID.MatchString(id)
}

func service(_ Condition, v string) (audience, bool) {
	return audience{services: []string{v}}, v != "" && !wild(v)
}

// The broadest ranges of addresses that do not make a policy public (S3 User
// Guide, "The meaning of public"). The private ranges are no broader.
const (
	minBits4 = 8
	minBits6 = 32
)

func addresses(c Condition, v string) (audience, bool) {
	if c.Operator != "ipaddress" {
		return audience{}, false
	}
	p, err := netip.ParsePrefix(v)
	if err != nil {
		a, err := netip.ParseAddr(v)
		if err != nil {
			return audience{}, false
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	least := minBits6
	if p.Addr().Is4() {
		least = minBits4
	}
	if p.Addr().Is4In6() { // IPv4 in disguise, whose ranges count otherwise
		return audience{}, false
	}
	return audience{fixed: true}, p.Bits() >= least
}

func named(form *regexp.Regexp) func(Condition, string) (audience, bool) {
	return func(_ Condition, v string) (audience, bool) {
		return audience{fixed: true}, form.MatchString(v)
	}
}
