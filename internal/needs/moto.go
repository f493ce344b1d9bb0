package needs

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Moto starts moto, a second implementation of AWS, on a free port of the loopback
// interface, and returns its URL; it ends with the test. Without moto the test is
// skipped.
func Moto(t testing.TB) string {
	t.Helper()
	program := Program(t, "moto_server", "pip install 'moto[server]'")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().(*net.TCPAddr)
	_ = l.Close() // the port is for moto
	server := exec.Command(program, "-H", "127.0.0.1", "-p", fmt.Sprint(address.Port))
	logs, err := os.Create(filepath.Join(t.TempDir(), "moto.log"))
	if err != nil {
		t.Fatal(err)
	}
	server.Stdout, server.Stderr = logs, logs
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		_ = logs.Close()
	})
	url := "http://" + address.String()
	for range 600 {
		if resp, err := http.Get(url + "/moto-api/config"); err == nil {
			_ = resp.Body.Close()
			return url
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("moto does not start")
	return ""
}
