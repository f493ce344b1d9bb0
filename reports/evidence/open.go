package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// maxText bounds the manifest, the envelope and other parts that are read into
// memory. A manifest has a line for each rule.
const maxText = 16 << 20

// Bundle is an open bundle, of which nothing has been believed yet.
type Bundle struct {
	Manifest Manifest
	manifest []byte
	raw      io.ReaderAt
	size     int64
	zip      *zip.Reader
	files    map[string]*zip.File
	doubles  []string // names that occur more than once
}

// ErrNoBundle is wrapped by errors about files that are no bundles at all.
var ErrNoBundle = errors.New("not an evidence bundle")

// Open reads the list of parts and the manifest. It fails only when there is
// nothing to check: what is wrong with a bundle is what Check finds.
func Open(r io.ReaderAt, size int64) (*Bundle, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoBundle, err)
	}
	b := &Bundle{raw: r, size: size, zip: z, files: map[string]*zip.File{}}
	for _, f := range z.File {
		if b.files[f.Name] != nil {
			b.doubles = append(b.doubles, f.Name)
			continue
		}
		b.files[f.Name] = f
	}
	if b.manifest, err = b.ReadFile(ManifestName); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoBundle, err)
	}
	dec := json.NewDecoder(bytes.NewReader(b.manifest))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&b.Manifest); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrNoBundle, ManifestName, err)
	}
	if b.Manifest.Bundle != Version {
		return nil, fmt.Errorf("%s: bundles of version %q are not known, only %s: use a newer keyproof", ManifestName, b.Manifest.Bundle, Version)
	}
	return b, nil
}

// Open opens a part. Its content is as it lies there: Check says whether it is
// what was bundled.
func (b *Bundle) Open(name string) (io.ReadCloser, error) {
	f := b.files[name]
	if f == nil {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return f.Open()
}

// Sizes are the bytes of a part, as the manifest says, and those that it takes in
// the zip file.
func (b *Bundle) Sizes(name string) (size, packed int64, err error) {
	i := slices.IndexFunc(b.Manifest.Parts, func(p Listed) bool { return p.Name == name })
	f := b.files[name]
	if i < 0 || f == nil {
		return 0, 0, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return b.Manifest.Parts[i].Size, int64(f.CompressedSize64), nil
}

// ReadFile reads a part of no more than 16 MiB.
func (b *Bundle) ReadFile(name string) ([]byte, error) {
	r, err := b.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err == nil && len(data) > maxText {
		err = fmt.Errorf("it is larger than %d MiB", maxText>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// Folder reads the parts below a folder into memory, by their names without it.
func (b *Bundle) Folder(folder string) (map[string][]byte, error) {
	all, total := map[string][]byte{}, 0
	for _, p := range b.Manifest.Parts {
		name, ok := strings.CutPrefix(p.Name, folder+"/")
		if !ok {
			continue
		}
		data, err := b.ReadFile(p.Name)
		if err != nil {
			return nil, err
		}
		if total += len(data); total > maxText {
			return nil, fmt.Errorf("%s: its files are larger than %d MiB together", folder, maxText>>20)
		}
		all[name] = data
	}
	return all, nil
}
