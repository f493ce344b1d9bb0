package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// object is a file that is being fetched.
type object struct {
	a        *Archive
	ctx      context.Context // of the file system
	name     string
	key      string
	body     io.ReadCloser
	etag     string // of the version that is read
	info     info
	metadata map[string]string
	at       int64 // bytes that were read
	failed   int   // transfers that broke off, one after the other
}

// retries is how often in a row a transfer may break off without a byte.
const retries = 4

// get begins the transfer, or goes on with it.
func (o *object) get(key string) error {
	in := &s3.GetObjectInput{Bucket: &o.a.bucket, Key: &key}
	if o.at > 0 {
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", o.at))
	}
	if o.etag != "" {
		in.IfMatch = &o.etag // or the rest would be that of another file
	}
	out, err := o.a.client.GetObject(o.ctx, in, o.a.at)
	if err != nil {
		return pathError(o.ctx, "open", o.name, Get, err)
	}
	if o.at == 0 {
		o.info.size, o.info.time = aws.ToInt64(out.ContentLength), aws.ToTime(out.LastModified)
		o.metadata = out.Metadata
	}
	o.key, o.body, o.etag = key, out.Body, aws.ToString(out.ETag)
	return nil
}

func (o *object) Read(p []byte) (int, error) {
	for {
		n, err := o.body.Read(p)
		o.at += int64(n)
		if n > 0 {
			o.failed = 0
		}
		switch {
		case err == nil || err == io.EOF && o.at >= o.info.size:
			return n, err
		case o.at >= o.info.size: // all of it came, and it is not what S3 says
			return n, &fs.PathError{Op: "read", Path: o.name, Err: err}
		}
		if o.ctx.Err() != nil {
			return n, context.Cause(o.ctx)
		}
		if o.failed++; o.failed > retries {
			return n, &fs.PathError{Op: "read", Path: o.name, Err: fmt.Errorf("the transfer broke off after %d of %d bytes, %d times: %w", o.at, o.info.size, o.failed, errBroken)}
		}
		_ = o.body.Close() // it is broken
		if err := o.get(o.key); err != nil {
			return n, err
		}
		if n > 0 {
			return n, nil
		}
	}
}

var errBroken = errors.New("check the network and run it again")

func (o *object) Close() error               { return o.body.Close() }
func (o *object) Stat() (fs.FileInfo, error) { return &o.info, nil }

// Metadata is what S3 keeps beside the object, such as the signature of a digest.
func (o *object) Metadata() map[string]string { return o.metadata }
