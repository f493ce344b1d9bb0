package digest

import (
	"fmt"
	"io/fs"
	"runtime"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// kinds are the kinds of the problems of a report.
func kinds(r *Report) []Kind {
	list := []Kind{}
	for _, p := range r.Problems {
		list = append(list, p.Kind)
	}
	return list
}

// TestGapAroundSince: a range that begins in a gap of the chain is not verified from
// its beginning on, however long the gap is.
func TestGapAroundSince(t *testing.T) {
	for _, hours := range []int{3, 24 * 5} {
		tr := newTrail(t).hours(2)
		since := tr.hour.Add(time.Hour)
		tr.hour = tr.hour.Add(time.Duration(hours) * time.Hour)
		tr.hours(2).save(3)
		for _, o := range []Options{{}, {Since: since}} {
			o.Keys = tr.keys()
			r, err := Verify(t.Context(), tr.fs, o)
			require.NoError(t, err)
			assert.Equal(t, model.VerdictUnknown, r.Verdict())
			assert.Equal(t, []Kind{KindTimeGap}, kinds(r), "%d hours, %v", hours, o.Since)
		}
	}
}

// signedFS has the signatures of digests as S3 has them, and remembers what was
// opened and listed.
type signedFS struct {
	fstest.MapFS
	signatures map[string]string
	ahead      int
	opened     chan string
	listed     chan string
}

func (s *signedFS) Signed() bool { return true }
func (s *signedFS) Ahead() int   { return s.ahead }

func (s *signedFS) Open(name string) (fs.File, error) {
	s.opened <- name
	f, err := s.MapFS.Open(name)
	return &signedFile{f, s.signatures[name]}, err
}

func (s *signedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	s.listed <- name
	return s.MapFS.ReadDir(name)
}

type signedFile struct {
	fs.File
	signature string
}

func (s *signedFile) Metadata() map[string]string { return map[string]string{"signature": s.signature} }

func inS3(tr *trail, ahead int) *signedFS {
	return &signedFS{tr.fs, tr.signatures, ahead, make(chan string, 100_000), make(chan string, 100_000)}
}

// TestSignaturesOfS3: no file beside the newest digest is needed, each digest is
// proven by itself, and of a range only what lies around it is opened.
func TestSignaturesOfS3(t *testing.T) {
	for _, ahead := range []int{0, 16} {
		tr := newTrail(t).hours(5)
		r, err := Verify(t.Context(), inS3(tr, ahead), Options{Keys: tr.keys()})
		require.NoError(t, err)
		assert.Equal(t, model.VerdictPass, r.Verdict(), "%v", r.Problems)
		assert.Equal(t, Count{Verified: 5}, r.Digests)

		tr.signatures[tr.digests[4]] = tr.signatures[tr.digests[3]]
		r, err = Verify(t.Context(), inS3(tr, ahead), Options{Keys: tr.keys()})
		require.NoError(t, err)
		assert.Equal(t, []Kind{KindSignature}, kinds(r))

		tr = newTrail(t).hours(5)
		tr.signatures[tr.digests[2]] = tr.signatures[tr.digests[3]]
		r, err = Verify(t.Context(), inS3(tr, ahead), Options{Keys: tr.keys()})
		require.NoError(t, err)
		require.Equal(t, []Kind{KindSignature}, kinds(r))
		assert.Contains(t, r.Problems[0].Detail, "S3 keeps of this one")
	}
	tr := newTrail(t).hours(24 * 6)
	day := start.Truncate(24*time.Hour).AddDate(0, 0, 1)
	f := inS3(tr, 0)
	r, err := Verify(t.Context(), f, Options{Keys: tr.keys(), Since: day, Until: day.AddDate(0, 0, 1)})
	require.NoError(t, err)
	assert.Equal(t, model.VerdictPass, r.Verdict(), "%v", r.Problems)
	assert.Equal(t, Count{Verified: 24}, r.Digests)
	assert.Equal(t, Count{Verified: 48}, r.Logs)
	assert.Less(t, len(f.opened), 48+24*4+2, "logs of the day, digests of it and of two and a half days after")
}

// TestOneWalk: with all logs named there is no second walk through the archive.
func TestOneWalk(t *testing.T) {
	tr := newTrail(t).hours(3)
	f := inS3(tr, 0)
	_, err := Verify(t.Context(), f, Options{Keys: tr.keys()})
	require.NoError(t, err)
	once := len(f.listed)
	tr.put("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/13/111122223333_CloudTrail_eu-west-1_20260313T2310Z_added.json.gz", `{"Records":[]}`)
	f = inS3(tr, 0)
	r, err := Verify(t.Context(), f, Options{Keys: tr.keys()})
	require.NoError(t, err)
	assert.Equal(t, []Kind{KindUnnamedLog}, kinds(r))
	assert.Equal(t, 2*once, len(f.listed))
}

func TestNamed(t *testing.T) {
	n, sum := newNamed(), uint64(0)
	for i := range 5000 {
		n.add(fmt.Sprint("log", i))
		sum += n.hash(fmt.Sprint("log", i))
	}
	for i := range 100 {
		n.add(fmt.Sprint("log", i))
	}
	count, got := n.settle()
	assert.Equal(t, 5000, count)
	assert.Equal(t, sum, got)
	for i := range 5000 {
		assert.True(t, n.has(fmt.Sprint("log", i)))
		assert.False(t, n.has(fmt.Sprint("other", i)))
	}
}

// BenchmarkNamed says how much memory the logs that digests name take: of ten
// million less than 256 MiB, at the time when it is most.
func BenchmarkNamed(b *testing.B) {
	const logs = 10_000_000
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		n := newNamed()
		for i := range logs {
			n.add(fmt.Sprintf("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/13/111122223333_CloudTrail_eu-west-1_20260313T2310Z_%016d.json.gz", i))
		}
		count, _ := n.settle()
		require.Equal(b, logs, count)
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapSys-min(before.HeapSys, after.HeapSys))/(1<<20), "MiB-of-heap")
		require.Less(b, after.HeapSys>>20, uint64(256))
	}
}

// TestManyProblems: a chain with more wrong than is kept says how much there is.
func TestManyProblems(t *testing.T) {
	w := &walk{verifier: &verifier{report: &Report{}}}
	for i := range maxOfChain + 7 {
		w.note(Problem{KindMissingDigest, fmt.Sprint(i), "gone"})
	}
	assert.Len(t, w.problems, maxOfChain)
	assert.Equal(t, 7, w.report.MoreProblems)
	assert.Equal(t, 7, w.report.Digests.Bad)
	assert.Equal(t, model.VerdictFail, w.report.Verdict())
}
