package inlinewaiver

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFind(t *testing.T) {
	assert.Empty(t, Find("# speaks of keyproof:waive only"))
	assert.Equal(t, []Text{{0, "SM-001 reason=x"}}, Find("# keyproof:waive SM-001 reason=x\n"))
	assert.Equal(t, []Text{{0, "A"}, {2, "B c=d"}}, Find("/* keyproof:waive A\n more\n * keyproof:waive B c=d */"))
}

func TestParse(t *testing.T) {
	w, err := Parse(`SM-001 reason="the vendor  rotates it" expires=2026-12-31 owner=payments approved_by="A. Chief" ticket=SEC-7`, false)
	require.NoError(t, err)
	assert.Equal(t, "SM-001", string(w.Rule))
	assert.Equal(t, "the vendor rotates it (SEC-7)", w.Reason)
	assert.Equal(t, "2026-12-31", w.Expires.String())
	assert.Equal(t, "payments A. Chief", w.Owner+" "+w.ApprovedBy)
	_, err = Parse(`SM-001 reason=x`, true)
	require.NoError(t, err)
	for text, says := range map[string]string{
		``:                                    "names no rule",
		`reason=x`:                            "names no rule",
		`SM-001`:                              "has no reason",
		`SM-001 reason="" expires=2026-12-31`: "says nothing",
		`SM-001 reason=x`:                     "does not expire",
		`SM-001 reason=x expires=2026-02-30`:  "is not a date",
		`SM-001 reason=not quoted`:            "in quotes",
		`SM-001 reason="open`:                 "does not end",
		`SM-001 raeson=x`:                     "did you mean reason?",
		`SM-001 reason=x reason=y`:            "twice",
		`SM-001 reason=x created=2026-03-01 expires=2026-02-01`: "before it is created",
	} {
		_, err := Parse(text, false)
		assert.ErrorContains(t, err, says, text)
	}
}
