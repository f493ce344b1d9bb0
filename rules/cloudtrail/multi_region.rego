# METADATA
# title: Trails cover all regions
# description: >-
#   What happens in a region that no trail covers leaves no lasting record, and a stolen credential
#   works in every region. Whether the account is covered as a whole is for ACC-001 to say.
# scope: package
# custom:
#   id: CT-002
#   kind: trail
#   severity: medium
#   topics: [CT-MULTIREGION]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.2", "10.2.1.5", "10.2.1.7", "10.2.2"]
#   remediation:
#     action: extend-trail
#     text: Make it a trail of all regions.
#     command: aws cloudtrail update-trail --name {id} --region {region} --is-multi-region-trail
#     hcl: |-
#       resource "aws_cloudtrail" "NAME" {
#         is_multi_region_trail = true
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::CloudTrail::Trail
#         Properties:
#           IsMultiRegionTrail: true
package rules.cloudtrail.multi_region

import data.lib.trail

# A trail of data events alone may well be for one region.
not_applicable contains trail.not_management if {
	not input.resource.management_read
	not input.resource.management_write
}

violation contains {"attribute": "multi_region", "message": "it records only its home region"} if {
	not input.resource.multi_region
}
