package model

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecretAges(t *testing.T) {
	var list []*Resource
	secret := func(value, rotated Value[int], replica Value[bool]) {
		list = append(list, &Resource{Body: &Secret{ValueDaysAgo: value, LastRotatedDaysAgo: rotated, IsReplica: replica}})
	}
	for _, days := range []int{0, 30, 31, 90, 91, 180, 181, 365, 366} {
		secret(Known(days), None[int](), Known(false))
	}
	secret(Value[int]{}, Known(5), Value[bool]{})
	secret(Known(1), Known(1), Known(true)) // counted with its primary
	list = append(list, &Resource{Body: &Key{}})
	var a SecretAges
	seen := 0
	for _, err := range a.Count(InMemory(list)) {
		require.NoError(t, err)
		seen++
	}
	require.Equal(t, len(list), seen)
	require.Equal(t, Ages{Days30: 2, Days90: 2, Days180: 2, Days365: 2, Older: 1, Unknown: 1}, a.Value)
	require.Equal(t, Ages{Days30: 1, Never: 9}, a.Rotated)
	require.Equal(t, 10, a.Value.Total())
}
