package redact

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/keyproof/keyproof/internal/atomicfile"
)

// keyFile is what says which pseudonym has which original. Whoever has it can
// undo the redaction, so it must not travel with what was redacted.
type keyFile struct {
	Version int               `json:"keyproof_redaction"`
	Key     string            `json:"key"`   // 32 bytes, hexadecimal
	Names   map[string]string `json:"names"` // originals by pseudonym
}

const (
	keyVersion = 1
	keySize    = 32
)

// ReadKey reads the key of a file, or makes a new one when there is no file.
func ReadKey(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, keySize)
		_, err := rand.Read(key)
		return key, err
	}
	if err != nil {
		return nil, err
	}
	var k keyFile
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&k); err != nil {
		return nil, fmt.Errorf("%s is no key file of a redaction: %w", path, err)
	}
	key, err := hex.DecodeString(k.Key)
	if err != nil || len(key) != keySize || k.Version != keyVersion {
		return nil, fmt.Errorf("%s is no key file of a redaction: it needs version %d and a key of %d bytes", path, keyVersion, keySize)
	}
	return key, nil
}

// WriteKey writes the key with all pseudonyms of the redactor, and those that the
// file had already.
func (r *Redactor) WriteKey(path string) error {
	k := keyFile{Version: keyVersion, Key: hex.EncodeToString(r.key), Names: map[string]string{}}
	if raw, err := os.ReadFile(path); err == nil {
		var old keyFile
		if err := json.Unmarshal(raw, &old); err == nil && old.Key == k.Key {
			k.Names = old.Names
		}
	}
	for pseudonym, original := range r.names {
		k.Names[pseudonym] = original
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(k)
	})
}
