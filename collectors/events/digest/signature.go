package digest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// SignatureSuffix is that of a file beside a digest that holds the answer of
// `aws s3api head-object` for it. S3 keeps the signature of a digest in the
// object's metadata, which a copy to a folder loses; the digest after it repeats
// it, so only the newest of a chain, and backfills, need such a file.
const SignatureSuffix = ".head.json"

const algorithm = "SHA256withRSA"

// stringToSign is what CloudTrail signs ("Custom implementations of CloudTrail log
// file integrity validation"): the digest's end, its place in S3, the hash of its
// text, and the signature before, or null.
func (f *file) stringToSign() string {
	previous := "null"
	if f.content.PrevSignature != nil {
		previous = *f.content.PrevSignature
	}
	return strings.Join([]string{f.content.EndTime, f.content.Bucket + "/" + f.content.Object, f.hash, previous}, "\n")
}

// errNoKey: the key is not among those at hand, so nobody can say.
var errNoKey = errors.New("no public key")

// verify checks a signature of the digest.
func (f *file) verify(keys ring, signature string) error {
	if f.content.Algorithm != "" && f.content.Algorithm != algorithm {
		return fmt.Errorf("its signature algorithm is %q, which CloudTrail does not use", f.content.Algorithm)
	}
	key, ok := keys[f.content.Fingerprint]
	if !ok {
		return fmt.Errorf("%w with the fingerprint %s is at hand: list-public-keys of the digest's region and time has it, if CloudTrail signed it", errNoKey, f.content.Fingerprint)
	}
	raw, err := hex.DecodeString(signature)
	if err != nil {
		return errors.New("its signature is not hexadecimal")
	}
	hash := sha256.Sum256([]byte(f.stringToSign()))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, hash[:], raw) != nil {
		return errors.New("its signature is not CloudTrail's: the digest, its place or the signature was changed")
	}
	return nil
}

// kept is where the digest's own signature was found, for people.
func (f *file) kept() string {
	if f.signature != "" {
		return "S3 keeps of this one"
	}
	return "the one in " + f.path + SignatureSuffix
}

// saved returns the signature that the file system has of the digest, or reads the
// one that was saved beside it; empty when there is none.
func (f *file) saved(fsys fs.FS) (string, error) {
	if f.signature != "" {
		return f.signature, nil
	}
	raw, err := fs.ReadFile(fsys, f.path+SignatureSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	var head struct {
		Metadata struct {
			Signature string `json:"signature"`
		}
	}
	if err := json.Unmarshal(raw, &head); err != nil || head.Metadata.Signature == "" {
		return "", errors.New("it is not an answer of head-object with the metadata signature")
	}
	return head.Metadata.Signature, nil
}
