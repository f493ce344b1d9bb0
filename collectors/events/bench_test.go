package events

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// benchSize is how many bytes of text the benchmark's archive has:
// $KEYPROOF_BENCH_GIB gibibytes, or $KEYPROOF_BENCH_MIB mebibytes, or 512 of those.
func benchSize(b *testing.B) int64 {
	for name, unit := range map[string]float64{"KEYPROOF_BENCH_GIB": 1 << 30, "KEYPROOF_BENCH_MIB": 1 << 20} {
		if text := os.Getenv(name); text != "" {
			n, err := strconv.ParseFloat(text, 64)
			require.NoError(b, err)
			return int64(n * unit)
		}
	}
	return 512 << 20
}

// benchArchive is a generated archive that all comparisons of one run share.
type benchArchive struct {
	dir      string
	files    []string
	relevant int
}

// part is the beginning of the archive, for a peer that would take too long for all
// of it.
func (a *benchArchive) part(b *testing.B, text int64) *benchArchive {
	b.Helper()
	p := a.parts(b, text)[0]
	_, p.relevant, _ = p.read(b)
	return p
}

// parts are the archive in parts, which do not say how much of them is relevant.
func (a *benchArchive) parts(b *testing.B, text int64) (list []*benchArchive) {
	b.Helper()
	for files := range slices.Chunk(a.files, int(max(text/benchFile, 1))) {
		p := &benchArchive{dir: b.TempDir()}
		for _, name := range files {
			link := filepath.Join(p.dir, filepath.Base(name))
			require.NoError(b, os.Symlink(name, link))
			p.files = append(p.files, link)
		}
		list = append(list, p)
	}
	return list
}

// read has our reader read it.
func (a *benchArchive) read(b *testing.B) (text int64, relevant int, took time.Duration) {
	b.Helper()
	start := time.Now()
	s, err := Read(context.Background(), os.DirFS(a.dir), Query{}, func(*model.Event) error { return nil })
	took = time.Since(start)
	require.NoError(b, err)
	require.Empty(b, s.Problems)
	return s.Files.Text, s.Records.Relevant, took
}

// BenchmarkArchive reads a generated archive, and has others do the same with the
// same files on the same cores in the same run: each ratio is of times that were
// taken in turn.
func BenchmarkArchive(b *testing.B) {
	a := &benchArchive{dir: b.TempDir()}
	a.files, a.relevant = generate(b, a.dir, benchSize(b))
	b.Run("gunzip", a.gunzip)
	b.Run("jq", a.part(b, 256<<20).jq)
	b.Run("duckdb", a.duckdb)
	b.Run("memory", a.memory)
}

// gunzip has the fastest gunzip library unpack the files: the ratio says what
// finding the events costs on top. They take turns every few files, so that a
// machine that is quicker at times is so for both.
func (a *benchArchive) gunzip(b *testing.B) {
	var read, unpack, readCPU, unpackCPU time.Duration
	var text int64
	parts := a.parts(b, 256<<20)
	for b.Loop() {
		found := 0
		for _, p := range parts {
			cpu := cpuOfSelf(b)
			n, relevant, took := p.read(b)
			read, readCPU, text, found = read+took, readCPU+cpuOfSelf(b)-cpu, text+n, found+relevant
			start, cpu := time.Now(), cpuOfSelf(b)
			require.Equal(b, n, gunzipAll(b, p.files))
			unpack, unpackCPU = unpack+time.Since(start), unpackCPU+cpuOfSelf(b)-cpu
		}
		require.Equal(b, a.relevant, found)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(text)/read.Seconds()/1e6, "MB/s")
	b.ReportMetric(float64(text)/unpack.Seconds()/1e6, "gunzip-MB/s")
	b.ReportMetric(read.Seconds()/unpack.Seconds(), "times-gunzip")
	// On a machine that does other things too, this one is the steadier.
	b.ReportMetric(readCPU.Seconds()/unpackCPU.Seconds(), "times-gunzip-cpu")
}

func cpuOfSelf(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// gunzipAll unpacks the files on all cores and drops what comes out.
func gunzipAll(b *testing.B, files []string) (total int64) {
	queue := make(chan string)
	var mu sync.Mutex
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			z, chunk := new(gzip.Reader), make([]byte, 256<<10)
			for name := range queue {
				f, err := os.Open(name)
				if err == nil {
					err = z.Reset(f)
				}
				if err != nil {
					b.Error(err)
					continue
				}
				n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{z}, chunk)
				if err != nil {
					b.Error(err)
				}
				_ = f.Close() // it was only read
				mu.Lock()
				total += n
				mu.Unlock()
			}
		})
	}
	for _, name := range files {
		queue <- name
	}
	close(queue)
	group.Wait()
	return total
}
