package initcontainer

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// TestRegisterScript: the pod is registered once the app listens, and again; it
// leaves when it is asked to, and the container ends when it is told to.
func TestRegisterScript(t *testing.T) {
	server := newRegistry(t)
	cmd := registering(t, server, "5")
	server.expect(t, `PUT /reg Bearer to"k\en {"body": "'$(x)`+"`y`"+`"}`)
	server.expect(t, `PUT /reg Bearer to"k\en {"body": "'$(x)`+"`y`"+`"}`)
	leave := exec.Command("sh", "-c", inDirOf(cmd, leaveScript))
	if out, err := leave.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	for want := `DELETE /reg Bearer to"k\en `; ; {
		if got := server.next(t); got == want {
			break
		} else if !strings.HasPrefix(got, "PUT") {
			t.Fatalf("got %q", got)
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || len(server.calls) > 0 {
		t.Errorf("%v, and %d more calls: %s", err, len(server.calls), cmd.Stderr)
	}
	if out := fmt.Sprint(cmd.Stdout); !strings.Contains(out, "name: registered\nname: deregistered\n") {
		t.Errorf("it logs %s", out)
	}
}

// TestRegisterScriptGivesUp: a server that refuses makes the container fail.
func TestRegisterScriptGivesUp(t *testing.T) {
	server := newRegistry(t)
	server.status = http.StatusForbidden
	cmd := registering(t, server, "1")
	if _ = cmd.Wait(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(fmt.Sprint(cmd.Stderr), "gave up after 1 s") {
		t.Errorf("exit code %d: %s", cmd.ProcessState.ExitCode(), cmd.Stderr)
	}
}

// registry notes what it is asked for.
type registry struct {
	*httptest.Server
	calls  chan string
	status int
}

func newRegistry(t *testing.T) *registry {
	t.Helper()
	r := &registry{calls: make(chan string, 100), status: http.StatusOK}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.calls <- fmt.Sprintf("%s %s %s %s", q.Method, q.URL, q.Header.Get("Authorization"), body)
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *registry) next(t *testing.T) string {
	t.Helper()
	select {
	case call := <-r.calls:
		return call
	case <-time.After(20 * time.Second):
		t.Fatal("nobody calls")
		return ""
	}
}

func (r *registry) expect(t *testing.T, want string) {
	t.Helper()
	if got := r.next(t); got != want {
		t.Fatalf("got %q, not %q", got, want)
	}
}

// registering is a run of the script, whose app is the server itself.
func registering(t *testing.T, server *registry, limit string) *exec.Cmd {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl to run the script with")
	}
	dir := t.TempDir()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	cmd := inBusybox(t, 5, func(_ *plan, c *corev1.Container) {
		shell(c, registerScript, "name", limit, "1", "1", port, "", "text/plain",
			"PUT", server.URL+"/reg", `{"body": "'$(x)`+"`y`"+`"}`, "DELETE", server.URL+"/reg", "")
	})
	cmd.Args[2] = strings.ReplaceAll(cmd.Args[2], "/tmp/", dir+"/")
	cmd.Dir = dir
	cmd.Env = []string{cmd.Env[0] + ":" + os.Getenv("PATH"), "POD_IP=127.0.0.1", `REGISTER_TOKEN=to"k\en`}
	cmd.Stdout, cmd.Stderr = &strings.Builder{}, &strings.Builder{}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	t.Cleanup(func() { stuck.Stop() })
	return cmd
}

// inDirOf has a script look for files where another one does.
func inDirOf(cmd *exec.Cmd, script string) string {
	return strings.ReplaceAll(script, "/tmp/", filepath.Clean(cmd.Dir)+"/")
}
