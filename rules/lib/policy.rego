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
