package digest

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Key is a public key of CloudTrail. Each region has its own.
type Key struct {
	Fingerprint string
	// Value is the key, DER of PKCS #1.
	Value []byte
	// From and To bound its validity; zero: unknown.
	From, To time.Time
}

// ReadKeys reads public keys as `aws cloudtrail list-public-keys` answers: one
// answer, or several one after the other, as when they are gathered from several
// regions.
func ReadKeys(r io.Reader) ([]Key, error) {
	raw, err := io.ReadAll(io.LimitReader(r, 16<<20))
	if err != nil {
		return nil, err
	}
	var list []Key
	for dec := json.NewDecoder(bytes.NewReader(raw)); ; {
		var answer struct {
			PublicKeyList []struct {
				Value             []byte
				Fingerprint       string
				ValidityStartTime stamp
				ValidityEndTime   stamp
			}
		}
		switch err := dec.Decode(&answer); {
		case errors.Is(err, io.EOF) && len(list) == 0:
			return nil, errors.New("it holds no public key; `aws cloudtrail list-public-keys --start-time … --end-time … --region …` prints those of a region")
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, fmt.Errorf("it is not an answer of ListPublicKeys: %w", err)
		}
		for _, k := range answer.PublicKeyList {
			if _, err := x509.ParsePKCS1PublicKey(k.Value); err != nil || k.Fingerprint == "" {
				return nil, fmt.Errorf("the key with the fingerprint %q is not an RSA key in the form of PKCS #1", k.Fingerprint)
			}
			list = append(list, Key{Fingerprint: k.Fingerprint, Value: k.Value, From: k.ValidityStartTime.Time, To: k.ValidityEndTime.Time})
		}
	}
}

// stamp is a time as text, or as seconds since 1970: the AWS CLI writes the one,
// the API the other.
type stamp struct{ time.Time }

func (s *stamp) UnmarshalJSON(raw []byte) error {
	var seconds float64
	if json.Unmarshal(raw, &seconds) == nil {
		if seconds != 0 {
			s.Time = time.UnixMilli(int64(seconds * 1000)).UTC()
		}
		return nil
	}
	return json.Unmarshal(raw, &s.Time)
}

// ring is public keys by fingerprint.
type ring map[string]*rsa.PublicKey

func newRing(keys []Key) ring {
	r := ring{}
	for _, k := range keys {
		if key, err := x509.ParsePKCS1PublicKey(k.Value); err == nil {
			r[k.Fingerprint] = key
		}
	}
	return r
}
