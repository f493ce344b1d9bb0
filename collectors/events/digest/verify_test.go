package digest

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

func TestGoodChain(t *testing.T) {
	tr := newTrail(t).hours(5).save(4)
	r, err := Verify(t.Context(), tr.fs, Options{Keys: tr.keys()})
	require.NoError(t, err)
	assert.Empty(t, r.Problems)
	assert.Equal(t, model.VerdictPass, r.Verdict())
	assert.Equal(t, Count{Verified: 5}, r.Digests)
	assert.Equal(t, Count{Verified: 10}, r.Logs)
	assert.Equal(t, []Chain{{Name: account + " " + region + " audit", Digests: 5, Verified: 5, From: start, To: start.Add(5 * time.Hour)}}, r.Chains)
}

// TestTampering changes one thing in a good archive of five hours. What is wrong
// is named with its file, and nothing else is.
func TestTampering(t *testing.T) {
	swap := func(fs fstest.MapFS, a, b string) { fs[a], fs[b] = fs[b], fs[a] }
	tests := []struct {
		name    string
		do      func(tr *trail)
		verdict model.Verdict
		want    func(tr *trail) []Problem // kinds and files
		logs    Count
	}{
		{"one byte in a log", func(tr *trail) { tr.change(tr.logs[2][1], "eventID", "eventId") }, model.VerdictFail,
			func(tr *trail) []Problem { return []Problem{{Kind: KindAlteredLog, File: tr.logs[2][1]}} }, Count{Verified: 9, Bad: 1}},
		{"a log that is cut", func(tr *trail) { f := tr.fs[tr.logs[2][1]]; f.Data = f.Data[:len(f.Data)-9] }, model.VerdictFail,
			func(tr *trail) []Problem { return []Problem{{Kind: KindAlteredLog, File: tr.logs[2][1]}} }, Count{Verified: 9, Bad: 1}},
		{"a deleted log", func(tr *trail) { delete(tr.fs, tr.logs[0][0]) }, model.VerdictFail,
			func(tr *trail) []Problem { return []Problem{{Kind: KindMissingLog, File: tr.logs[0][0]}} }, Count{Verified: 9, Bad: 1}},
		{"two logs in each other's place", func(tr *trail) { swap(tr.fs, tr.logs[1][0], tr.logs[3][0]) }, model.VerdictFail,
			func(tr *trail) []Problem {
				return []Problem{{Kind: KindAlteredLog, File: tr.logs[1][0]}, {Kind: KindAlteredLog, File: tr.logs[3][0]}}
			}, Count{Verified: 8, Bad: 2}},
		{"an added log", func(tr *trail) {
			tr.put("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/13/111122223333_CloudTrail_eu-west-1_20260313T2310Z_added.json.gz", `{"Records":[]}`)
		}, model.VerdictUnknown, func(*trail) []Problem {
			return []Problem{{Kind: KindUnnamedLog, File: "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/13/111122223333_CloudTrail_eu-west-1_20260313T2310Z_added.json.gz"}}
		}, Count{Verified: 10, Unproven: 1}},
		{"a deleted digest", func(tr *trail) { delete(tr.fs, tr.digests[2]) }, model.VerdictFail, func(tr *trail) []Problem {
			return []Problem{{Kind: KindMissingDigest, File: tr.digests[2]}, {Kind: KindNoSignature, File: tr.digests[1]}, {Kind: KindUnnamedLog, File: tr.logs[2][0]}}
		}, Count{Verified: 6, Unproven: 4}},
		{"two digests in each other's place", func(tr *trail) { swap(tr.fs, tr.digests[1], tr.digests[2]) }, model.VerdictFail, func(tr *trail) []Problem {
			return []Problem{{Kind: KindMoved, File: tr.digests[1]}, {Kind: KindMoved, File: tr.digests[2]}, {Kind: KindNoSignature, File: tr.digests[0]}, {Kind: KindUnnamedLog, File: tr.logs[1][0]}}
		}, Count{Verified: 4, Unproven: 6}},
		{"a log taken off a digest", func(tr *trail) { tr.change(tr.digests[2], "eu-west-1_20260314T0005Z_", "eu-west-1_20260314T0006Z_") }, model.VerdictFail, func(tr *trail) []Problem {
			return []Problem{{Kind: KindAlteredDigest, File: tr.digests[2]}, {Kind: KindMissingLog}, {Kind: KindUnnamedLog, File: tr.logs[2][0]}}
		}, Count{Verified: 8, Unproven: 2, Bad: 1}},
		{"a log and its hash", func(tr *trail) {
			old := sum(tr.text(tr.logs[2][0]))
			tr.change(tr.logs[2][0], "eventID", "eventId")
			tr.change(tr.digests[2], old, sum(tr.text(tr.logs[2][0])))
		}, model.VerdictFail, func(tr *trail) []Problem { return []Problem{{Kind: KindAlteredDigest, File: tr.digests[2]}} }, Count{Verified: 8, Unproven: 2}},
		{"the newest digest", func(tr *trail) { tr.change(tr.digests[4], "newestEventTime", "newestEventtime") }, model.VerdictFail, func(tr *trail) []Problem {
			return []Problem{{Kind: KindSignature, File: tr.digests[4]}}
		}, Count{Verified: 8, Unproven: 2}},
		{"what the newest says of the one before", func(tr *trail) {
			delete(tr.fs, tr.digests[4]+SignatureSuffix)
			tr.change(tr.digests[4], `"previousDigestHashValue":"`, `"previousDigestHashValue":"0`)
		}, model.VerdictFail, func(tr *trail) []Problem {
			return []Problem{{Kind: KindAlteredDigest, File: tr.digests[4]}, {Kind: KindNoSignature, File: tr.digests[4]}}
		}, Count{Verified: 8, Unproven: 2}},
		{"another signature", func(tr *trail) { tr.signatures[tr.digests[4]] = tr.signatures[tr.digests[3]]; tr.save(4) }, model.VerdictFail,
			func(tr *trail) []Problem { return []Problem{{Kind: KindSignature, File: tr.digests[4]}} }, Count{Verified: 8, Unproven: 2}},
		{"two signatures of one digest", func(tr *trail) { tr.signatures[tr.digests[2]] = tr.signatures[tr.digests[3]]; tr.save(2) }, model.VerdictFail,
			func(tr *trail) []Problem { return []Problem{{Kind: KindSignature, File: tr.digests[2]}} }, Count{Verified: 8, Unproven: 2}},
		{"a digest that is none", func(tr *trail) { tr.put(tr.digests[2], "rubbish") }, model.VerdictFail, func(tr *trail) []Problem {
			return []Problem{{Kind: KindDamaged, File: tr.digests[2]}, {Kind: KindNoSignature, File: tr.digests[1]}, {Kind: KindUnnamedLog, File: tr.logs[2][0]}}
		}, Count{Verified: 6, Unproven: 4}},
		{"the newest digest and its logs are gone", func(tr *trail) {
			for _, name := range append(tr.logs[4], tr.digests[4], tr.digests[4]+SignatureSuffix) {
				delete(tr.fs, name)
			}
		}, model.VerdictUnknown, func(tr *trail) []Problem { return []Problem{{Kind: KindNoSignature, File: tr.digests[3]}} }, Count{Verified: 6, Unproven: 2}},
		{"the oldest digest is gone", func(tr *trail) { delete(tr.fs, tr.digests[0]) }, model.VerdictUnknown, func(tr *trail) []Problem {
			return []Problem{{Kind: KindBegins, File: tr.digests[1]}, {Kind: KindUnnamedLog, File: tr.logs[0][0]}}
		}, Count{Verified: 8, Unproven: 2}},
		{"all digests are gone", func(tr *trail) {
			for _, name := range tr.digests {
				delete(tr.fs, name)
			}
		}, model.VerdictUnknown, func(tr *trail) []Problem { return []Problem{{Kind: KindUnnamedLog, File: tr.logs[0][0]}} }, Count{Unproven: 10}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr := newTrail(t).hours(5).save(4)
			tt.do(tr)
			r, err := Verify(t.Context(), tr.fs, Options{Keys: tr.keys()})
			require.NoError(t, err)
			assert.Equal(t, tt.verdict, r.Verdict())
			want := tt.want(tr)
			for i := range want {
				if want[i].File == "" && i < len(r.Problems) {
					want[i].File = r.Problems[i].File
				}
			}
			got := make([]Problem, len(r.Problems))
			for i, p := range r.Problems {
				got[i] = Problem{Kind: p.Kind, File: p.File}
				assert.NotEmpty(t, p.Detail)
			}
			assert.ElementsMatch(t, want, got, "%v", r.Problems)
			assert.Equal(t, tt.logs, r.Logs)
		})
	}
}

