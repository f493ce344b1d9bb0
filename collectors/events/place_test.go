package events

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

func TestPlaceOf(t *testing.T) {
	day := time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC)
	minute := time.Date(2026, 3, 14, 2, 10, 0, 0, time.UTC)
	const name = "111122223333_CloudTrail_us-east-2_20260314T0210Z_Mu0KsOhtH1ar15ZZ.json.gz"
	tests := map[string]Place{
		"AWSLogs":                            {},
		"AWSLogs/o-a1b2":                     {},
		"AWSLogs/111122223333":               {Account: "111122223333"},
		"AWSLogs/o-a1b2/111122223333":        {Org: "o-a1b2", Account: "111122223333"},
		"AWSLogs/111122223333/CloudTrail":    {Kind: ObjectLog, Account: "111122223333"},
		"p/AWSLogs/1/CloudTrail/us-east-2":   {Kind: ObjectLog, Region: "us-east-2"},
		"CloudTrail/us-gov-west-1/2026":      {Kind: ObjectLog, Region: "us-gov-west-1", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		"CloudTrail/us-east-2/2026/12":       {Kind: ObjectLog, Region: "us-east-2", From: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		"CloudTrail/us-east-2/2026/03/14":    {Kind: ObjectLog, Region: "us-east-2", From: day, To: day.AddDate(0, 0, 1)},
		"CloudTrail/us-east-2/2026/13/14":    {Kind: ObjectLog, Region: "us-east-2", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		name:                                 {Kind: ObjectLog, Account: "111122223333", Region: "us-east-2", From: minute, To: minute.Add(time.Minute)},
		"any/folder/" + name:                 {Kind: ObjectLog, Account: "111122223333", Region: "us-east-2", From: minute, To: minute.Add(time.Minute)},
		"CloudTrail/us-east-2/2026/03/14/x":  {Kind: ObjectLog, Region: "us-east-2", From: day, To: day.AddDate(0, 0, 1)},
		"CloudTrail-Digest/us-east-2/2026/x": {Kind: ObjectDigest, Region: "us-east-2", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		"CloudTrail-Insight/us-east-2":       {Kind: ObjectInsight, Region: "us-east-2"},
		"something/else.json":                {},
	}
	for path, want := range tests {
		assert.Equal(t, want, PlaceOf(path), path)
	}
}

// opened is a file system that remembers which files were opened.
type opened struct {
	fstest.MapFS
	mu    sync.Mutex
	names []string
}

func (o *opened) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".gz") {
		o.mu.Lock()
		o.names = append(o.names, name)
		o.mu.Unlock()
	}
	return o.MapFS.Open(name)
}

// TestPruning: what the keys rule out is not opened, what they do not say is.
func TestPruning(t *testing.T) {
	const a, b = "111122223333", "444455556666"
	files := map[string][]byte{}
	put := func(account, region string, at time.Time) string {
		name := key(account, region, at, "u")
		files[name] = gz(t, records(rec(`eventTime="`+at.Add(-time.Minute).Format(time.RFC3339)+`"`)))
		return name
	}
	day := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }
	want := put(a, "eu-west-1", day(10))
	late := put(a, "eu-west-1", day(11)) // may hold events of the tenth
	put(a, "eu-west-1", day(9))
	put(a, "eu-west-1", day(13))
	put(a, "us-east-1", day(10))
	put(b, "eu-west-1", day(10))
	other := "export/of/somebody.json.gz"
	files[other] = gz(t, records(rec(`eventTime="2026-03-10T12:00:00Z"`), rec(`eventTime="2026-03-10T12:00:00Z"`, `recipientAccountId="`+b+`"`)))
	files[strings.Replace(want, "CloudTrail/", "CloudTrail-Digest/", 1)] = nil
	files[strings.Replace(want, "CloudTrail/", "CloudTrail-Insight/", 1)] = nil
	files["README"] = nil
	fsys := &opened{MapFS: archive(files)}
	var got []string
	s, err := Read(t.Context(), fsys, Query{
		Accounts: []string{a}, Regions: []string{"eu-west-1"}, Since: time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 3, 11, 0, 0, 0, 0, time.UTC),
	}, func(e *model.Event) error { got = append(got, fmt.Sprint(e.File, " ", e.Place)); return nil })
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{want, late, other}, fsys.names)
	assert.Equal(t, []string{want + " 0", other + " 0"}, got)
	assert.Equal(t, Records{In: 4, Relevant: 2, Irrelevant: 2}, s.Records)
	f := s.Files
	assert.Equal(t, []int{1, 1, 2, 1, 1, 1}, []int{f.PrunedAccount, f.PrunedRegion, f.PrunedTime, f.Digests, f.Insights, f.Other})
	assert.Empty(t, s.Problems)
}

// TestOrder: with any number of workers the events come in the same order.
func TestOrder(t *testing.T) {
	files := map[string][]byte{}
	for i := range 60 {
		var list []string
		for n := range (i * 7) % 400 {
			list = append(list, rec(fmt.Sprintf(`eventID="%d-%d"`, i, n)))
		}
		files[key("111122223333", "eu-west-1", now.Add(time.Duration(i)*time.Minute-3*time.Hour), "u")] = gz(t, records(list...))
	}
	first, s := readAll(t, archive(files), Query{Workers: 1})
	require.Greater(t, len(first), 5000)
	for _, workers := range []int{2, 7, 100} {
		again, again2 := readAll(t, archive(files), Query{Workers: workers})
		require.Equal(t, first, again)
		require.Equal(t, s, again2)
	}
	for i := 1; i < len(first); i++ {
		a, b := first[i-1], first[i]
		require.True(t, a.File < b.File || a.File == b.File && a.Place+1 == b.Place)
	}
}

// TestStop: an error of the reader and the end of a context stop the work.
func TestStop(t *testing.T) {
	files := map[string][]byte{}
	for i := range 50 {
		files[fmt.Sprintf("%02d.json", i)] = []byte(records(strings.TrimSuffix(strings.Repeat(rec()+",", 500), ",")))
	}
	enough := errors.New("enough")
	n := 0
	_, err := Read(t.Context(), archive(files), Query{}, func(*model.Event) error {
		if n++; n == 700 {
			return enough
		}
		return nil
	})
	require.ErrorIs(t, err, enough)
	require.Equal(t, 700, n)

	ctx, cancel := context.WithCancel(t.Context())
	_, err = Read(ctx, archive(files), Query{}, func(*model.Event) error { cancel(); return nil })
	require.ErrorIs(t, err, context.Canceled)

	_, err = Read(t.Context(), archive(nil), Query{}, nil)
	require.NoError(t, err, "an empty archive is one")
}
