// Package bucket reads an archive of CloudTrail where the service delivers it: in a
// bucket of S3.
//
// Its promises: it makes two calls, ListObjectsV2 and GetObject; folders that a
// query does not ask for are not listed and their files not fetched; what it may
// not list or fetch is an error with the IAM action that is missing; and a file
// whose transfer breaks off goes on from there, of the same version of the file.
package bucket

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// The IAM actions that reading a bucket needs.
const (
	List = "s3:ListBucket"
	Get  = "s3:GetObject"
)

// Scheme is how the name of an archive in S3 begins.
const Scheme = "s3://"

// client is the calls made.
type client interface {
	s3.ListObjectsV2APIClient
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Archive is the part of a bucket below a prefix.
type Archive struct {
	client client
	bucket string
	prefix string // empty, or it ends in a slash
	region string // of the bucket
	// Fetched counts the files that were asked for, Listed the calls that list.
	Fetched, Listed atomic.Int64
}

// Parse splits s3://bucket/prefix.
func Parse(name string) (bucket, prefix string, err error) {
	rest, ok := strings.CutPrefix(name, Scheme)
	bucket, prefix, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return "", "", fmt.Errorf("%q is no place in S3: write s3://bucket or s3://bucket/prefix", name)
	}
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		if !fs.ValidPath(prefix) {
			return "", "", fmt.Errorf("the prefix %q has empty folders, . or .. in it, which cannot be read", prefix)
		}
		prefix += "/"
	}
	return bucket, prefix, nil
}

// Open finds out whether the bucket can be listed, and which region it is in. An
// error is for users.
func Open(ctx context.Context, cfg aws.Config, name string) (*Archive, error) {
	bucket, prefix, err := Parse(name)
	if err != nil {
		return nil, err
	}
	// An endpoint that is not AWS answers for all buckets under one name, so that
	// the bucket has to be in the path.
	c := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil
		o.DisableLogOutputChecksumValidationSkipped = true // gzip has a checksum, and not every object one of S3
	})
	return open(ctx, c, bucket, prefix)
}

func open(ctx context.Context, c client, bucket, prefix string) (*Archive, error) {
	a := &Archive{client: c, bucket: bucket, prefix: prefix}
	in := &s3.ListObjectsV2Input{Bucket: &a.bucket, Prefix: &a.prefix, MaxKeys: aws.Int32(1)}
	_, err := a.client.ListObjectsV2(ctx, in, a.at)
	if region := awserr.BucketRegion(err); region != "" {
		a.region = region
		_, err = a.client.ListObjectsV2(ctx, in, a.at)
	}
	switch {
	case err == nil:
		return a, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case awserr.Code(err) == "NoSuchBucket":
		return nil, fmt.Errorf("the bucket %s does not exist: `aws s3 ls` lists those of an account, and the trail says where it delivers to (aws cloudtrail describe-trails)", bucket)
	case awserr.Denied(err):
		return nil, fmt.Errorf("%s on the bucket %s is denied: allow it (keyproof permissions --events s3://%[2]s prints the policy), and if the bucket is another account's its bucket policy has to allow it too", List, bucket)
	}
	return nil, fmt.Errorf("list the bucket %s: %s", bucket, awserr.Unknown(List, err).Detail)
}

// at has calls made in the bucket's region.
func (a *Archive) at(o *s3.Options) {
	if a.region != "" {
		o.Region = a.region
	}
}

// Name is the place in S3.
func (a *Archive) Name() string { return Scheme + a.bucket + "/" + a.prefix }

// workers is how many files are fetched at once: more than there are cores, as
// most of the time goes by waiting.
const workers = 16

// Read reads the archive as one in a folder.
func (a *Archive) Read(ctx context.Context, q events.Query, each func(*model.Event) error) (*events.Summary, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // of listings that nobody waits for any more
	if q.Workers == 0 {
		q.Workers = workers
	}
	return events.Read(ctx, a.FS(ctx), q, each)
}

// FS is the archive as a file system, as long as ctx is not done: the calls of a
// file system have no context of their own.
func (a *Archive) FS(ctx context.Context) fs.FS { return &fileSystem{a: a, done: ctx} }

// refusal is an error of S3 in the model's words.
type refusal struct{ why model.Unknown }

func (r *refusal) Error() string {
	if r.why.Reason == model.ReasonAccessDenied {
		text := r.why.Action + " is denied: allow it"
		if r.why.Detail != "" {
			text += " (" + r.why.Detail + ")"
		}
		return text
	}
	return r.why.Detail
}

// Unknown is why nothing is known.
func (r *refusal) Unknown() model.Unknown { return r.why }

// pathError is an error of a file or folder.
func pathError(ctx context.Context, op, name, action string, err error) error {
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case awserr.Code(err) == "NoSuchKey" || awserr.Status(err) == 404:
		err = fs.ErrNotExist
	default:
		err = &refusal{awserr.Unknown(action, err)}
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// info is a file or folder.
type info struct {
	name string
	dir  bool
	size int64
	time time.Time
}

func (i *info) Name() string               { return i.name }
func (i *info) IsDir() bool                { return i.dir }
func (i *info) Size() int64                { return i.size }
func (i *info) ModTime() time.Time         { return i.time }
func (i *info) Sys() any                   { return nil }
func (i *info) Type() fs.FileMode          { return i.Mode().Type() }
func (i *info) Info() (fs.FileInfo, error) { return i, nil }

// Mode: anybody who can list may try to read.
func (i *info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
