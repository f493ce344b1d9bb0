# METADATA
# title: What identity policies allow on everything
package lib.grants

# wide lists the grants that reach all resources: no condition chooses among them, and the user accepts none
# of their conditions as a limit. Condition keys are not case-sensitive, and the model has them in lower case.
wide(grants, accepted) := [g |
	some g in grants
	count(g.limits) == 0
	every key in accepted { not lower(key) in g.conditions }
]

# message says what a grant allows, and by which statement of which policy.
message(g) := sprintf("statement %s of %s allows %s on %s%s", [
	g.sid, g.policy, concat(", ", g.actions), concat(", ", g.resources), conditions(g.conditions),
])

# conditions ends the message of a grant that has conditions with their keys.
conditions([]) := ""

conditions(keys) := sprintf(", on conditions of %s", [concat(", ", keys)]) if count(keys) > 0

# attached ends the message of a policy that nobody has at present: anyone who may attach it will have it.
attached(0) := "; it is attached to nobody now"

attached(n) := "" if n > 0

# admin is why the rules on secrets and keys do not apply to what allows everything: it fails once.
admin := "it allows everything, which a rule of its own judges"

# by_admins says whether all that a policy allows of the second list is part of what allows everything. A condition on
# that may be accepted by its own rule, and says nothing about other statements.
by_admins(admins, _) if {
	some g in wide(admins, [])
	count(g.conditions) == 0
}

by_admins(admins, list) if {
	statements := {[g.policy, g.sid] | some g in wide(admins, [])}
	count(statements) > 0
	every g in wide(list, []) { [g.policy, g.sid] in statements }
}

# bounds is why rules do not apply to a policy that is nothing but a boundary.
bounds := "a permissions boundary only, which by itself allows nothing"

# only_bounds says whether a policy bounds principals and is attached to none.
only_bounds(attachments, boundaries) if {
	attachments == 0
	boundaries > 0
}

# service_linked is why rules do not apply to a service-linked role.
service_linked := "a service-linked role: AWS decides what it may do, and only the service can assume it"
