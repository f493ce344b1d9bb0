package main

import (
	"fmt"
	"slices"

	"github.com/keyproof/keyproof/collectors/events/athena"
	"github.com/keyproof/keyproof/collectors/events/lake"
)

// eventsPolicy is the policy for reading events through an engine. It is apart
// from that of a scan, which needs none of it and starts nothing.
func eventsPolicy(engine string) ([]statement, error) {
	allow := func(sid, resource string, actions ...string) statement {
		slices.Sort(actions)
		return statement{Sid: "Keyproof" + sid, Effect: "Allow", Action: slices.Compact(actions), Resource: resource}
	}
	switch engine {
	case "athena":
		return []statement{
			allow("Athena", "*", slices.Concat(athena.Reads(), athena.Queries())...),
			allow("Glue", "*", athena.Lookups()...),
			allow("TrailBucket", "arn:aws:s3:::TRAIL-BUCKET", "s3:GetBucketLocation", "s3:ListBucket"),
			allow("TrailObjects", "arn:aws:s3:::TRAIL-BUCKET/*", "s3:GetObject"),
			allow("TrailKey", "arn:aws:kms:*:*:key/TRAIL-KEY", "kms:Decrypt"),
			allow("ResultsBucket", "arn:aws:s3:::RESULTS-BUCKET", "s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
			allow("ResultsObjects", "arn:aws:s3:::RESULTS-BUCKET/*", "s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"),
		}, nil
	case "lake":
		return []statement{
			allow("Lake", "*", slices.Concat(lake.Reads(), lake.Queries())...),
			allow("LakeKey", "arn:aws:kms:*:*:key/EVENT-DATA-STORE-KEY", "kms:Decrypt", "kms:GenerateDataKey"),
		}, nil
	}
	return nil, usageError{fmt.Errorf("--events %q: write athena or lake", engine)}
}
