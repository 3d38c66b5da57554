package adversarial

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const nobody = 65534

// asNobody lets a command run without the rights of root, who may write everywhere.
func (d *desk) asNobody(cmd *exec.Cmd) {
	d.t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if err := filepath.WalkDir(filepath.Dir(d.dir), func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, nobody, nobody)
	}); err != nil {
		d.t.Fatal(err)
	}
	for dir := filepath.Dir(d.dir); dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			d.t.Fatal(err)
		}
	}
}

// TestReadOnly: where nothing may be written the old files stay, all of them.
func TestReadOnly(t *testing.T) {
	for name, c := range map[string]struct {
		file, folder os.FileMode
		want         verdict
	}{
		"file":           {0o444, 0o755, injected}, // it is replaced, and keeps its mode
		"folder":         {0o644, 0o555, refused},
		"both":           {0o444, 0o555, refused},
		"unreadable":     {0o000, 0o755, refused},
		"closed folder":  {0o644, 0o000, refused},
		"folder to pass": {0o644, 0o111, refused},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, map[string]string{"config.yaml": logs, "a.yaml": web("v", "")})
			check(t, os.Mkdir(d.path("locked"), 0o755))
			d.write("locked/web.yaml", web("v", ""))
			check(t, os.Chmod(d.path("locked/web.yaml"), c.file))
			check(t, os.Chmod(d.path("locked"), c.folder))
			cmd := d.command(context.Background(), "inject", "-c", "config.yaml", "--write", "a.yaml", "locked/web.yaml")
			d.asNobody(cmd)
			said, err := cmd.CombinedOutput()
			check(t, os.Chmod(d.path("locked"), 0o755))
			info, statErr := os.Stat(d.path("locked/web.yaml"))
			check(t, statErr)
			check(t, os.Chmod(d.path("locked/web.yaml"), 0o644))
			counted.add(c.want)
			if changed := d.read("locked/web.yaml") != web("v", ""); changed != (c.want == injected) || changed != (d.read("a.yaml") != web("v", "")) || (err == nil) != changed {
				t.Errorf("%v, changed %v, want %s:\n%s", err, changed, c.want, said)
			}
			if info.Mode().Perm() != c.file {
				t.Errorf("mode %v, want %v", info.Mode(), c.file)
			}
			d.tidy("a.yaml", "config.yaml", "locked")
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestFullDisk: on a disk that has room for the old files and for a part of the new
// ones, the old ones stay.
func TestFullDisk(t *testing.T) {
	if out, err := exec.Command("unshare", "--mount", "true").CombinedOutput(); err != nil {
		t.Skipf("there is no mount namespace to be had (root can): %v %s", err, out)
	}
	const mount = `mount -t tmpfs -o size=16k tmpfs disk && cp a.yaml b.yaml c.yaml disk &&
"$0" inject -c config.yaml --write disk; code=$?
cmp disk/a.yaml a.yaml && cmp disk/b.yaml b.yaml && cmp disk/c.yaml c.yaml && ls -A disk && exit $code`
	old := web("v", "")
	d := newDesk(t, map[string]string{"config.yaml": logs, "a.yaml": old, "b.yaml": old, "c.yaml": old})
	check(t, os.Mkdir(d.path("disk"), 0o755))
	cmd := exec.Command("unshare", "--mount", "sh", "-c", mount, program)
	cmd.Dir = d.dir
	out, _ := cmd.CombinedOutput()
	counted.add(refused)
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "no space left on device; no file was changed") || !strings.HasSuffix(string(out), "\na.yaml\nb.yaml\nc.yaml\n") {
		t.Errorf("exit %d:\n%s", cmd.ProcessState.ExitCode(), out)
	}
}

// TestFileLimit: the same where files may not grow beyond a size.
func TestFileLimit(t *testing.T) {
	d := newDesk(t, map[string]string{"config.yaml": logs, "in.yaml": web("v", "")})
	cmd := exec.Command("sh", "-c", `trap '' XFSZ; ulimit -f 1; exec "$0" inject -c config.yaml --write in.yaml`, program)
	cmd.Dir = d.dir
	out, err := cmd.CombinedOutput()
	counted.add(refused)
	if err == nil || !strings.Contains(string(out), "file too large; no file was changed") || d.read("in.yaml") != web("v", "") {
		t.Errorf("%v:\n%s", err, out)
	}
	d.tidy("config.yaml", "in.yaml")
}

// TestFullOutput: what cannot be printed is an error.
func TestFullOutput(t *testing.T) {
	for _, args := range [][]string{{"post-render", "-c", "config.yaml"}, {"inject", "-c", "config.yaml"}, {"inject", "-c", "config.yaml", "--diff"}, {"inject", "-c", "config.yaml", "--output", "json"}, {"inject", "-c", "config.yaml", "--emit", "patches"}} {
		t.Run(strings.Join(args[3:], " "), func(t *testing.T) {
			d := newDesk(t, map[string]string{"config.yaml": logs})
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			check(t, err)
			defer full.Close()
			var said strings.Builder
			cmd := d.command(context.Background(), args...)
			cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(web("v", "")), full, &said
			err = cmd.Run()
			counted.add(refused)
			if err == nil || !strings.Contains(said.String(), "no space left on device") {
				t.Errorf("%v:\n%s", err, said.String())
			}
		})
	}
}

