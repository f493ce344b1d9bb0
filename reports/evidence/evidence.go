// Package evidence bundles a report with all that it follows from: the snapshot,
// the rules with their sources, the settings and the head of the ledger. An
// auditor can then prove, without an AWS account, that nobody touched the parts
// and that the report follows from the data.
//
// A bundle is a zip file. Its manifest has the SHA-256 of each other part, and a
// DSSE envelope with an in-toto statement signs the manifest. The same parts give
// the same bytes, whenever and wherever they are bundled, as long as the signature
// scheme has no randomness (Ed25519 has none).
package evidence

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// The names of the parts that every bundle has beside those of the caller.
const (
	ManifestName  = "manifest.json"
	SignatureName = "signature.dsse.json" // missing when nobody signed
)

// Version is the value of the member "bundle" of a manifest. It changes when a
// reader of the old form could misread the new one.
const Version = "keyproof.evidence/v1"

// Part is one file of a bundle. Write may be called once.
type Part struct {
	Name  string // with slashes
	Write func(io.Writer) error
}

// Bytes is a part that is in memory already.
func Bytes(name string, data []byte) Part {
	return Part{name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}}
}

// About says what a bundle is evidence of.
type About struct {
	Run        string    `json:"run,omitempty"` // of the ledger; empty when the scan was not recorded
	Source     string    `json:"source"`        // of the snapshot
	TakenAt    time.Time `json:"taken_at"`      // of the snapshot, UTC
	Tool       string    `json:"tool"`          // version of keyproof that bundled it
	Verdict    string    `json:"verdict"`       // pass, fail or unknown
	LedgerHead string    `json:"ledger_head,omitempty"`
	Redacted   bool      `json:"redacted,omitempty"` // names are pseudonyms
}

// Manifest lists the parts of a bundle, sorted by name.
type Manifest struct {
	Bundle string `json:"bundle"` // Version
	About
	Parts []Listed `json:"parts"`
}

// Listed is a part as the manifest describes it.
type Listed struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// Write writes a bundle. Without signers it has no signature, which whoever
// verifies it is told.
func Write(ctx context.Context, w io.Writer, about About, parts []Part, signers ...Signer) error {
	parts = slices.SortedFunc(slices.Values(parts), func(a, b Part) int { return cmp.Compare(a.Name, b.Name) })
	m := Manifest{Bundle: Version, About: about, Parts: []Listed{}}
	at := about.TakenAt.UTC()
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.DefaultCompression) })
	for i, p := range parts {
		if i > 0 && parts[i-1].Name == p.Name || p.Name == ManifestName || p.Name == SignatureName {
			return fmt.Errorf("two parts of the bundle are called %s", p.Name)
		}
		listed, err := add(z, p, at)
		if err != nil {
			return fmt.Errorf("bundle %s: %w", p.Name, err)
		}
		m.Parts = append(m.Parts, listed)
	}
	manifest, err := indented(m)
	if err != nil {
		return err
	}
	if _, err := add(z, Bytes(ManifestName, manifest), at); err != nil {
		return fmt.Errorf("bundle %s: %w", ManifestName, err)
	}
	if len(signers) > 0 {
		envelope, err := sign(ctx, manifest, about, signers)
		if err != nil {
			return fmt.Errorf("sign the bundle: %w", err)
		}
		if _, err := add(z, Bytes(SignatureName, envelope), at); err != nil {
			return fmt.Errorf("bundle %s: %w", SignatureName, err)
		}
	}
	return z.Close()
}

// createEntry begins an entry with the time of the snapshot and no permissions, so
// that nothing of the machine is in it.
func createEntry(z *zip.Writer, name string, at time.Time) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
}

// add writes one part.
func add(z *zip.Writer, p Part, at time.Time) (Listed, error) {
	entry, err := createEntry(z, p.Name, at)
	if err != nil {
		return Listed{}, err
	}
	sum := sha256.New()
	size := counter(0)
	if err := p.Write(io.MultiWriter(entry, sum, &size)); err != nil {
		return Listed{}, err
	}
	return Listed{p.Name, int64(size), hex.EncodeToString(sum.Sum(nil))}, nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}
