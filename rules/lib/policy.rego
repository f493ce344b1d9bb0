# METADATA
# title: Resource policies
package lib.policy

# lets_anyone_in is the message for a public policy: it names the statements,
# and can be said of a policy whose statements name no culprit.
lets_anyone_in(statements) := concat("; ", array.concat(
	["its policy lets anyone in"],
	[sprintf("statement %s: %s", [object.get(s, "sid", "?"), object.get(s, "why", "public")]) |
		some s in statements
		s.public
	],
))

# outsider names whom a policy or grant lets in: an account, or an organization that a condition admits as a whole.
outsider(id) := sprintf("organization %s, which is not your own", [id]) if startswith(id, "o-")

outsider(id) := sprintf("account %s, which is outside the organization", [id]) if not startswith(id, "o-")

# doubtful ends the message about one that is outside for certain where others may be so too.
doubtful(outsiders, trusted) := "" if count(unsaid(outsiders, trusted)) == 0

doubtful(outsiders, trusted) := sprintf("; whether %s is outside too, nobody could say", [concat(", ", list)]) if {
	list := unsaid(outsiders, trusted)
	count(list) > 0
}

# unsaid lists those of whom nobody could say, without those that the user trusts.
unsaid(outsiders, trusted) := [o.account | some o in outsiders; not o.certain; not o.account in trusted]

# through names the way of those whom a condition on a network lets in. AWS does not call that public, and counts it as
# access from outside: "any principal in any account that has permission to access the listed VPC" (IAM User Guide,
# "Reviewing findings" of IAM Access Analyzer).
through(network) := sprintf("principals of any account through %s, since no condition says who", [network])
