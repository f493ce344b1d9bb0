package model

// PolicyFacts are the attributes of a resource policy, the same for secrets,
// parameters and keys. All are unknown when the policy could not be read. A
// parameter can have several policies, whose statements are one list here.
type PolicyFacts struct {
	PolicyPresent    Value[bool]              `json:"policy_present" doc:"a resource policy is attached"`
	PolicyPublic     Value[bool]              `json:"policy_public" doc:"the policy lets anyone in, by AWS's documented meaning of public"`
	PolicyStatements Value[[]PolicyStatement] `json:"policy_statements" doc:"the statements, analysed; [] when there is no policy"`
	// OutsideAccounts is unknown when the policy names another account and
	// nobody could say whether that account is of the same organization.
	OutsideAccounts Value[[]string] `json:"outside_accounts" doc:"accounts that the policy lets in and that are neither the owner, nor of its organization, nor trusted; [] when there are none"`
	// Outsiders is known where OutsideAccounts is, and where one is outside for
	// certain: another one, of which nobody could say, must not hide that.
	Outsiders Value[[]Outsider] `json:"outsiders" doc:"accounts that the policy lets in and that are not known to be inside; [] when there are none"`
	// Networks are not accounts: whose they are does not say who calls through them.
	Networks Value[[]string] `json:"open_networks" doc:"networks (VPCs, endpoints, ranges of addresses, or whose they are) through which the policy lets in principals of any account, since no condition says who calls; [] when there are none"`
}

// Outsider is one that is let in and not known to be inside.
type Outsider struct {
	Account string `json:"account"` // or an organization "o-…"
	Certain bool   `json:"certain"` // false: nobody could say whether it is outside
}

// FindOutsiders returns those of the accounts and organizations that are outside, and those
// that are not known to be inside. The former are unknown if it is not known of one
// of them, or undecided says so of others; the latter are so only if none is outside
// for certain.
func FindOutsiders(letIn []string, undecided *Unknown, inside func(id string) Value[bool]) (Value[[]string], Value[[]Outsider]) {
	var outside []string
	var outsiders []Outsider
	for _, id := range letIn {
		is := inside(id)
		in, known := is.Get()
		switch {
		case in:
			continue
		case known:
			outside = append(outside, id)
		case undecided == nil:
			why := is.Why()
			undecided = &why
		}
		outsiders = append(outsiders, Outsider{Account: id, Certain: known})
	}
	switch {
	case undecided == nil:
		return Known(outside), Known(outsiders)
	case len(outside) == 0: // there is nothing certain to tell
		return Missing[[]string](*undecided), Missing[[]Outsider](*undecided)
	default:
		return Missing[[]string](*undecided), Known(outsiders)
	}
}

// PolicyStatement is one statement of a resource policy, reduced to what can
// be judged.
type PolicyStatement struct {
	SID        string   `json:"sid,omitempty"` // or its place, "#2"
	Effect     string   `json:"effect"`        // Allow or Deny
	Public     bool     `json:"public"`        // an Allow that no fixed value restricts
	Accounts   []string `json:"accounts"`      // other accounts that it names; never the owner's
	Services   []string `json:"services"`      // service principals
	Actions    []string `json:"actions"`
	Conditions []string `json:"conditions"`    // condition keys, lower case
	Why        string   `json:"why,omitempty"` // why it is public
}
