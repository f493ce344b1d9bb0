package evidence

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFrame hides bytes in a bundle whose parts are all as they were.
func TestFrame(t *testing.T) {
	good := bundle(t, ed25519Signer{key(1)})
	z, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	require.NoError(t, err)
	directory := bytes.Index(good, []byte("PK\x01\x02"))
	end := bytes.LastIndex(good, []byte("PK\x05\x06"))
	second := bytes.Index(good[4:], []byte("PK\x03\x04")) + 4
	insert := func(at int, text string) []byte {
		data := append(append(bytes.Clone(good[:at]), text...), good[at:]...)
		// The directory still says where it and what comes after is.
		shift := func(field int, from uint32) {
			v := binary.LittleEndian.Uint32(data[field:])
			if v >= from {
				binary.LittleEndian.PutUint32(data[field:], v+uint32(len(text)))
			}
		}
		shift(end+len(text)+16, uint32(at))
		place := directory + len(text)
		for range z.File {
			shift(place+42, uint32(at))
			place += 46 + int(binary.LittleEndian.Uint16(data[place+28:])) + int(binary.LittleEndian.Uint16(data[place+30:]))
		}
		return data
	}
	flip := func(at int) []byte {
		data := bytes.Clone(good)
		data[at] ^= 1
		return data
	}
	// again writes the bundle with other headers or other compressed bytes.
	again := func(change func(*zip.FileHeader, []byte) []byte) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, f := range z.File {
			raw, err := f.OpenRaw()
			require.NoError(t, err)
			text, err := io.ReadAll(raw)
			require.NoError(t, err)
			head := f.FileHeader
			text = change(&head, text)
			head.CompressedSize64 = uint64(len(text))
			to, err := w.CreateRaw(&head)
			require.NoError(t, err)
			_, err = to.Write(text)
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		return out.Bytes()
	}
	same := func(_ *zip.FileHeader, text []byte) []byte { return text }
	require.Equal(t, good, again(same), "else the cases are no good")
	const other = "the zip file is not as keyproof writes it from byte "
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"before all":         {insert(0, "hidden"), "report.json: " + other + "0 on"},
		"before a part":      {insert(second, "PK\x03\x04"), "rules/ours/kms/a.rego: " + other},
		"before the list":    {insert(directory, "hidden"), "the directory of the zip file: " + other},
		"behind all":         {append(bytes.Clone(good[:end+20]), "\x06\x00hidden"...), "the directory of the zip file: " + other},
		"another local name": {flip(30), "report.json: " + other + "30 on"},
		"another local time": {flip(12), "report.json: " + other + "12 on"},
		"a comment": {again(func(h *zip.FileHeader, text []byte) []byte {
			h.Comment = "hidden"
			return text
		}), "the directory of the zip file: " + other},
		"an extra field": {again(func(h *zip.FileHeader, text []byte) []byte {
			h.Extra = append(bytes.Clone(h.Extra), "\xfe\xca\x02\x00xx"...)
			return text
		}), "report.json: " + other},
		"behind the compressed text": {again(func(_ *zip.FileHeader, text []byte) []byte { return append(text, "hidden"...) }),
			"report.json: bytes follow its compressed text, which no part accounts for"},
		"not compressed": {again(func(h *zip.FileHeader, text []byte) []byte {
			plain, err := io.ReadAll(flate.NewReader(bytes.NewReader(text)))
			require.NoError(t, err)
			require.Equal(t, h.CRC32, crc32.ChecksumIEEE(plain))
			h.Method = zip.Store
			return plain
		}), "report.json: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, found := check(t, c.data, verifier(t, key(1).Public()))
			require.Len(t, found.Problems, 1)
			require.Contains(t, found.Problems[0].File+": "+found.Problems[0].Detail, c.want)
		})
	}
}

// TestKeptBundle checks a bundle that was written with Go 1.26 and is not made again: its frame has to
// hold with the archive/zip and compress/flate of every later Go, since evidence is kept for years.
func TestKeptBundle(t *testing.T) {
	data, err := os.ReadFile("testdata/kept.zip")
	require.NoError(t, err)
	mine := verifier(t, key(1).Public())
	b, c := check(t, data, mine)
	require.Equal(t, &Checked{Problems: []Problem{}, Signed: []string{mine.id}}, c)
	require.Equal(t, about, b.Manifest.About)
}
