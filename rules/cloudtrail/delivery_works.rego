# METADATA
# title: Trails deliver their logs
# description: >-
#   A trail whose bucket refuses its files goes on saying that it is logging, while no record of what
#   happens arrives.
# scope: package
# custom:
#   id: CT-006
#   kind: trail
#   severity: high
#   topics: [CT-ENABLED]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.2", "10.2.1.5", "10.2.1.7", "10.2.2"]
#   remediation:
#     text: Let CloudTrail write to the bucket and use the key, or name a bucket that exists.
#     command: aws cloudtrail get-trail-status --name {id} --region {region}
package rules.cloudtrail.delivery_works

not_applicable contains "it is not logging, which CT-001 judges" if not input.resource.logging

violation contains {"attribute": "delivery_error", "message": message} if {
	message := sprintf("the delivery of its logs fails: %s", [input.resource.delivery_error])
}
