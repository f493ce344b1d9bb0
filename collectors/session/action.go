package session

// iamAction is the IAM action that a call needs. It has the name of the
// operation, but for some of S3 (Service Authorization Reference, "Actions
// defined by Amazon S3").
func iamAction(service, operation string) string {
	switch service + ":" + operation {
	case "s3:GetBucketEncryption":
		operation = "GetEncryptionConfiguration"
	case "s3:GetPublicAccessBlock":
		operation = "GetBucketPublicAccessBlock"
	case "s3:ListBuckets":
		operation = "ListAllMyBuckets"
	case "s3:ListObjectsV2":
		operation = "ListBucket"
	}
	return service + ":" + operation
}
