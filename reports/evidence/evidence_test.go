package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var about = About{Run: "20260314-0900-a1b2", Source: "live", TakenAt: time.Date(2026, 3, 14, 9, 0, 0, 5e6, time.UTC), Tool: "1.0", Verdict: "fail", LedgerHead: "ab12"}

func parts() []Part {
	return []Part{
		Bytes("snapshot.ndjson.zst", bytes.Repeat([]byte("snapshot "), 1000)),
		Bytes("rules/ours/kms/a.rego", []byte("package rules.kms.a")),
		Bytes("report.json", []byte(`{"results": []}`)),
	}
}

func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func verifier(t testing.TB, public any) *Verifier {
	v, err := NewVerifier(public)
	require.NoError(t, err)
	return v
}

func bundle(t testing.TB, signers ...Signer) []byte {
	var b bytes.Buffer
	require.NoError(t, Write(t.Context(), &b, about, parts(), signers...))
	return b.Bytes()
}

func check(t testing.TB, data []byte, keys ...*Verifier) (*Bundle, *Checked) {
	b, err := Open(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	c, err := b.Check(t.Context(), keys...)
	require.NoError(t, err)
	return b, c
}

func TestBundle(t *testing.T) {
	data := bundle(t, ed25519Signer{key(1)})
	require.Equal(t, data, bundle(t, ed25519Signer{key(1)}), "the same parts give the same bytes")
	mine := verifier(t, key(1).Public())
	b, c := check(t, data, verifier(t, key(2).Public()), mine)
	require.Equal(t, &Checked{Problems: []Problem{}, Signed: []string{mine.id}}, c)
	require.Equal(t, about, b.Manifest.About)
	rego, err := b.ReadFile("rules/ours/kms/a.rego")
	require.NoError(t, err)
	require.Equal(t, "package rules.kms.a", string(rego))
	files, err := b.Folder("rules/ours")
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{"kms/a.rego": rego}, files)

	_, c = check(t, data)
	require.Equal(t, "no key was given to check the signature with", c.Unproven)
	_, c = check(t, bundle(t))
	require.Equal(t, &Checked{Problems: []Problem{}, Signed: []string{}, Unproven: "nobody signed it"}, c)
}

func TestTwoPartsOfOneName(t *testing.T) {
	for _, name := range []string{"report.json", ManifestName, SignatureName} {
		err := Write(t.Context(), io.Discard, about, append(parts(), Bytes(name, nil)))
		require.ErrorContains(t, err, "two parts of the bundle are called "+name)
	}
	broken := errors.New("disk full")
	err := Write(t.Context(), io.Discard, about, []Part{{"report.json", func(io.Writer) error { return broken }}})
	require.ErrorIs(t, err, broken)
}

// entry is a file of a bundle that is put together again.
type entry struct {
	name string
	data []byte
}

func entries(t testing.TB, data []byte) (list []entry) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		list = append(list, entry{f.Name, text})
	}
	return list
}

