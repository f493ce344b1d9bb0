package remediator

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// TestActionsAndRulesAgree holds rules to actions that exist, and actions to the
// rules that name them.
func TestActionsAndRulesAgree(t *testing.T) {
	id, action := regexp.MustCompile(`(?m)^#   id: (\S+)$`), regexp.MustCompile(`(?m)^#     action: (\S+)$`)
	named := map[string][]model.RuleID{}
	require.NoError(t, fs.WalkDir(rules.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".rego") {
			return err
		}
		text, err := fs.ReadFile(rules.FS(), path)
		if err != nil {
			return err
		}
		if a := action.FindSubmatch(text); a != nil {
			named[string(a[1])] = append(named[string(a[1])], model.RuleID(id.FindSubmatch(text)[1]))
		}
		return nil
	}))
	require.Greater(t, len(named), 10, "rules were not found")
	for name, ids := range named {
		a := Find(Actions(), name)
		require.NotNil(t, a, "%v name the action %s, which does not exist", ids, name)
		settles := slices.Clone(a.Settles())
		slices.Sort(settles)
		slices.Sort(ids)
		require.Equal(t, ids, settles, name)
	}
	for _, a := range Actions() {
		require.Contains(t, named, a.Name(), "no rule names the action")
	}
}
