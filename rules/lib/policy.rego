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
