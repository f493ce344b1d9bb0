# METADATA
# title: Events of CloudTrail
package lib.event

# not_done is why rules on what was done do not apply to an event.
not_done := "the call was refused or failed, so nothing came of it"

# one_of says whether a name matches one of some patterns, in which * is any characters.
one_of(name, patterns) if {
	some pattern in patterns
	glob.match(pattern, null, name)
}

# account_of is the account in an ARN, or what is no ARN as it stands.
account_of(name) := split(name, ":")[4] if startswith(name, "arn:")

account_of(name) := name if not startswith(name, "arn:")

# address says whether the source of a call is an IP address, and not a service of AWS.
address(source) if regex.match(`^([0-9]{1,3}\.){3}[0-9]{1,3}$|^[0-9a-fA-F]*:[0-9a-fA-F:.]+$`, source)

# outsider names whom a policy lets in. The accounts of an organization that are not scanned are outside for a scan where
# nobody could list its members, and may well be one's own.
outsider(id) := sprintf("organization %s, which is not your own", [id]) if startswith(id, "o-")

outsider(id) := sprintf("account %s, which the scan neither reads nor lists as a member", [id]) if not startswith(id, "o-")

# about_parameter says whether what an event is about is a parameter: Systems Manager has some calls for documents and
# items of OpsCenter as well.
about_parameter(targets) if {
	some target in targets
	contains(target, ":parameter/")
}
