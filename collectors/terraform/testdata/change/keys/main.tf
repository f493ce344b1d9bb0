variable "name" {}
resource "aws_kms_key" "this" {
  count = 1
  description  = var.name
  multi_region = true
}
resource "aws_secretsmanager_secret" "inner" {
  name = var.name
  kms_key_id = one(aws_kms_key.this[*].arn)
}
output "arn" { value = aws_kms_key.this[0].arn }
