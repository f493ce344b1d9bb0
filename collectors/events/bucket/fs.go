package bucket

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// fileSystem shows objects as files, and what stands before a slash in their keys
// as folders.
type fileSystem struct {
	a    *Archive
	done context.Context // io/fs has no other place for it
}

// Ahead is how many folders are listed at once.
func (*fileSystem) Ahead() int { return workers }

// Signed says that files have the metadata in which S3 keeps the signatures of
// digests.
func (*fileSystem) Signed() bool { return true }

func (f *fileSystem) key(name string) string {
	if name == "." {
		return f.a.prefix
	}
	return f.a.prefix + name
}

// ReadDir lists a folder, in order. A key that a file system cannot show is an
// error beside the entries.
func (f *fileSystem) ReadDir(name string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "list", Path: name, Err: fs.ErrInvalid}
	}
	prefix := f.key(name)
	if name != "." {
		prefix += "/"
	}
	var entries []fs.DirEntry
	odd := ""
	add := func(key string, i info) {
		i.name = strings.TrimSuffix(strings.TrimPrefix(key, prefix), "/")
		switch {
		case key == prefix && !i.dir: // a folder that the console made
		case !fs.ValidPath(i.name) || i.name == ".":
			odd = key
		default:
			entries = append(entries, &i)
		}
	}
	pages := s3.NewListObjectsV2Paginator(f.a.client, &s3.ListObjectsV2Input{Bucket: &f.a.bucket, Prefix: &prefix, Delimiter: aws.String("/")})
	for pages.HasMorePages() {
		f.a.Listed.Add(1)
		page, err := pages.NextPage(f.done, f.a.at)
		if err != nil {
			return entries, pathError(f.done, "list", name, List, err)
		}
		for _, o := range page.Contents {
			add(aws.ToString(o.Key), info{size: aws.ToInt64(o.Size), time: aws.ToTime(o.LastModified)})
		}
		for _, p := range page.CommonPrefixes {
			add(aws.ToString(p.Prefix), info{dir: true})
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	if odd != "" {
		return entries, &fs.PathError{Op: "list", Path: name, Err: fmt.Errorf("the key %q has an empty folder, . or .. in it: what is below was not read", odd)}
	}
	return entries, nil
}

// Open opens a file. Its metadata comes with it.
func (f *fileSystem) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if name == "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("it is a folder")}
	}
	f.a.Fetched.Add(1)
	o := &object{a: f.a, ctx: f.done, name: name, info: info{name: path.Base(name)}}
	return o, o.get(f.key(name))
}

// Stat asks S3 by listing: the permission to list is needed anyway.
func (f *fileSystem) Stat(name string) (fs.FileInfo, error) {
	if name == "." {
		return &info{name: ".", dir: true}, nil
	}
	key := f.key(name)
	f.a.Listed.Add(1)
	page, err := f.a.client.ListObjectsV2(f.done, &s3.ListObjectsV2Input{Bucket: &f.a.bucket, Prefix: &key, MaxKeys: aws.Int32(2)}, f.a.at)
	if err != nil {
		return nil, pathError(f.done, "stat", name, List, err)
	}
	for _, o := range page.Contents {
		switch k := aws.ToString(o.Key); {
		case k == key:
			return &info{name: path.Base(name), size: aws.ToInt64(o.Size), time: aws.ToTime(o.LastModified)}, nil
		case strings.HasPrefix(k, key+"/"):
			return &info{name: path.Base(name), dir: true}, nil
		}
	}
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}
