package memfs

import (
	"archive/zip"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestNew(t *testing.T) {
	fsys, err := New(map[string][]byte{"a/b.rego": []byte("package b"), "c": {}})
	require.NoError(t, err)
	require.NoError(t, fstest.TestFS(fsys, "a/b.rego", "c"))
	empty, err := New(nil)
	require.NoError(t, err)
	require.NoError(t, fstest.TestFS(empty))
}

func TestZipIsTheSameForTheSameFiles(t *testing.T) {
	files := map[string][]byte{"a": []byte("1"), "b": []byte("2"), "c": []byte("3"), "d/e": []byte("4")}
	first, err := Zip(files, zip.Deflate)
	require.NoError(t, err)
	for range 20 {
		again, err := Zip(files, zip.Deflate)
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
	_, err = Zip(map[string][]byte{string(make([]byte, 1<<16)): nil}, zip.Store)
	require.Error(t, err)
}