// TestForeignKey: a whole archive signed with a key of somebody else's, under the
// fingerprint of CloudTrail's and under its own.
func TestForeignKey(t *testing.T) {
	tr, other := newTrail(t).hours(3).save(2), foreign(t)
	r, err := Verify(t.Context(), tr.fs, Options{Keys: other.keys()})
	require.NoError(t, err)
	assert.Equal(t, model.VerdictFail, r.Verdict())
	assert.Equal(t, Count{Bad: 3}, r.Digests)
	assert.Equal(t, KindSignature, r.Problems[0].Kind)

	other.fingerprint = "00000000000000000000000000000000"
	r, err = Verify(t.Context(), tr.fs, Options{Keys: other.keys()})
	require.NoError(t, err)
	assert.Equal(t, model.VerdictUnknown, r.Verdict())
	assert.Equal(t, Count{Unproven: 3}, r.Digests)
	assert.Equal(t, Count{Unproven: 6}, r.Logs)
	assert.Equal(t, KindNoKey, r.Problems[0].Kind)
	assert.Contains(t, r.Problems[0].Detail, tr.fingerprint)
}

// TestOldKeyIsNotNeeded: what a verified digest has the hash of is proven, also
// when it was signed with a key that is no longer at hand.
func TestOldKeyIsNotNeeded(t *testing.T) {
	tr := newTrail(t).hours(3)
	next := foreign(t)
	tr.key, tr.fingerprint = next.key, "another"
	tr.hours(2).save(4)
	r, err := Verify(t.Context(), tr.fs, Options{Keys: tr.keys()})
	require.NoError(t, err)
	assert.Equal(t, model.VerdictPass, r.Verdict(), "%v", r.Problems)
}

