package main

import (
	"archive/tar"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestLayer: owners, times, order and modes are always the same.
func TestLayer(t *testing.T) {
	var digests []string
	for _, bits := range []os.FileMode{0o077, 0} {
		dir := t.TempDir()
		write := func(name string, mode os.FileMode) {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o777&^bits); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(name), mode&^bits); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Duration(bits)*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		write("bin/x", 0o777)
		write("root/etc/passwd", 0o666)
		c, err := gather(dir, []string{"root/", "bin/x"}, "/")
		if err != nil {
			t.Fatal(err)
		}
		layer, err := c.layer(time.Unix(7, 0))
		if err != nil {
			t.Fatal(err)
		}
		text, err := layer.Uncompressed()
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]string{"etc/ 755", "etc/passwd 644", "x 755"}, entries(t, text)); d != "" {
			t.Errorf("entries (-want +got):\n%s", d)
		}
		digest, err := layer.Digest()
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, digest.String())
	}
	if digests[0] != digests[1] {
		t.Errorf("the same files give %v", digests)
	}
}

func entries(t *testing.T, layer io.Reader) []string {
	t.Helper()
	var found []string
	for r := tar.NewReader(layer); ; {
		h, err := r.Next()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Uid != 0 || h.Gid != 0 || h.Uname != "" || !h.ModTime.Equal(time.Unix(7, 0)) {
			t.Errorf("%s: %d:%d %q, %v", h.Name, h.Uid, h.Gid, h.Uname, h.ModTime)
		}
		found = append(found, fmt.Sprintf("%s %o", h.Name, h.Mode))
	}
}

// TestGatherRefuses what is no file, which would not be what it is elsewhere.
func TestGatherRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := gather(dir, []string{"."}, "/"); err == nil {
		t.Error("a symbolic link is copied")
	}
	if _, err := gather(dir, []string{"nothing"}, "/"); err == nil {
		t.Error("a file that is not there is copied")
	}
}
