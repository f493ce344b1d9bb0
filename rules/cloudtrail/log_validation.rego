# METADATA
# title: Trails sign their log files
# description: >-
#   Without digest files nobody can prove that a log file was not changed or taken away after
#   CloudTrail delivered it.
# scope: package
# custom:
#   id: CT-003
#   kind: trail
#   severity: medium
#   topics: [CT-VALIDATION]
#   controls:
#     hipaa: ["164.312(c)(1)", "164.312(b)"]
#     soc2: ["CC7.3"]
#     pci_dss: ["10.3.2", "10.3.4"]
#   remediation:
#     action: validate-trail
#     text: Turn on log file validation.
#     command: aws cloudtrail update-trail --name {id} --region {region} --enable-log-file-validation
#     hcl: |-
#       resource "aws_cloudtrail" "NAME" {
#         enable_log_file_validation = true
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::CloudTrail::Trail
#         Properties:
#           EnableLogFileValidation: true
package rules.cloudtrail.log_validation

violation contains {"attribute": "validation", "message": "log file validation is off"} if {
	not input.resource.validation
}
