package model

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDate(t *testing.T) {
	d, err := ParseDate("2024-02-29")
	require.NoError(t, err)
	require.Equal(t, "2024-02-29", d.String())
	require.Equal(t, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), d.Starts())
	require.Equal(t, time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), d.Ends())
	require.False(t, d.IsZero())
	require.Empty(t, Date{}.String())
	require.True(t, Date{}.Before(d))
	for _, bad := range []string{"", "2026-02-30", "2026-2-3", "30.06.2026", "2026-06-30T00:00:00Z", "0001-01-01", "soon"} {
		_, err := ParseDate(bad)
		require.ErrorContains(t, err, "such as 2026-06-30", bad)
	}
	raw, err := json.Marshal(Waiver{Created: d})
	require.NoError(t, err)
	require.Contains(t, string(raw), `"created":"2024-02-29"`)
	require.NotContains(t, string(raw), "expires")
	var w Waiver
	require.NoError(t, json.Unmarshal(raw, &w))
	require.Equal(t, d, w.Created)
	require.True(t, w.Expires.IsZero())
	require.Error(t, json.Unmarshal([]byte(`{"created":"x"}`), &w))
}

func TestWhereInWords(t *testing.T) {
	require.Equal(t, "everywhere", Where{}.String())
	require.Equal(t, "account 1*, region eu-*, name n, resource r, tag a=1, tag b=2",
		Where{Account: "1*", Region: "eu-*", Name: "n", Resource: "r", Tags: map[string]string{"b": "2", "a": "1"}}.String())
}

func TestOriginInWords(t *testing.T) {
	require.Equal(t, "f:3", Origin{File: "f", Line: 3, Address: "x"}.String())
	require.Equal(t, "f", Origin{File: "f"}.String())
	require.Equal(t, "x", Origin{Address: "x"}.String())
	require.Empty(t, Origin{}.String())
}
