package model

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestValueAge(t *testing.T) {
	now := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)
	ago := func(days int) Value[time.Time] { return Known(now.Add(-time.Duration(days)*24*time.Hour - time.Hour)) }
	none, hidden := None[time.Time](), Missing[time.Time](Unknown{Reason: ReasonFailed})
	for _, c := range []struct {
		name                      string
		created, changed, rotated Value[time.Time]
		want                      Value[int]
	}{
		{"never changed", ago(400), ago(400), none, Known(400)},
		{"changed since: by a tag or by a value", ago(400), ago(10), none, Missing[int](Unknown{})},
		{"rotated, and unchanged since", ago(400), ago(10), ago(10), Known(10)},
		{"rotated, and changed since", ago(400), ago(10), ago(20), Missing[int](Unknown{})},
		{"change unknown", ago(400), hidden, none, Missing[int](Unknown{})},
		{"creation unknown", hidden, ago(10), none, Missing[int](Unknown{})},
	} {
		s := &Secret{CreatedAt: c.created, LastChangedAt: c.changed, LastRotatedAt: c.rotated}
		s.Derive(now)
		require.Equal(t, c.want.State(), s.ValueDaysAgo.State(), c.name)
		if c.want.State() == StateKnown {
			require.Equal(t, c.want, s.ValueDaysAgo, c.name)
		}
	}
}
