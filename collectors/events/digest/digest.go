// Package digest verifies the digest chain of an archive of CloudTrail
// ("Validating CloudTrail log file integrity"): every hour CloudTrail signs a
// digest file, which holds the hash of each log that it delivered and the hash
// and signature of the digest before. It needs no connection, only the public
// keys.
//
// Its promise: a file counts as verified only if a chain of good hashes leads
// from it to a good signature. Whatever else is there is named, as tampered with
// when the record contradicts itself, and as a gap when nobody can say.
package digest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/keyproof/keyproof/collectors/events"
)

// maxDigest is the longest digest that is read. A digest takes about 300 bytes
// for each log of an hour.
const maxDigest = 64 << 20

// content is a digest file ("CloudTrail digest file structure"). The members of
// the previous digest are null in the first digest of a chain.
type content struct {
	Account       string  `json:"awsAccountId"`
	StartTime     string  `json:"digestStartTime"`
	EndTime       string  `json:"digestEndTime"`
	Bucket        string  `json:"digestS3Bucket"`
	Object        string  `json:"digestS3Object"`
	Fingerprint   string  `json:"digestPublicKeyFingerprint"`
	Algorithm     string  `json:"digestSignatureAlgorithm"`
	PrevBucket    *string `json:"previousDigestS3Bucket"`
	PrevObject    *string `json:"previousDigestS3Object"`
	PrevHash      *string `json:"previousDigestHashValue"`
	PrevAlgorithm *string `json:"previousDigestHashAlgorithm"`
	PrevSignature *string `json:"previousDigestSignature"`
	LogFiles      []struct {
		Bucket    string `json:"s3Bucket"`
		Object    string `json:"s3Object"`
		Hash      string `json:"hashValue"`
		Algorithm string `json:"hashAlgorithm"`
	} `json:"logFiles"`
}

// file is a digest file of the archive.
type file struct {
	path       string // in the archive
	content    content
	hash       string // SHA-256 of its text, hex
	start, end time.Time
	signature  string // that the file system has of it; empty when it has none
	backfill   bool   // for logs that a digest came too early for; has no place in the chain of hours
	err        error  // why it cannot be read as a digest; the rest is empty then
}

// load reads a digest file.
func load(fsys fs.FS, path string) *file {
	f := &file{path: path, backfill: strings.HasSuffix(path, "_backfill.json.gz")}
	// Until its text says more exactly; zero for another name.
	_, end, _ := chainName(path)
	f.end, _ = time.Parse("20060102T150405Z", end)
	f.start = f.end.Add(-time.Hour)
	var text bytes.Buffer
	var metadata map[string]string
	f.hash, metadata, f.err = hashText(fsys, path, &limited{w: &text, left: maxDigest})
	if f.err != nil {
		return f
	}
	f.signature = metadata["signature"]
	if err := json.Unmarshal(text.Bytes(), &f.content); err != nil {
		f.err = errors.New("it is not a digest: " + err.Error())
		return f
	}
	c := &f.content
	for _, m := range []struct{ name, value string }{
		{"digestS3Object", c.Object}, {"digestS3Bucket", c.Bucket}, {"digestPublicKeyFingerprint", c.Fingerprint},
		{"digestEndTime", c.EndTime}, {"digestStartTime", c.StartTime},
	} {
		if m.value == "" {
			f.err = fmt.Errorf("it has no %s", m.name)
			return f
		}
	}
	var errStart, errEnd error
	f.start, errStart = time.Parse(time.RFC3339, c.StartTime)
	f.end, errEnd = time.Parse(time.RFC3339, c.EndTime)
	f.err = errors.Join(errStart, errEnd)
	return f
}

// first tells the first digest of a chain.
func (f *file) first() bool { return f.content.PrevObject == nil || f.content.PrevSignature == nil }

// hashText hashes the text of a file, and writes it to w too. The metadata is what
// the file system keeps beside the file, if it does.
func hashText(fsys fs.FS, path string, w io.Writer) (hash string, metadata map[string]string, err error) {
	r, err := fsys.Open(path)
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if m, ok := r.(interface{ Metadata() map[string]string }); ok {
		metadata = m.Metadata()
	}
	var text events.Text
	if err := text.Reset(r, strings.HasSuffix(path, ".gz")); err != nil {
		return "", nil, err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(sum, w), &text); err != nil {
		return "", nil, err
	}
	return hex.EncodeToString(sum.Sum(nil)), metadata, nil
}

// loader returns a function that loads the digests of a chain from the newest to
// the oldest, some ahead of time where the file system is a distant one.
func (v *verifier) loader(files []string) func(i int) *file {
	ahead := 0
	if d, ok := v.fsys.(interface{ Ahead() int }); ok {
		ahead = d.Ahead()
	}
	coming := map[int]chan *file{}
	next := len(files) - 1
	return func(i int) *file {
		if ahead == 0 {
			return load(v.fsys, files[i])
		}
		for ; next >= 0 && next >= i-ahead; next-- {
			c, path := make(chan *file, 1), files[next]
			coming[next] = c
			go func() { c <- load(v.fsys, path) }()
		}
		c := coming[i]
		delete(coming, i)
		return <-c
	}
}

// cause is an error without the path, which is named beside it.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// limited is a writer that refuses too much.
type limited struct {
	w    io.Writer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, fmt.Errorf("it is longer than %d MiB", maxDigest>>20)
	}
	return l.w.Write(p)
}
