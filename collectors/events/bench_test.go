package events

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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
// $KEYPROOF_BENCH_MIB mebibytes, or 512.
func benchSize(b *testing.B) int64 {
	mib := 512
	if text := os.Getenv("KEYPROOF_BENCH_MIB"); text != "" {
		var err error
		mib, err = strconv.Atoi(text)
		require.NoError(b, err)
	}
	return int64(mib) << 20
}

// BenchmarkArchive reads a generated archive, and has the fastest gunzip library
// unpack the same files on the same cores in turn: the ratio says what finding
// the events costs on top.
func BenchmarkArchive(b *testing.B) {
	dir := b.TempDir()
	files, relevant := generate(b, dir, benchSize(b))
	var read, unpack, readCPU, unpackCPU time.Duration
	var text int64
	for b.Loop() {
		start, cpu := time.Now(), cpuOfSelf(b)
		s, err := Read(context.Background(), os.DirFS(dir), Query{}, func(*model.Event) error { return nil })
		require.NoError(b, err)
		read, readCPU = read+time.Since(start), readCPU+cpuOfSelf(b)-cpu
		require.Equal(b, relevant, s.Records.Relevant)
		require.Empty(b, s.Problems)
		start, cpu = time.Now(), cpuOfSelf(b)
		text = gunzipAll(b, files)
		unpack, unpackCPU = unpack+time.Since(start), unpackCPU+cpuOfSelf(b)-cpu
		require.Equal(b, s.Files.Text, text)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(text)*float64(b.N)/read.Seconds()/1e6, "MB/s")
	b.ReportMetric(float64(text)*float64(b.N)/unpack.Seconds()/1e6, "gunzip-MB/s")
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

// BenchmarkJQ has zcat and jq filter the same files, if they are there: one after
// the other, as people do it, and as many at once as there are cores.
func BenchmarkJQ(b *testing.B) {
	for _, program := range []string{"zcat", "jq", "xargs"} {
		if _, err := exec.LookPath(program); err != nil {
			b.Skipf("%s is not installed", program)
		}
	}
	dir := b.TempDir()
	files, _ := generate(b, dir, min(benchSize(b), 256<<20))
	const filter = `zcat "$1" | jq -c '.Records[] | select(.eventSource == "secretsmanager.amazonaws.com" or (.eventSource == "ssm.amazonaws.com" and .eventName == "GetParameter"))' | wc -l`
	list := ""
	for _, name := range files {
		list += name + "\n"
	}
	var ours, theirs time.Duration
	var text int64
	for b.Loop() {
		start := time.Now()
		s, err := Read(context.Background(), os.DirFS(dir), Query{}, func(*model.Event) error { return nil })
		require.NoError(b, err)
		ours, text = ours+time.Since(start), s.Files.Text
		start = time.Now()
		cmd := exec.Command("xargs", "-P", strconv.Itoa(runtime.GOMAXPROCS(0)), "-n", "1", "sh", "-c", filter, "sh")
		cmd.Stdin = bytes.NewBufferString(list)
		out, err := cmd.Output()
		require.NoError(b, err)
		theirs += time.Since(start)
		sum := 0
		for _, line := range bytes.Fields(out) {
			n, err := strconv.Atoi(string(line))
			require.NoError(b, err)
			sum += n
		}
		require.Equal(b, s.Records.Relevant, sum, "both find the same")
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(text)*float64(b.N)/theirs.Seconds()/1e6, "jq-MB/s")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "times-faster-than-jq")
}

// BenchmarkMemory reads archives of two sizes in a process of its own, and reports
// the peak of its memory, which must not depend on the size.
func BenchmarkMemory(b *testing.B) {
	for _, mib := range []int64{64, 256} {
		b.Run(fmt.Sprintf("%dMiB", mib), func(b *testing.B) {
			dir := b.TempDir()
			generate(b, dir, mib<<20)
			var peak int64
			for b.Loop() {
				cmd := exec.Command(os.Args[0], "-test.run", "^TestReadFolder$")
				cmd.Env = append(os.Environ(), "KEYPROOF_TEST_ARCHIVE="+dir)
				out, err := cmd.CombinedOutput()
				require.NoError(b, err, string(out))
				peak = max(peak, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(peak)/1024, "peak-MiB")
			require.Less(b, peak/1024, int64(256))
		})
	}
}

// TestReadFolder reads the archive that BenchmarkMemory names.
func TestReadFolder(t *testing.T) {
	dir := os.Getenv("KEYPROOF_TEST_ARCHIVE")
	if dir == "" {
		dir = t.TempDir()
		generate(t, dir, 1<<20)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.NotEmpty(t, found)
	s, err := Read(t.Context(), os.DirFS(dir), Query{}, func(*model.Event) error { return nil })
	require.NoError(t, err)
	require.Empty(t, s.Problems)
	require.Positive(t, s.Records.Relevant)
}
