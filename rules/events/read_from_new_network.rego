# METADATA
# title: Secrets are read from known networks only
# description: >-
#   A stolen credential is used from where the thief is. A read from outside your address ranges and VPC endpoints
#   is worth a question. It judges nothing until you name some.
# scope: package
# custom:
#   id: EVT-015
#   kind: event
#   severity: medium
#   events:
#     - "secretsmanager.amazonaws.com:GetSecretValue"
#     - "secretsmanager.amazonaws.com:BatchGetSecretValue"
#   mitre: [T1078.004, T1555.006]
#   topics: [CT-SECRET-ANOMALY, CT-SECRET-ACCESS-REVIEW]
#   controls:
#     hipaa: ["164.308(a)(1)(ii)(D)"]
#     soc2: ["CC7.2", "CC7.3"]
#     pci_dss: ["10.4.1.1"]
#   params:
#     networks:
#       type: strings
#       default: []
#       why: address ranges such as 10.0.0.0/8; only you know which networks are yours
#     vpc_endpoints:
#       type: strings
#       default: []
#       why: ids of VPC endpoints through which secrets may be read, all of yours if any; only you know which are yours
#   remediation:
#     text: >-
#       Find out who read it from there. If it was nobody of yours, change the value and revoke the credentials that
#       read it.
package rules.events.read_from_new_network

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

not_applicable contains "no networks or vpc_endpoints are named" if {
	count(input.params.networks) + count(input.params.vpc_endpoints) == 0
}

not_applicable contains "a service of AWS called for the principal" if not event.address(input.resource.source_ip)

violation contains {"attribute": "source_ip", "message": message} if {
	ip := input.resource.source_ip
	event.address(ip)
	not known(ip)
	not through_endpoint
	message := sprintf("read from %s, which is no known network", [ip])
}

# Apart, since a call without an endpoint comes through none.
through_endpoint if input.resource.vpc_endpoint in input.params.vpc_endpoints

# Unrelated VPCs may have the same addresses ("AWS global condition context keys", aws:VpcSourceIp): where endpoints
# are named, it must be one of them.
another_endpoint if {
	count(input.params.vpc_endpoints) > 0
	input.resource.vpc_endpoint
	not through_endpoint
}

known(ip) if {
	not another_endpoint
	some network in input.params.networks
	net.cidr_contains(network, ip)
}
