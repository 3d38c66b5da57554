package initcontainer

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// TestCheckScript runs the checks: each passes and fails as it has to, and a failing
// one does not keep the others from being told.
func TestCheckScript(t *testing.T) {
	plain, _, _ := servers(t)
	dir := filepath.Join(t.TempDir(), "it's $(a) `b`\n\"c\"")
	if err := os.MkdirAll(filepath.Join(dir, "empty"), 0o750); err != nil {
		t.Fatal(err)
	}
	file, uid, gid := filepath.Join(dir, "file"), int64(os.Getuid()), int64(os.Getgid())
	if err := os.WriteFile(file, []byte("x"), 0o640); err != nil {
		t.Fatal(err)
	}
	other, yes := uid+1, true
	for _, c := range []struct {
		name  string
		check Check
		fail  string // what is told; "" where all is well
	}{
		{"present", Check{Files: []CheckFile{{Path: file, Type: typeFile, NotEmpty: true, MaxMode: "0640", Owner: &uid, Group: &gid, Writable: &yes}}}, ""},
		{"missing", Check{Files: []CheckFile{{Path: dir + "/no", MaxMode: "0640"}}}, "/no is not there"},
		{"absent", Check{Files: []CheckFile{{Path: dir + "/no", Absent: true}}}, ""},
		{"there", Check{Files: []CheckFile{{Path: file, Absent: true}}}, "file is there, and must not be"},
		{"no file", Check{Files: []CheckFile{{Path: dir, Type: typeFile}}}, "is no file"},
		{"directory", Check{Files: []CheckFile{{Path: dir, Type: typeDirectory, NotEmpty: true}}}, ""},
		{"no directory", Check{Files: []CheckFile{{Path: file, Type: typeDirectory}}}, "is no directory"},
		{"empty", Check{Files: []CheckFile{{Path: dir + "/empty", NotEmpty: true}}}, "empty is empty"},
		{"mode", Check{Files: []CheckFile{{Path: file, MaxMode: "600"}}}, "has mode 640, and 600 is the most"},
		{"owner", Check{Files: []CheckFile{{Path: file, Owner: &other}}}, "belongs to user " + number(&uid)},
		{"group", Check{Files: []CheckFile{{Path: file, Group: &other}}}, "belongs to group " + number(&gid)},
		{"set", Check{Env: []CheckEnv{{Name: "HOSTILE"}}}, ""},
		{"not set", Check{Env: []CheckEnv{{Name: "NOWHERE"}}}, "variable NOWHERE is not set"},
		{"not to be set", Check{Env: []CheckEnv{{Name: "HOSTILE", Absent: true}}}, "variable HOSTILE is set"},
		{"unset", Check{Env: []CheckEnv{{Name: "NOWHERE", Absent: true}}}, ""},
		{"match", Check{Env: []CheckEnv{{Name: "HOSTILE", Pattern: `^-e "\$\(x\)"$`}}}, ""},
		{"no match", Check{Env: []CheckEnv{{Name: "HOSTILE", Pattern: "-e $(x) `y`"}}}, "does not match -e $(x) `y`"},
		{"tcp", Check{Reachable: []string{strings.TrimPrefix(plain, "http://")}}, ""},
		{"tcp refused", Check{Reachable: []string{"127.0.0.1:1"}}, "127.0.0.1:1 does not accept connections"},
		{"http", Check{Reachable: []string{plain + "/ok"}}, ""},
		{"http failing", Check{Reachable: []string{plain + "/teapot"}}, "/teapot does not answer with 2xx"},
		{"https", Check{Reachable: []string{"https://127.0.0.1:1", plain + "/ok"}}, "1 of 2 checks failed"},
		{"several", Check{Files: []CheckFile{{Path: dir + "/no"}, {Path: file, MaxMode: "0600"}}, Env: []CheckEnv{{Name: "HOSTILE"}}}, "2 of 4 checks failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cmd := inBusybox(t, 5, func(_ *plan, made *corev1.Container) { checkCommand(made, &c.check) })
			cmd.Env = append(cmd.Env, cmd.Env[0]+":"+os.Getenv("PATH"), `HOSTILE=-e "$(x)"`)
			out, err := cmd.CombinedOutput()
			if c.fail == "" && (err != nil || string(out) != "name: all "+strconv.Itoa(len(c.check.rows()))+" checks passed\n") {
				t.Errorf("%v: %s", err, out)
			}
			if c.fail != "" && (cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), c.fail)) {
				t.Errorf("no %q in: %v %s", c.fail, err, out)
			}
		})
	}
}

func checkCommand(c *corev1.Container, k *Check) {
	rows := k.rows()
	var args []string
	for _, row := range rows {
		args = append(args, row...)
	}
	shell(c, checkScript(rows), "name", append([]string{""}, args...)...)
}

// TestCheckScriptStops: a check of the network does not keep the container from
// ending.
func TestCheckScriptStops(t *testing.T) {
	cmd := inBusybox(t, 5, func(_ *plan, made *corev1.Container) {
		checkCommand(made, &Check{Env: []CheckEnv{{Name: "NOWHERE"}}, Reachable: []string{"192.0.2.1:1"}})
	})
	complaints, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := complaints.Read(make([]byte, 100)); err != nil { // of the variable
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _ = cmd.Wait(); cmd.ProcessState.ExitCode() != 143 {
		t.Errorf("the script ended with %d", cmd.ProcessState.ExitCode())
	}
}
