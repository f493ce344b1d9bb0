# METADATA
# title: SecureString parameters are encrypted with a customer key
# description: >-
#   The key policy of the default key aws/ssm belongs to AWS: everybody in the account who may read
#   the parameter may also decrypt it.
# scope: package
# custom:
#   id: SSM-002
#   kind: parameter
#   severity: medium
#   topics: [SSM-SECURESTRING]
#   controls:
#     hipaa: ["164.312(a)(2)(iv)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.3.2"]
#   remediation:
#     action: use-customer-key
#     text: Write the parameter again with a customer managed KMS key.
#     command: >-
#       aws ssm put-parameter --name {name} --region {region} --type SecureString --overwrite
#       --key-id KEY_ARN --value file://value.txt
#     hcl: |-
#       resource "aws_ssm_parameter" "NAME" {
#         key_id = aws_kms_key.KEY.arn
#       }
package rules.ssm.customer_key

not_applicable contains "not a SecureString" if input.resource.type != "SecureString"

violation contains {"attribute": "kms_key", "message": "encrypted with the default key aws/ssm"} if {
	input.resource.default_key
}

# A template may name the AWS managed key by its ARN, which does not show what it is.
violation contains {"attribute": "kms_key", "message": "encrypted with a key that AWS manages"} if {
	not input.resource.default_key
	input.related.key.manager == "AWS"
}
