variable "region" { default = "us-east-1" }
variable "names" { default = ["a"] }

provider "aws" {
  region = var.region
  skip_credentials_validation = true
  skip_metadata_api_check = true
  skip_requesting_account_id = true
  s3_use_path_style = true
  default_tags { tags = { team = "payments" } }
}

provider "aws" {
  alias  = "west"
  region = "eu-west-1"
  skip_credentials_validation = true
  skip_metadata_api_check = true
  skip_requesting_account_id = true
}

data "aws_caller_identity" "me" {}

module "keys" {
  source    = "./keys"
  providers = { aws = aws.west }
  name      = "west"
}

resource "aws_kms_key" "app" {
  description             = "app"
  enable_key_rotation     = false
  deletion_window_in_days = 7
}

resource "aws_kms_alias" "app" {
  name          = "alias/app"
  target_key_id = aws_kms_key.app.key_id
}

resource "aws_secretsmanager_secret" "one" {
  name       = "one"
  kms_key_id = aws_kms_key.app.arn
  tags       = { data = "phi" }
}

resource "aws_secretsmanager_secret" "renamed" {
  name       = "plain"
  kms_key_id = aws_kms_key.app.arn
}

moved {
  from = aws_secretsmanager_secret.plain
  to   = aws_secretsmanager_secret.renamed
}

resource "aws_secretsmanager_secret" "new" {
  # keyproof:waive SM-001 reason="rotated by hand" expires=2027-01-01
  name       = "new"
  kms_key_id = aws_kms_alias.app.arn
}

resource "aws_secretsmanager_secret" "many" {
  for_each   = toset(var.names)
  name       = "many/${each.key}"
  kms_key_id = aws_kms_alias.app.arn
  dynamic "replica" {
    for_each = ["eu-west-1"]
    content {
      region     = replica.value
      kms_key_id = module.keys.arn
    }
  }
}

resource "aws_secretsmanager_secret" "west" {
  provider   = aws.west
  name       = "west"
  kms_key_id = module.keys.arn
}

resource "aws_secretsmanager_secret_rotation" "many" {
  for_each            = aws_secretsmanager_secret.many
  secret_id           = each.value.id
  rotation_lambda_arn = aws_lambda_function.turn.arn
  rotation_rules { automatically_after_days = 30 }
}

resource "aws_secretsmanager_secret_rotation" "one" {
  secret_id           = aws_secretsmanager_secret.one.id
  rotation_lambda_arn = aws_lambda_function.turn.arn
  rotation_rules { 
    schedule_expression = "rate(10 days)" 
    duration = "3h"
  }
}

resource "aws_secretsmanager_secret_version" "one" {
  secret_id     = aws_secretsmanager_secret.one.id
  secret_string = "SENTINEL-hunter2"
}

resource "aws_secretsmanager_secret_version" "many" {
  for_each      = toset(var.names)
  secret_id     = aws_secretsmanager_secret.many[each.key].id
  secret_string = jsonencode({ password = "SENTINEL-${each.key}" })
}

resource "aws_iam_role" "turn" {
  name = "turn"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "turn" {
  role   = aws_iam_role.turn.id
  name   = "turn"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "turn" {
  role       = aws_iam_role.turn.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "turn" {
  function_name = "turn"
  role          = aws_iam_role.turn.arn
  runtime       = "python3.13"
  handler       = "turn.handler"
  filename      = "turn.zip"
  timeout       = 60
  environment { variables = { DB_PASSWORD = "SENTINEL-hunter2", STAGE = "prod" } }
}

resource "aws_lambda_permission" "turn" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.turn.function_name
  principal     = "secretsmanager.amazonaws.com"
  source_account = data.aws_caller_identity.me.account_id
}

data "aws_iam_policy_document" "one" {
  statement {
    sid       = "Everyone"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

data "aws_iam_policy_document" "many" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.turn.arn]
    }
  }
}

resource "aws_secretsmanager_secret_policy" "one" {
  secret_arn = aws_secretsmanager_secret.one.arn
  policy     = data.aws_iam_policy_document.one.json
}

resource "aws_secretsmanager_secret_policy" "many" {
  for_each   = toset(var.names)
  secret_arn = aws_secretsmanager_secret.many[each.value].arn
  policy     = data.aws_iam_policy_document.many.json
}

resource "aws_ssm_parameter" "plain" {
  name  = "/app/password"
  type  = "String"
  value = "SENTINEL-hunter2"
}

resource "aws_ssm_parameter" "secure" {
  name   = "/app/secure"
  type   = "SecureString"
  value  = "SENTINEL-secure"
  key_id = aws_kms_key.app.id
}

resource "aws_ssm_parameter" "default" {
  name  = "/app/default"
  type  = "SecureString"
  value = aws_ssm_parameter.plain.value
}

resource "aws_s3_bucket" "log" { bucket = "acme-logs-1" }

resource "aws_s3_bucket_public_access_block" "log" {
  bucket                  = aws_s3_bucket.log.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_cloudtrail" "all" {
  name                          = "all"
  s3_bucket_name                = aws_s3_bucket.log.bucket
  is_multi_region_trail         = true
  enable_log_file_validation    = true
  kms_key_id                    = aws_kms_key.app.arn
  event_selector {
    read_write_type = "All"
    exclude_management_event_sources = ["kms.amazonaws.com"]
  }
}