// TestClosedOutput: a reader that goes, as head does, ends the program.
func TestClosedOutput(t *testing.T) {
	d := newDesk(t, map[string]string{"config.yaml": logs})
	cmd := d.command(context.Background(), "post-render", "-c", "config.yaml")
	cmd.Stdin = strings.NewReader(strings.Repeat(web("v", "")+"---\n", 2000))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	_, err = io.CopyN(io.Discard, out, 100)
	check(t, err)
	check(t, out.Close())
	timer := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	err = cmd.Wait()
	counted.add(refused)
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !timer.Stop() || err == nil || status.Signaled() && status.Signal() != syscall.SIGPIPE {
		t.Errorf("%v:\n%s", err, said.String())
	}
	answer{stderr: said.String()}.noCrash(t)
}

// TestTerminated: a signal while many files are written leaves each of them as it
// was, or all of them new, and nothing else.
func TestTerminated(t *testing.T) {
	const files = 120
	old := strings.Repeat(web("v", "")+"---\n", 10)
	d := newDesk(t, map[string]string{"config.yaml": logs, "in.yaml": old})
	if a := d.run(nil, "inject", "-c", "config.yaml", "--write", "in.yaml"); a.code != 0 {
		t.Fatal(a.stderr)
	}
	whole := d.read("in.yaml")
	ends := map[bool]int{}
	for i := range 40 {
		d := newDesk(t, map[string]string{"config.yaml": logs})
		check(t, os.Mkdir(d.path("all"), 0o755))
		for n := range files {
			d.write(fmt.Sprintf("all/%03d.yaml", n), old)
		}
		cmd := d.command(context.Background(), "inject", "-c", "config.yaml", "--write", "all")
		check(t, cmd.Start())
		d.awaitTemporary(i * files / 40)
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may be done already
		err := cmd.Wait()
		entries, readErr := os.ReadDir(d.path("all"))
		check(t, readErr)
		if len(entries) != files {
			t.Errorf("%d files, want %d: %v", len(entries), files, entries)
		}
		changed := 0
		for _, e := range entries {
			switch d.read("all/" + e.Name()) {
			case whole:
				changed++
			case old:
			default:
				t.Errorf("%s is neither the old nor the new one", e.Name())
			}
		}
		if changed != 0 && changed != files || (changed == files) != (err == nil) {
			t.Errorf("%v, and %d of %d files are new", err, changed, files)
		}
		ends[changed == files]++
		counted.add(map[bool]verdict{true: injected, false: refused}[changed == files])
	}
	if ends[false] == 0 {
		t.Error("no run was interrupted")
	}
	t.Logf("%d runs were interrupted, %d were done", ends[false], ends[true])
}

// awaitTemporary waits until a run has written some new files beside the old ones,
// or for a moment.
func (d *desk) awaitTemporary(n int) {
	for range 2000 {
		found, _ := filepath.Glob(d.path("all/.*"))
		if len(found) > n {
			return
		}
		time.Sleep(50 * time.Microsecond)
	}
}

// TestWriters: of two runs that change a file at the same time, one wins.
func TestWriters(t *testing.T) {
	const src = "in.yaml"
	old := strings.Replace(web("v", ""), "  template:", "  template:\n    metadata: {labels: {app: web}}", 1)
	results := map[string]bool{}
	for _, order := range [][]string{{"a.yaml"}, {"b.yaml"}, {"a.yaml", "b.yaml"}, {"b.yaml", "a.yaml"}} {
		d := newDesk(t, map[string]string{"a.yaml": logs, "b.yaml": exporter("preset: redis"), src: old})
		for _, config := range order {
			if a := d.run(nil, "inject", "-c", config, "--write", src); a.code != 0 {
				t.Fatal(a.stderr)
			}
		}
		results[d.read(src)] = true
	}
	for range 20 {
		d := newDesk(t, map[string]string{"a.yaml": logs, "b.yaml": exporter("preset: redis"), src: old})
		a := d.command(context.Background(), "inject", "-c", "a.yaml", "--write", src)
		b := d.command(context.Background(), "inject", "-c", "b.yaml", "--write", src)
		check(t, a.Start())
		check(t, b.Start())
		errA, errB := a.Wait(), b.Wait()
		counted.add(injected)
		if errA != nil || errB != nil || !results[d.read(src)] {
			t.Errorf("%v, %v, and the file is none of what it may be:\n%s", errA, errB, d.read(src))
		}
		d.tidy("a.yaml", "b.yaml", src)
	}
}
