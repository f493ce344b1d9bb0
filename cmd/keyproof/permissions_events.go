package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/collectors/events/athena"
	"github.com/keyproof/keyproof/collectors/events/bucket"
	"github.com/keyproof/keyproof/collectors/events/lake"
	"github.com/keyproof/keyproof/collectors/session"
)

// eventsPolicy is the policy for reading events from a source. That of an engine is
// apart from that of a scan, which needs none of it and starts nothing.
func eventsPolicy(source string) ([]statement, error) {
	if source == lookupSource || strings.HasPrefix(source, bucket.Scheme) {
		return recordPolicy(source)
	}
	allow := func(sid, resource string, actions ...string) statement {
		slices.Sort(actions)
		return statement{Sid: "Keyproof" + sid, Effect: "Allow", Action: slices.Compact(actions), Resource: resource}
	}
	switch source {
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
	return nil, usageError{fmt.Errorf("--events %q: write lookup, s3://bucket/prefix, athena or lake", source)}
}

// recordPolicy is for reading the event history or a bucket, and for verifying an
// archive with CloudTrail's public keys. None of it writes or starts anything.
func recordPolicy(source string) ([]statement, error) {
	history, archive := eventActions()
	list := grouped(session.Permissions())
	if source == lookupSource {
		return append(list, grouped([]string{history})...), nil
	}
	name, prefix, err := bucket.Parse(source)
	if err != nil {
		return nil, usageError{err}
	}
	arn := "arn:aws:s3:::" + name
	return append(append(list, grouped([]string{cloudtrail.ListPublicKeys})...),
		statement{"KeyproofArchive", "Allow", archive, []string{arn, arn + "/" + prefix + "*"}}), nil
}
