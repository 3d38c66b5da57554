package guide_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

// start runs a server on the node until the test ends.
func start(t *testing.T, program string, args ...string) {
	t.Helper()
	run(t, exec.Command(program, args...))
}

func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	box.Check(t, err)
	cmd.Stdout, cmd.Stderr = log, log
	box.Check(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = cmd.Wait()                          // so we have told it to
		if text, err := os.ReadFile(log.Name()); t.Failed() && err == nil {
			t.Logf("%s:\n%s", cmd.Path, text)
		}
	})
}

// startEtcd runs a server of gRPC at port 7021.
func startEtcd(t *testing.T) {
	t.Helper()
	const clients, peers = "http://" + kube.NodeIP + ":7021", "http://127.0.0.1:7022"
	start(t, "etcd", "--data-dir="+t.TempDir(), "--unsafe-no-fsync", "--listen-client-urls="+clients, "--advertise-client-urls="+clients,
		"--listen-peer-urls="+peers, "--initial-advertise-peer-urls="+peers, "--initial-cluster=default="+peers)
}

// startRedis runs a Redis at port 7024.
func startRedis(t *testing.T) {
	t.Helper()
	start(t, redis, "--bind", kube.NodeIP, "--port", "7024", "--protected-mode", "no", "--save", "")
}

// nobody is who PostgreSQL runs as: it refuses to be root.
const nobody = 65534

// startPostgres runs a PostgreSQL at port 7023 until the test ends. Everybody may
// log in as postgres, with the password "p@ss".
func startPostgres(t *testing.T) {
	t.Helper()
	dir := nobodysDir(t)
	password := filepath.Join(dir, "password")
	box.Check(t, os.WriteFile(password, []byte("p@ss\n"), 0o644))
	init := asNobody(postgres+"/initdb", "-D", filepath.Join(dir, "data"), "-U", "postgres", "--auth=scram-sha-256", "--pwfile="+password, "--no-sync")
	if text, err := init.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, text)
	}
	box.Check(t, os.WriteFile(filepath.Join(dir, "data", "pg_hba.conf"), []byte("host all all 0.0.0.0/0 scram-sha-256\n"), 0o644))
	run(t, asNobody(postgres+"/postgres", "-D", filepath.Join(dir, "data"), "-h", kube.NodeIP, "-p", "7023", "-k", "", "-F"))
}

// startMariaDB runs a MariaDB at port 7025 until the test ends. It lets in nobody
// from elsewhere.
func startMariaDB(t *testing.T) {
	t.Helper()
	apps.Need(t, mariadbd)
	dir := nobodysDir(t)
	data := "--datadir=" + filepath.Join(dir, "data")
	init := asNobody("mariadb-install-db", "--no-defaults", data, "--tmpdir="+dir, "--skip-test-db")
	if text, err := init.CombinedOutput(); err != nil {
		t.Fatalf("mariadb-install-db: %v\n%s", err, text)
	}
	run(t, asNobody(mariadbd, "--no-defaults", data, "--tmpdir="+dir, "--socket="+filepath.Join(dir, "socket"),
		"--bind-address="+kube.NodeIP, "--port=7025"))
}

// nobodysDir is a folder for servers that refuse to be root.
func nobodysDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{filepath.Dir(dir), dir} {
		box.Check(t, os.Chmod(d, 0o755))
	}
	box.Check(t, os.Chown(dir, nobody, nobody))
	return dir
}

// asNobody is a command without root's rights.
func asNobody(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	return cmd
}
