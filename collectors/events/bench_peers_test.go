package events

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// jq has zcat and jq filter the files, if they are there, as many at once as there
// are cores.
func (a *benchArchive) jq(b *testing.B) {
	for _, program := range []string{"zcat", "jq", "xargs"} {
		if _, err := exec.LookPath(program); err != nil {
			b.Skipf("%s is not installed", program)
		}
	}
	const filter = `zcat "$1" | jq -c '.Records[] | select(.eventSource == "secretsmanager.amazonaws.com" or (.eventSource == "ssm.amazonaws.com" and .eventName == "GetParameter"))' | wc -l`
	list := ""
	for _, name := range a.files {
		list += name + "\n"
	}
	var ours, theirs time.Duration
	var text int64
	for b.Loop() {
		n, relevant, took := a.read(b)
		ours, text = ours+took, n
		start := time.Now()
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
		require.Equal(b, relevant, sum, "both find the same")
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(text)*float64(b.N)/theirs.Seconds()/1e6, "jq-MB/s")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "times-faster-than-jq")
}

// duckdb has DuckDB filter the folder, if there is a C compiler to build it with.
func (a *benchArchive) duckdb(b *testing.B) {
	program := filepath.Join(b.TempDir(), "duckdb")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = "../../internal/bench/duckdb"
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := build.CombinedOutput(); err != nil {
		b.Skipf("DuckDB cannot be built: %v: %s", err, bytes.TrimSpace(out))
	}
	var ours, theirs time.Duration
	var text int64
	for b.Loop() {
		n, relevant, took := a.read(b)
		ours, text = ours+took, n
		out, err := exec.Command(program, filepath.Join(a.dir, "**", "*.json.gz"), strconv.Itoa(runtime.GOMAXPROCS(0))).CombinedOutput()
		require.NoError(b, err, string(out))
		var count int
		var seconds float64
		_, err = fmt.Sscan(string(out), &count, &seconds)
		require.NoError(b, err)
		require.Equal(b, relevant, count, "both find the same")
		theirs += time.Duration(seconds * float64(time.Second))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(text)*float64(b.N)/theirs.Seconds()/1e6, "duckdb-MB/s")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "times-faster-than-duckdb")
}

// memory reads the archive, and a small part of it, in a process of its own, and
// reports the peak of its memory, which must not depend on the size.
func (a *benchArchive) memory(b *testing.B) {
	sizes := map[string]*benchArchive{"all": a, "64MiB": a.part(b, 64<<20)}
	peaks := map[string]float64{}
	for b.Loop() {
		for name, of := range sizes {
			peaks[name] = max(peaks[name], of.peak(b))
		}
	}
	b.ReportMetric(0, "ns/op")
	for name, peak := range peaks {
		b.ReportMetric(peak, "peak-MiB-"+name)
		require.Less(b, peak, 256.0)
	}
}

// peak is the most memory, in MiB, that a process took to read it.
func (a *benchArchive) peak(b *testing.B) float64 {
	b.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestReadFolder$", "-test.v")
	cmd.Env = append(os.Environ(), "KEYPROOF_TEST_ARCHIVE="+a.dir)
	out, err := cmd.CombinedOutput()
	require.NoError(b, err, string(out))
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(out)
	if found == nil {
		b.Skip("this system does not say how much memory a process took at most")
	}
	kib, err := strconv.Atoi(string(found[1]))
	require.NoError(b, err)
	return float64(kib) / 1024
}

// TestReadFolder reads the archive that the benchmark of memory names, and says how
// much memory the process took.
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
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		t.Logf("%s", regexp.MustCompile(`VmHWM:.*`).Find(status))
	}
}
