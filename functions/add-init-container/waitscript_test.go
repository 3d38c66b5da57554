package initcontainer

import (
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestWaitScript runs the script that waits for the network, against servers that
// are there, and against what is not.
func TestWaitScript(t *testing.T) {
	plain, secure, ca := servers(t)
	host := strings.TrimPrefix(plain, "http://")
	for _, c := range []struct {
		name string
		wait Wait
		fail string // what the script says before it gives up; "" for a thing that is there
	}{
		{"tcp", Wait{TCP: host}, ""},
		{"tcp refused", Wait{TCP: "127.0.0.1:1"}, "127.0.0.1:1"},
		{"http", Wait{HTTP: plain + "/ok"}, ""},
		{"http failing", Wait{HTTP: plain + "/teapot"}, "418"},
		{"status", Wait{HTTP: plain + "/teapot", Status: 418}, ""},
		{"other status", Wait{HTTP: plain + "/ok", Status: 204}, "answers with 200"},
		{"redirection", Wait{HTTP: plain + "/moved", Expect: "works; $(x)"}, ""},
		{"status of a redirection", Wait{HTTP: plain + "/moved", Status: 302}, ""},
		{"other text", Wait{HTTP: plain + "/ok", Expect: "200"}, "answers without 200"},
		{"https", Wait{HTTP: secure + "/ok", CA: &CA{}}, ""},
		{"https of nobody", Wait{HTTP: secure + "/ok"}, "certificate"},
		{"grpc", Wait{GRPC: host}, ""},
		{"grpc service", Wait{GRPC: host, Service: "shop.Orders"}, ""},
		{"grpc not serving", Wait{GRPC: host, Service: "shop.Bills"}, "gave up"},
		{"grpc with TLS", Wait{GRPC: strings.TrimPrefix(secure, "https://"), TLS: true, CA: &CA{}}, ""},
		{"dns", Wait{DNS: "localhost"}, ""},
		{"dns unknown", Wait{DNS: "nowhere.invalid"}, "bad address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := ""
			if c.wait.CA != nil {
				file = ca
			}
			group := group{client: clients()[0], waits: []Wait{c.wait}}
			out, err := script(t, group, "1", c.wait.args(file)...).CombinedOutput()
			if c.fail == "" && (err != nil || !strings.Contains(string(out), "is there after")) {
				t.Errorf("%v: %s", err, out)
			}
			if c.fail != "" && (err == nil || !strings.Contains(string(out), c.fail) || !strings.Contains(string(out), "gave up on")) {
				t.Errorf("no %q in: %v %s", c.fail, err, out)
			}
		})
	}
}

// script is a run of the script of a group in busybox' shell.
func script(t *testing.T, g group, limit string, args ...string) *exec.Cmd {
	t.Helper()
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		t.Skip("there is no busybox to run the script with")
	}
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl to run the script with")
	}
	bin := t.TempDir()
	for _, name := range []string{"nc", "wget", "sleep", "date", "grep", "od", "timeout"} {
		if err := os.Symlink(busybox, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(busybox, append([]string{"sh", "-c", g.script(), "wait-for", limit, "1"}, args...)...)
	cmd.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH")}
	return cmd
}

// servers are one without TLS and one with, and the file of its authority.
func servers(t *testing.T) (plain, secure, ca string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "it works; $(x) costs 5 €") })
	mux.HandleFunc("/teapot", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	mux.Handle("/moved", http.RedirectHandler("/ok", http.StatusFound))
	mux.HandleFunc("/grpc.health.v1.Health/Check", health)
	open, closed := httptest.NewUnstartedServer(mux), httptest.NewUnstartedServer(mux)
	open.Config.Protocols, closed.EnableHTTP2 = new(http.Protocols), true
	open.Config.Protocols.SetHTTP1(true)
	open.Config.Protocols.SetUnencryptedHTTP2(true)
	open.Start()
	closed.StartTLS()
	t.Cleanup(open.Close)
	t.Cleanup(closed.Close)
	ca = filepath.Join(t.TempDir(), "ca.crt")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: closed.Certificate().Raw})
	if err := os.WriteFile(ca, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return open.URL, closed.URL, ca
}

// health is the health service of a gRPC server which serves as a whole, and
// shop.Orders.
func health(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	status := byte(2)
	if s := string(body); s == "\x00\x00\x00\x00\x00" || s == "\x00\x00\x00\x00\x0d\x0a\x0bshop.Orders" {
		status = 1
	}
	w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
	w.Header().Set("Trailer", "grpc-status")
	_, _ = w.Write([]byte{0, 0, 0, 0, 2, 8, status})
	w.Header().Set("grpc-status", "0")
}

// TestWaitScriptStops: the script ends at once when it is told to.
func TestWaitScriptStops(t *testing.T) {
	cmd := script(t, group{client: clients()[0], waits: []Wait{{TCP: "127.0.0.1:1"}}}, "600", "tcp", "127.0.0.1:1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(20*time.Second, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	defer stuck.Stop()
	if _, err := out.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 143 {
		t.Errorf("the script ended with %v", err)
	}
}

// TestWaitScriptInOrder: what comes second is not asked for before the first is
// there, and its options do not stay for the third.
func TestWaitScriptInOrder(t *testing.T) {
	plain, _, _ := servers(t)
	waits := []Wait{{TCP: hostPort(plain)}, {HTTP: plain + "/teapot", Status: 418}, {HTTP: plain + "/ok"}}
	var args []string
	for _, w := range waits {
		args = append(args, w.args("")...)
	}
	out, err := script(t, group{client: clients()[0], waits: waits}, "5", args...).CombinedOutput()
	if want := "waiting for http " + plain + "/ok"; err != nil || strings.LastIndex(string(out), want) < strings.LastIndex(string(out), "teapot is there") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestDatabaseClients: each client is told the server and its usual port.
func TestDatabaseClients(t *testing.T) {
	for _, c := range []struct {
		wait    Wait
		program string
		told    string
	}{
		{Wait{Postgres: "db.shop"}, "pg_isready", "-h db.shop -p 5432 "},
		{Wait{Postgres: "[2001:db8::1]:6000"}, "pg_isready", "-h 2001:db8::1 -p 6000 "},
		{Wait{MySQL: "db"}, "mysqladmin", "ping -h db -P 3306 "},
		{Wait{MariaDB: "db:3307"}, "mariadb-admin", "ping -h db -P 3307 "},
		{Wait{Redis: "cache"}, "redis-cli", "-h cache -p 6379 ping"},
		{Wait{Valkey: "cache"}, "valkey-cli", "-h cache -p 6379 ping"},
		{Wait{MongoDB: "db"}, "mongosh", "mongodb://db:27017/?"},
	} {
		t.Run(c.wait.kinds()[0].name, func(t *testing.T) {
			t.Parallel()
			cmd := script(t, waits{c.wait}.groups()[0], "5", c.wait.args("")...)
			bin, _, _ := strings.Cut(strings.TrimPrefix(cmd.Env[0], "PATH="), ":")
			told := filepath.Join(bin, "told")
			client := "#!/bin/sh\necho \"$@\" >" + told + "\necho PONG\n"
			if err := os.WriteFile(filepath.Join(bin, c.program), []byte(client), 0o700); err != nil {
				t.Fatal(err)
			}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
			if data, err := os.ReadFile(told); err != nil || !strings.Contains(string(data), c.told) {
				t.Errorf("the client is told %q, not %q: %v", data, c.told, err)
			}
		})
	}
}

func hostPort(url string) string {
	host, port, _ := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	return net.JoinHostPort(host, port)
}
