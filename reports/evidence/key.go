package evidence

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
)

// Signer signs the whole text that it is given.
type Signer interface {
	Sign(ctx context.Context, data []byte) ([]byte, error)
	KeyID() (string, error) // KeyID of its public key
}

// Verifier checks signatures of one public key.
type Verifier struct {
	key any
	id  string
}

// KeyID names a public key: the SHA-256 of its PKIX form, in hexadecimal.
func KeyID(public any) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:]), nil
}

// NewVerifier returns a verifier of an Ed25519, ECDSA (P-256 or P-384) or RSA key.
// RSA signatures are PSS with SHA-256, as KMS makes them.
func NewVerifier(public any) (*Verifier, error) {
	switch k := public.(type) {
	case ed25519.PublicKey, *rsa.PublicKey:
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() && k.Curve != elliptic.P384() {
			return nil, fmt.Errorf("a key on curve %s: P-256 and P-384 are supported", k.Curve.Params().Name)
		}
	default:
		return nil, fmt.Errorf("a key of type %T: Ed25519, ECDSA and RSA keys are supported", public)
	}
	id, err := KeyID(public)
	return &Verifier{public, id}, err
}

// KeyID names the key.
func (v *Verifier) KeyID() (string, error) { return v.id, nil }

// Public returns the key.
func (v *Verifier) Public() crypto.PublicKey { return v.key }

var errSignature = errors.New("the signature is not that of the key")

// Verify returns an error when sig is no signature of data.
func (v *Verifier) Verify(_ context.Context, data, sig []byte) error {
	good := false
	switch k := v.key.(type) {
	case ed25519.PublicKey:
		good = ed25519.Verify(k, data, sig)
	case *ecdsa.PublicKey:
		good = ecdsa.VerifyASN1(k, Digest(k, data), sig)
	case *rsa.PublicKey:
		good = rsa.VerifyPSS(k, crypto.SHA256, Digest(k, data), sig, nil) == nil
	}
	if !good {
		return errSignature
	}
	return nil
}

// Digest is what a signature with a key of that kind signs: the SHA-256 of the
// text, or the SHA-384 for P-384.
func Digest(public any, data []byte) []byte {
	if k, ok := public.(*ecdsa.PublicKey); ok && k.Curve == elliptic.P384() {
		sum := sha512.Sum384(data)
		return sum[:]
	}
	sum := sha256.Sum256(data)
	return sum[:]
}

type ed25519Signer struct{ key ed25519.PrivateKey }

func (s ed25519Signer) Sign(_ context.Context, data []byte) ([]byte, error) {
	return ed25519.Sign(s.key, data), nil
}

func (s ed25519Signer) KeyID() (string, error) { return KeyID(s.key.Public()) }

// ParsePrivateKey reads an Ed25519 key in PEM, as `openssl genpkey -algorithm
// ed25519` writes it.
func ParsePrivateKey(text []byte) (Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM block: make a key with `openssl genpkey -algorithm ed25519 -out key.pem`")
	}
	if block.Type != "PRIVATE KEY" {
		return nil, fmt.Errorf("a PEM block %q instead of PRIVATE KEY: make a key with `openssl genpkey -algorithm ed25519 -out key.pem`", block.Type)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("a private key of type %T: a file must hold an Ed25519 key; others sign in KMS (--kms-key)", key)
	}
	return ed25519Signer{private}, nil
}

// ParsePublicKey reads a public key in PEM or DER. A file with a private Ed25519
// key stands for its public half.
func ParsePublicKey(text []byte) (*Verifier, error) {
	der := text
	if block, _ := pem.Decode(text); block != nil {
		der = block.Bytes
		if block.Type == "PRIVATE KEY" {
			s, err := ParsePrivateKey(text)
			if err != nil {
				return nil, err
			}
			return NewVerifier(s.(ed25519Signer).key.Public())
		}
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, errors.New("no public key in PEM or DER: `openssl pkey -in key.pem -pubout` writes one of a private key, `aws kms get-public-key` one of KMS")
	}
	return NewVerifier(key)
}
