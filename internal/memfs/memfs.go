// Package memfs makes a file system in memory of files whose contents are at
// hand. The standard library's is that of a zip archive.
package memfs

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
)

// New returns a file system of the files, by their slash-separated paths.
func New(files map[string][]byte) (fs.FS, error) {
	archive, err := Zip(files, zip.Store)
	if err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
}

// Zip packs the files into an archive by a method of package zip. The same files
// give the same bytes.
func Zip(files map[string][]byte, method uint16) ([]byte, error) {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = f.Write(files[name])
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
	}
	err := w.Close()
	return buf.Bytes(), err
}
