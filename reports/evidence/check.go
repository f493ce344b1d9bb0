package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// Checked is what a check of the parts and of the signature found.
type Checked struct {
	// Problems contradict the bundle, each with the part that it is about.
	Problems []Problem `json:"problems"`
	// Signed are the ids of the keys that signed it, of those at hand; empty when
	// none did.
	Signed []string `json:"signed_by"`
	// Unproven is why nobody can say who made the bundle; empty when somebody can.
	Unproven string `json:"unproven,omitempty"`
}

// Problem is something wrong with one part of a bundle.
type Problem struct {
	File   string `json:"file"`
	Detail string `json:"detail"`
}

func (c *Checked) add(file, format string, args ...any) {
	c.Problems = append(c.Problems, Problem{file, fmt.Sprintf(format, args...)})
}

// Check compares every part with the manifest, the manifest with the signature, and
// the bytes of the file with those that the parts account for. An error comes from
// ctx alone.
func (b *Bundle) Check(ctx context.Context, keys ...*Verifier) (*Checked, error) {
	c := &Checked{Problems: []Problem{}, Signed: []string{}}
	for _, name := range b.doubles {
		c.add(name, "the bundle holds it twice")
	}
	if written, err := indented(b.Manifest); err != nil || !bytes.Equal(written, b.manifest) {
		// A member that stands there twice, or something after the end: others may read
		// another manifest than this one.
		c.add(ManifestName, "it is not as keyproof writes it, and may be read in two ways")
	}
	listed := map[string]bool{ManifestName: true, SignatureName: true}
	folded := map[string]string{ManifestName: ManifestName, SignatureName: SignatureName}
	for _, p := range b.Manifest.Parts {
		if listed[p.Name] {
			c.add(ManifestName, "it lists %s twice", p.Name)
			continue
		}
		listed[p.Name] = true
		lower := strings.ToLower(p.Name)
		if other, ok := folded[lower]; ok {
			c.add(p.Name, "it is %s in other case: only one of them is there after unpacking on some systems", other)
		}
		folded[lower] = p.Name
		if !fs.ValidPath(p.Name) || strings.ContainsAny(p.Name, `\:`) {
			c.add(p.Name, "its name may lead out of the folder that the bundle is unpacked in")
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.checkPart(c, p)
	}
	for _, f := range b.zip.File {
		if !listed[f.Name] {
			c.add(f.Name, "the manifest does not list it: it was added later")
		}
	}
	b.checkSignature(ctx, c, keys)
	if len(c.Problems) == 0 { // else there is no knowing what the file should be
		if err := b.checkFrame(ctx, c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (b *Bundle) checkPart(c *Checked, p Listed) {
	r, err := b.Open(p.Name)
	if err != nil {
		c.add(p.Name, "it is missing")
		return
	}
	defer r.Close()
	sum := sha256.New()
	// One byte more than it may have, so that a part that grows beyond all
	// measure costs no more than its honest size.
	n, err := io.Copy(sum, io.LimitReader(r, p.Size))
	if err == nil {
		var more int
		if more, err = io.ReadFull(r, make([]byte, 1)); errors.Is(err, io.EOF) {
			err = nil
		}
		n += int64(more)
	}
	switch {
	case n > p.Size:
		c.add(p.Name, "it was altered: it is larger than the %d bytes that the manifest says", p.Size)
	case err != nil:
		c.add(p.Name, "it cannot be read: %v", err)
	case n < p.Size || hex.EncodeToString(sum.Sum(nil)) != p.SHA256:
		c.add(p.Name, "it was altered: its SHA-256 is another than the manifest says")
	case path.Ext(p.Name) == ".json":
		b.checkMeaning(c, p.Name)
	}
}

// checkMeaning makes sure that all programs read the same in a JSON part.
func (b *Bundle) checkMeaning(c *Checked, name string) {
	r, err := b.Open(name)
	if err == nil {
		err = errors.Join(oneMeaning(r), r.Close())
	}
	if err != nil {
		c.add(name, "%v", err)
	}
}

func (b *Bundle) checkSignature(ctx context.Context, c *Checked, keys []*Verifier) {
	if b.files[SignatureName] == nil {
		c.Unproven = "nobody signed it"
		if len(keys) > 0 {
			c.add(SignatureName, "it is missing: nobody signed the bundle, or the signature was taken out")
		}
		return
	}
	raw, err := b.ReadFile(SignatureName)
	if err != nil {
		c.add(SignatureName, "it cannot be read: %v", err)
		return
	}
	envelope, payload, err := readEnvelope(raw)
	if err != nil {
		c.add(SignatureName, "%v", err)
		return
	}
	if want, err := json.Marshal(statementOf(b.manifest, b.Manifest.About)); err != nil || !bytes.Equal(want, payload) {
		c.add(SignatureName, "it signs another manifest than %s", ManifestName)
	}
	if len(keys) == 0 {
		c.Unproven = "no key was given to check the signature with"
		return
	}
	var verifiers []dsse.Verifier
	for _, k := range keys {
		verifiers = append(verifiers, k)
	}
	v, err := dsse.NewEnvelopeVerifier(verifiers...)
	if err != nil {
		c.add(SignatureName, "%v", err)
		return
	}
	accepted, err := v.Verify(ctx, envelope)
	if err != nil {
		c.add(SignatureName, "no signature is that of a key at hand: another key signed it, or it was altered")
		return
	}
	for _, a := range accepted {
		c.Signed = append(c.Signed, a.KeyID)
	}
	slices.Sort(c.Signed)
	c.Signed = slices.Compact(c.Signed)
}

func readEnvelope(raw []byte) (*dsse.Envelope, []byte, error) {
	if err := oneMeaning(bytes.NewReader(raw)); err != nil {
		return nil, nil, fmt.Errorf("no DSSE envelope: %w", err)
	}
	var e dsse.Envelope
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		return nil, nil, fmt.Errorf("no DSSE envelope: %w", err)
	}
	if e.PayloadType != payloadType {
		return nil, nil, fmt.Errorf("its payload is %q instead of an in-toto statement", e.PayloadType)
	}
	payload, err := base64.StdEncoding.DecodeString(e.Payload)
	if err != nil {
		return nil, nil, errors.New("its payload is not base64")
	}
	return &e, payload, nil
}
