package cloudformation_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/cloudformation"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

// TestCorpus reads every template of the collection: each is read, or refused
// with the file's name, and none takes long.
func TestCorpus(t *testing.T) {
	dir := needs.Shared(t, "../..", "corpora", "cfn")
	found, err := detector()
	require.NoError(t, err)
	read, resources, refused := 0, map[model.Kind]int{}, 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		name, err := filepath.Rel(dir, path)
		require.NoError(t, err)
		start := time.Now()
		p, err := cloudformation.Read(t.Context(), data, cloudformation.Options{Name: name, TakenAt: takenAt, Detector: found})
		require.Less(t, time.Since(start), 30*time.Second, name)
		if err != nil {
			refused++
			require.True(t, strings.HasPrefix(err.Error(), name+":"), "%s: %s", name, err)
			t.Log(err)
			return nil
		}
		read++
		for r, err := range p.After.Resources {
			require.NoError(t, err)
			resources[r.ID.Kind]++
			for attr, a := range r.Attributes() {
				require.False(t, a.State() == model.StateUnknown && a.Why() == (model.Unknown{Reason: model.ReasonNotCollected}), "%s: %s: nobody filled %s", name, r.ID, attr)
			}
			require.NotZero(t, r.Origin.Line, name)
		}
		return nil
	}))
	t.Log(fmt.Sprint(read, " read, ", refused, " refused, ", resources))
	require.Greater(t, read, 500)
}