func zipped(t testing.TB, list []entry) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range list {
		w, err := z.Create(e.name)
		require.NoError(t, err)
		_, err = w.Write(e.data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func edit(list []entry, name string, change func([]byte) []byte) []entry {
	for i := range list {
		if list[i].name == name {
			list[i].data = change(bytes.Clone(list[i].data))
		}
	}
	return list
}

// TestTampering names the file of each kind of tampering.
func TestTampering(t *testing.T) {
	replace := func(old, new string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(new), 1) }
	}
	without := func(name string) func([]entry) []entry {
		return func(list []entry) (kept []entry) {
			for _, e := range list {
				if e.name != name {
					kept = append(kept, e)
				}
			}
			return kept
		}
	}
	in := func(name string, change func([]byte) []byte) func([]entry) []entry {
		return func(list []entry) []entry { return edit(list, name, change) }
	}
	forged := func(list []entry) []entry { // the manifest fits the altered part
		var b bytes.Buffer
		p := parts()
		p[2] = Bytes("report.json", []byte(`{"results": ["pass"]}`))
		require.NoError(t, Write(t.Context(), &b, about, p, ed25519Signer{key(3)}))
		return entries(t, b.Bytes())
	}
	unsized := in(ManifestName, func(b []byte) []byte { // as large as can be, with the hash of nothing
		var m Manifest
		require.NoError(t, json.Unmarshal(b, &m))
		m.Parts[0].Size, m.Parts[0].SHA256 = math.MaxInt64, hex.EncodeToString(sha256.New().Sum(nil))
		b, err := indented(m)
		require.NoError(t, err)
		return b
	})
	named := func(names ...string) func([]entry) []entry {
		return func([]entry) []entry {
			var b bytes.Buffer
			p := parts()
			for _, name := range names {
				p = append(p, Bytes(name, []byte("{}")))
			}
			require.NoError(t, Write(t.Context(), &b, about, p, ed25519Signer{key(1)}))
			return entries(t, b.Bytes())
		}
	}
	const other = "signature.dsse.json: it signs another manifest than manifest.json"
	for name, c := range map[string]struct {
		tamper func([]entry) []entry
		want   []string
	}{
		"a member twice":       {in(ManifestName, replace(`"bundle"`, `"tool": "9", "bundle"`)), []string{"manifest.json: it is not as keyproof writes it, and may be read in two ways", other}},
		"two manifests":        {in(ManifestName, func(b []byte) []byte { return append(b, b...) }), []string{"manifest.json: it is not as keyproof writes it, and may be read in two ways", other}},
		"no size":              {unsized, []string{"report.json: it was altered: its SHA-256 is another than the manifest says", other}},
		"outside":              {named("../../etc/x"), []string{"../../etc/x: its name may lead out of the folder that the bundle is unpacked in"}},
		"outside, there":       {named(`..\x`, "C:/x", "/x"), []string{`..\x: its name may lead out of the folder that the bundle is unpacked in`, "/x: its name may lead out of the folder that the bundle is unpacked in", "C:/x: its name may lead out of the folder that the bundle is unpacked in"}},
		"in other case":        {named("Report.json"), []string{"report.json: it is Report.json in other case: only one of them is there after unpacking on some systems"}},
		"one byte":             {in("report.json", replace("r", "R")), []string{"report.json: it was altered: its SHA-256 is another than the manifest says"}},
		"longer":               {in("report.json", replace("[]", "[ ]")), []string{"report.json: it was altered: it is larger than the 15 bytes that the manifest says"}},
		"shorter":              {in("report.json", replace("[]", "")), []string{"report.json: it was altered: its SHA-256 is another than the manifest says"}},
		"missing":              {without("report.json"), []string{"report.json: it is missing"}},
		"added":                {func(l []entry) []entry { return append(l, entry{"rules/ours/kms/b.rego", nil}) }, []string{"rules/ours/kms/b.rego: the manifest does not list it: it was added later"}},
		"twice":                {func(l []entry) []entry { return append(l, entry{"report.json", []byte("{}")}) }, []string{"report.json: the bundle holds it twice"}},
		"manifest":             {in(ManifestName, replace(`"fail"`, `"pass"`)), []string{"signature.dsse.json: it signs another manifest than manifest.json"}},
		"unlisted":             {in(ManifestName, replace("report.json", "Report.json")), []string{"Report.json: it is missing", "report.json: the manifest does not list it: it was added later", "signature.dsse.json: it signs another manifest than manifest.json"}},
		"signature taken out":  {without(SignatureName), []string{"signature.dsse.json: it is missing: nobody signed the bundle, or the signature was taken out"}},
		"signature of another": {forged, []string{"signature.dsse.json: no signature is that of a key at hand: another key signed it, or it was altered"}},
		"signature altered": {in(SignatureName, func(b []byte) []byte {
			i := bytes.Index(b, []byte(`"sig": "`)) + len(`"sig": "`)
			b[i]++
			return b
		}), []string{"signature.dsse.json: no signature is that of a key at hand: another key signed it, or it was altered"}},
		"no envelope":     {in(SignatureName, func([]byte) []byte { return []byte("[]") }), []string{"signature.dsse.json: no DSSE envelope: json: cannot unmarshal array into Go value of type dsse.Envelope"}},
		"another payload": {in(SignatureName, replace("application/vnd.in-toto+json", "text/plain")), []string{`signature.dsse.json: its payload is "text/plain" instead of an in-toto statement`}},
	} {
		t.Run(name, func(t *testing.T) {
			data := zipped(t, c.tamper(entries(t, bundle(t, ed25519Signer{key(1)}))))
			_, found := check(t, data, verifier(t, key(1).Public()))
			var got []string
			for _, p := range found.Problems {
				got = append(got, p.File+": "+p.Detail)
			}
			require.Equal(t, c.want, got)
			if strings.HasPrefix(name, "signature") {
				require.Empty(t, found.Signed)
			}
		})
	}
}