// TestGaps are holes in the record that are no contradiction.
func TestGaps(t *testing.T) {
	t.Run("validation was off for two hours", func(t *testing.T) {
		tr := newTrail(t).hours(2).save(1)
		tr.hour, tr.previous = tr.hour.Add(2*time.Hour), nil
		tr.hours(2).save(3)
		r, err := Verify(t.Context(), tr.fs, Options{Keys: tr.keys()})
		require.NoError(t, err)
		assert.Equal(t, model.VerdictUnknown, r.Verdict())
		require.Len(t, r.Problems, 1)
		assert.Equal(t, KindRestart, r.Problems[0].Kind)
		assert.Contains(t, r.Problems[0].Detail, "at 2026-03-14T02:00:00Z, and the one before ended at 2026-03-14T00:00:00Z")
		assert.Equal(t, 4, r.Digests.Verified)
	})
	t.Run("an hour is left out of a chain", func(t *testing.T) {
		tr := newTrail(t).hours(2)
		tr.hour = tr.hour.Add(time.Hour)
		tr.hours(1).save(2)
		r, err := Verify(t.Context(), tr.fs, Options{Keys: tr.keys()})
		require.NoError(t, err)
		assert.Equal(t, model.VerdictUnknown, r.Verdict())
		require.Len(t, r.Problems, 1)
		assert.Equal(t, KindTimeGap, r.Problems[0].Kind)
	})
	t.Run("nothing at all", func(t *testing.T) {
		r, err := Verify(t.Context(), fstest.MapFS{}, Options{})
		require.NoError(t, err)
		assert.Equal(t, model.VerdictUnknown, r.Verdict(), "silence is not a pass")
	})
}

// TestRange: what is outside of the range may be missing, but still serves to
// prove what is in it.
func TestRange(t *testing.T) {
	tr := newTrail(t).hours(6) // no signature is saved: that of hour 4 is in the digest of hour 5
	tr.change(tr.logs[0][0], "eventID", "eventId")
	delete(tr.fs, tr.digests[1])
	o := Options{Keys: tr.keys(), Since: start.Add(3 * time.Hour), Until: start.Add(5 * time.Hour)}
	r, err := Verify(t.Context(), tr.fs, o)
	require.NoError(t, err)
	assert.Equal(t, model.VerdictPass, r.Verdict(), "%v", r.Problems)
	assert.Equal(t, Count{Verified: 2}, r.Digests)
	assert.Equal(t, Count{Verified: 4}, r.Logs)

	o.Accounts = []string{"444455556666"}
	r, err = Verify(t.Context(), tr.fs, o)
	require.NoError(t, err)
	assert.Equal(t, model.VerdictUnknown, r.Verdict(), "nothing was verified")
}

// TestWhereTheArchiveBegins: the folder may be the bucket, one below it or one
// above it.
func TestWhereTheArchiveBegins(t *testing.T) {
	move := func(from fstest.MapFS, change func(string) string) fstest.MapFS {
		to := fstest.MapFS{}
		for name, f := range from {
			to[change(name)] = f
		}
		return to
	}
	for name, change := range map[string]func(string) string{
		"prefix of the bucket": func(n string) string { return n },
		"the bucket":           func(n string) string { return "logs/of/acme/" + n },
		"above the bucket":     func(n string) string { return "backup/acme-audit/logs/of/acme/" + n },
		"the account":          func(n string) string { return n[len("AWSLogs/111122223333/"):] },
	} {
		t.Run(name, func(t *testing.T) {
			tr := newTrail(t)
			tr.prefix = "logs/of/acme/"
			tr.hours(3).save(2)
			r, err := Verify(t.Context(), move(tr.fs, change), Options{Keys: tr.keys()})
			require.NoError(t, err)
			assert.Equal(t, model.VerdictPass, r.Verdict(), "%v", r.Problems)
			assert.Equal(t, Count{Verified: 6}, r.Logs)
		})
	}
}
