# METADATA
# title: No credential is written to a plain parameter
# description: >-
#   A parameter whose name is that of a credential was written as String or StringList: everybody who may read
#   parameters reads it, and it is in logs and backups as it stands. What type it had before, an event does not say.
# scope: package
# custom:
#   id: EVT-027
#   kind: event
#   severity: high
#   events: ["ssm.amazonaws.com:PutParameter"]
#   mitre: [T1552]
#   topics: [SSM-PLAINTEXT, SSM-SECURESTRING]
#   controls:
#     hipaa: ["164.312(a)(2)(iv)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.3.2", "8.6.2"]
#   params:
#     names:
#       type: strings
#       default: ["*password*", "*passwd*", "*secret*", "*credential*", "*private?key*", "*api?key*", "*apikey*", "*access?key*", "*token"]
#       why: words that names of credentials have; patterns, in lower case
#   remediation:
#     text: >-
#       Delete the parameter, write it again as SecureString or as a secret, and change the credential: it was
#       readable.
package rules.events.parameter_unencrypted

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

# Without a type the parameter keeps the one that it had ("PutParameter", API Reference).
not_applicable contains "the call gave no type, so it keeps the one that it had" if not input.resource.request_parameter_type

violation contains {"attribute": "request_parameter_type", "message": message} if {
	input.resource.request_parameter_type in {"String", "StringList"}
	some name in input.resource.targets
	event.one_of(lower(name), input.params.names)
	message := sprintf("written in plain, as %s, with the name of a credential", [input.resource.request_parameter_type])
}
