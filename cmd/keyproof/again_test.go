package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/config"
)

// TestAgain: the next command has the flags of this one, and not what a
// configuration says, which the next reads too.
func TestAgain(t *testing.T) {
	o := applyOptions{
		ledger: ledgerOptions{path: "my l.db"}, judge: judgeOptions{dirs: []string{"mine"}, config: "none", params: []string{"SM-002.max_days=7"}},
		access: accessOptions{profiles: []string{"a", "b c"}, externalID: "x", noLimits: true},
	}
	file := &config.Config{}
	file.Scope.TrustedAccounts = []string{"444455556666"}
	o.access.configure(file)
	require.Equal(t, []string{"444455556666"}, o.access.trusted)
	require.Equal(t, " --ledger 'my l.db' --profile a --profile 'b c' --external-id x --no-rate-limit --rules mine --config none --param SM-002.max_days=7", o.flags())
	require.Empty(t, (&applyOptions{}).flags())
}