func TestNoBundle(t *testing.T) {
	good := entries(t, bundle(t))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"no zip":         {[]byte("hello"), "not an evidence bundle: zip: not a valid zip file"},
		"no manifest":    {zipped(t, nil), "not an evidence bundle: manifest.json: file does not exist"},
		"other manifest": {zipped(t, []entry{{ManifestName, []byte(`{"name": "extension"}`)}}), `not an evidence bundle: manifest.json: json: unknown field "name"`},
		"newer":          {zipped(t, edit(good, ManifestName, func(b []byte) []byte { return bytes.Replace(b, []byte("/v1"), []byte("/v9"), 1) })), `bundles of version "keyproof.evidence/v9" are not known`},
		"bomb":           {zipped(t, []entry{{ManifestName, make([]byte, maxText+1)}}), "manifest.json: it is larger than 16 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(bytes.NewReader(c.data), int64(len(c.data)))
			require.ErrorContains(t, err, c.want)
		})
	}
}

type testSigner struct {
	crypto.Signer
	options crypto.SignerOpts
}

func (s testSigner) Sign(_ context.Context, data []byte) ([]byte, error) {
	return s.Signer.Sign(rand.Reader, Digest(s.Public(), data), s.options)
}

func (s testSigner) KeyID() (string, error) { return KeyID(s.Public()) }

// TestKeys signs with each kind of key that KMS signs with, and reads the public
// halves from files.
func TestKeys(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	pss := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	for name, s := range map[string]testSigner{"RSA": {rsaKey, pss}, "P-256": {p256, crypto.SHA256}, "P-384": {p384, crypto.SHA384}} {
		t.Run(name, func(t *testing.T) {
			der, err := x509.MarshalPKIXPublicKey(s.Public())
			require.NoError(t, err)
			for _, file := range [][]byte{der, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})} {
				v, err := ParsePublicKey(file)
				require.NoError(t, err)
				_, c := check(t, bundle(t, s), v)
				require.Empty(t, c.Problems)
				require.Equal(t, []string{v.id}, c.Signed)
			}
		})
	}
	t.Run("Ed25519 file", func(t *testing.T) {
		der, err := x509.MarshalPKCS8PrivateKey(key(1))
		require.NoError(t, err)
		file := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
		s, err := ParsePrivateKey(file)
		require.NoError(t, err)
		v, err := ParsePublicKey(file)
		require.NoError(t, err)
		_, c := check(t, bundle(t, s), v)
		require.Equal(t, []string{v.id}, c.Signed)
	})
	t.Run("refused", func(t *testing.T) {
		p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
		require.NoError(t, err)
		_, err = NewVerifier(p521.Public())
		require.ErrorContains(t, err, "curve P-521: P-256 and P-384 are supported")
		der, err := x509.MarshalPKCS8PrivateKey(p256)
		require.NoError(t, err)
		_, err = ParsePrivateKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
		require.ErrorContains(t, err, "must hold an Ed25519 key")
		_, err = ParsePrivateKey([]byte("secret"))
		require.ErrorContains(t, err, "openssl genpkey")
		_, err = ParsePublicKey([]byte("key"))
		require.ErrorContains(t, err, "openssl pkey")
	})
}

// TestStatement reads the payload as any tool of in-toto would.
func TestStatement(t *testing.T) {
	list := entries(t, bundle(t, ed25519Signer{key(1)}))
	var envelope struct{ Payload []byte }
	require.NoError(t, json.Unmarshal(list[len(list)-1].data, &envelope))
	var s statement
	require.NoError(t, json.Unmarshal(envelope.Payload, &s))
	require.Equal(t, "https://in-toto.io/Statement/v1", s.Type)
	require.Equal(t, "manifest.json", s.Subject[0].Name)
	require.Len(t, s.Subject[0].Digest["sha256"], 64)
	require.Equal(t, about, s.Predicate)
}

// FuzzOpen opens whatever there is and checks it.
func FuzzOpen(f *testing.F) {
	f.Add(bundle(f, ed25519Signer{key(1)}))
	f.Add(bundle(f))
	f.Add([]byte("PK\x05\x06"))
	v := verifier(f, key(1).Public())
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		c, err := b.Check(t.Context(), v)
		require.NoError(t, err)
		if len(c.Problems) == 0 {
			require.Equal(t, []string{v.id}, c.Signed)
		}
	})
}
