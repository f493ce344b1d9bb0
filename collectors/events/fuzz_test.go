package events

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// FuzzFile reads any bytes as a file of an archive: no panic, no lost record, and
// where encoding/json understands the whole of it, as many records.
func FuzzFile(f *testing.F) {
	f.Add([]byte(records(rec(), rec(`eventName="x\"}"`), "1")), false)
	f.Add([]byte("["+rec()+"]"), false)
	f.Add(gz(f, records(rec())), true)
	f.Add(append(gz(f, records(rec())), gz(f, "{}")...), true)
	f.Add([]byte(`{"Records":[{"a":[{"b":"\\"}]}],"Records":[]}`), false)
	f.Fuzz(func(t *testing.T, data []byte, zipped bool) {
		name := "f.json"
		if zipped {
			name += ".gz"
		}
		n := 0
		// Without goroutines, whose order would look like coverage to the fuzzer.
		r := fileReader{q: &Query{Relevant: Relevant()}}
		s := newSummary()
		s.add(r.read(context.Background(), archive(map[string][]byte{name: data}), &job{name: name}, func(e *model.Event) {
			require.NotEmpty(t, e.Name)
			n++
		}), Place{})
		require.Equal(t, s.Records.In, s.Records.Relevant+s.Records.Irrelevant+s.Records.Refused)
		require.Equal(t, n, s.Records.Relevant)
		require.Equal(t, s.Records.Refused > 0 || s.Files.Broken > 0, hasHarm(s))
		var doc struct{ Records []json.RawMessage }
		if !zipped && json.Unmarshal(data, &doc) == nil && len(doc.Records) > 0 && s.Total() == 0 {
			require.Len(t, doc.Records, s.Records.In)
		}
	})
}

// hasHarm tells problems that lose something.
func hasHarm(s *Summary) bool {
	for _, p := range s.Problems {
		if p.Kind != KindMembers {
			return true
		}
	}
	return false
}

// FuzzDecode reads any bytes as a record: what comes out can be written, and says
// of nothing that it is known without a place in the record to have it from.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(rec()))
	f.Add([]byte(rec(`requestParameters={"policy":{"a":1},"removeReplicaRegions":["x"]}`, `resources=[{"ARN":"a"}]`)))
	f.Add([]byte(rec(`userIdentity={"sessionContext":{"sessionIssuer":{},"attributes":{"mfaAuthenticated":"false"}}}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Decode(data)
		if err != nil {
			return
		}
		require.True(t, json.Valid(data))
		_, err = json.Marshal(e)
		require.NoError(t, err)
	})
}

// FuzzPlaceOf reads any path: where it claims to know when, the span is real.
func FuzzPlaceOf(f *testing.F) {
	f.Add(key("111122223333", "eu-west-1", now, "a"))
	f.Add("AWSLogs/o-abc/111122223333/CloudTrail-Digest/us-gov-west-1/2026/02/30/x.json.gz")
	f.Fuzz(func(t *testing.T, path string) {
		p := PlaceOf(path)
		require.Equal(t, p.From.IsZero(), p.To.IsZero())
		require.True(t, p.From.IsZero() || p.From.Before(p.To))
	})
}
