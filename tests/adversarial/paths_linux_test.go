package adversarial

import (
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestPaths: files that are none.
func TestPaths(t *testing.T) {
	for name, c := range map[string]struct {
		make func(d *desk) error
		want verdict
		says string
	}{
		"null device":       {func(d *desk) error { return os.Symlink("/dev/null", d.path("x.yaml")) }, passed, "selects no workload"},
		"itself":            {func(d *desk) error { return os.Symlink("x.yaml", d.path("x.yaml")) }, refused, "too many levels of symbolic links"},
		"nothing":           {func(d *desk) error { return os.Symlink("nothing", d.path("x.yaml")) }, refused, "no such file"},
		"folder":            {func(d *desk) error { return os.Mkdir(d.path("x.yaml"), 0o755) }, passed, "selects no workload"},
		"folder of itself":  {func(d *desk) error { return os.Symlink(".", d.path("x.yaml")) }, injected, ""},
		"link":              {func(d *desk) error { return os.Symlink("in.yaml", d.path("x.yaml")) }, injected, ""},
		"link to a link":    {func(d *desk) error { return link(d, "y", "in.yaml", "x.yaml", "y") }, injected, ""},
		"hard link":         {func(d *desk) error { return os.Link(d.path("in.yaml"), d.path("x.yaml")) }, injected, ""},
		"pipe":              {func(d *desk) error { return d.pipe("x.yaml") }, refused, "is no regular file; no file was changed"},
		"config for itself": {func(d *desk) error { return os.Symlink("config.yaml", d.path("x.yaml")) }, passed, "selects no workload"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, map[string]string{"config.yaml": logs, "in.yaml": web("v", "")})
			check(t, c.make(d))
			before, _ := os.Lstat(d.path("x.yaml"))
			a := d.run(nil, "inject", "-c", "config.yaml", "--write", "x.yaml")
			after, err := os.Lstat(d.path("x.yaml"))
			check(t, err)
			if before.Mode() != after.Mode() {
				t.Errorf("%v has become %v", before.Mode(), after.Mode())
			}
			changed := d.read("in.yaml") != web("v", "") || name == "hard link" && d.read("x.yaml") != web("v", "")
			counted.add(c.want)
			if (a.code != 0) != (c.want == refused) || changed != (c.want == injected) || !strings.Contains(a.stderr, c.says) {
				t.Errorf("exit %d, changed %v, want %s:\n%s", a.code, changed, c.want, a.stderr)
			}
		})
	}
}

func link(d *desk, names ...string) error {
	for i := 0; i < len(names); i += 2 {
		if err := os.Symlink(names[i+1], d.path(names[i])); err != nil {
			return err
		}
	}
	return nil
}

// pipe makes a named pipe from which a Deployment comes.
func (d *desk) pipe(name string) error {
	if err := syscall.Mkfifo(d.path(name), 0o644); err != nil {
		return err
	}
	go func() {
		if w, err := os.OpenFile(d.path(name), os.O_WRONLY, 0); err == nil {
			_, _ = io.WriteString(w, web("v", ""))
			_ = w.Close()
		}
	}()
	return nil
}
