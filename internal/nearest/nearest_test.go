package nearest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestName(t *testing.T) {
	names := []string{"regions", "profiles", "off", "SM-003"}
	for typed, want := range map[string]string{
		"region": "regions", "Regions": "regions", "profile": "profiles", "of": "off", "": "", "zzzz": "", "xyz": "", "sm-3": "SM-003",
	} {
		require.Equal(t, want, Name(typed, names), typed)
	}
}
