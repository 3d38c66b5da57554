package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// root is the folder of the repository.
const root = "../../.."

// pretend gives a program that tells what it is for.
func pretend(p platform) ([]byte, error) { return []byte("program for " + p.String()), nil }

// packed returns what the folder of the archives holds.
func packed(t *testing.T, out string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(out)
	check(t, err)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(out, e.Name()))
		check(t, err)
		files[e.Name()] = string(data)
	}
	return files
}

func TestSameBytesEachTime(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	check(t, packAll(root, first, all(), time.Unix(0, 0), pretend))
	check(t, os.WriteFile(filepath.Join(second, "krm-sidecars-helm4-0.0.1-linux-amd64.tgz"), nil, 0o600))
	t.Setenv("TZ", "Asia/Tokyo")
	check(t, packAll(root, second, all(), time.Unix(0, 0), pretend))
	files := packed(t, first)
	if d := cmp.Diff(files, packed(t, second)); d != "" {
		t.Errorf("two calls differ (-first +second):\n%.2000s", d)
	}
	if len(files) != 2*6+1 {
		t.Errorf("%d files", len(files))
	}
	for line := range strings.Lines(files["SHA256SUMS"]) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if want := fmt.Sprintf("%x", sha256.Sum256([]byte(files[name]))); sum != want {
			t.Errorf("%s: sum %s, want %s", name, sum, want)
		}
		delete(files, name)
	}
	if len(files) != 1 {
		t.Errorf("%d files have no sum", len(files)-1)
	}
}

// TestLayout: what Helm 3 and 4 look for, where they look for it.
func TestLayout(t *testing.T) {
	for _, p := range plugins() {
		for _, at := range all() {
			archive, err := p.pack(root, at, []byte("program"), time.Unix(7, 0))
			check(t, err)
			want := []string{p.top + "plugin.yaml 644", p.top + "README.md 644", p.top + "LICENSE 644", p.top + "bin/ 755", p.top + "bin/" + at.program() + " 755"}
			if p.top != "" {
				want = append([]string{p.top + " 755"}, want...)
				if prefix, _, _ := strings.Cut(p.file(at), "-"+version()); prefix+"/" != p.top {
					t.Errorf("Helm 4 would look for a folder %s/", prefix)
				}
			}
			if d := cmp.Diff(want, listed(t, archive)); d != "" {
				t.Errorf("%s (-want +got):\n%s", p.file(at), d)
			}
		}
	}
}

// listed reads names and modes from an archive, and insists on what no packer may
// leave in it.
func listed(t *testing.T, archive []byte) []string {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	check(t, err)
	var names []string
	for r := tar.NewReader(unzipped); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		check(t, err)
		names = append(names, fmt.Sprintf("%s %o", h.Name, h.Mode))
		if h.Uid != 0 || h.Gid != 0 || h.Uname+h.Gname != "" || h.ModTime.Unix() != 7 {
			t.Errorf("%s tells of who packed it, or when: %+v", h.Name, h)
		}
	}
}

// TestAnotherVersion: a manifest that was forgotten when the version changed.
func TestAnotherVersion(t *testing.T) {
	copied := t.TempDir()
	check(t, os.CopyFS(filepath.Join(copied, "plugins"), os.DirFS(filepath.Join(root, "plugins"))))
	check(t, os.WriteFile(filepath.Join(copied, "LICENSE"), nil, 0o600))
	manifest := filepath.Join(copied, "plugins", "helm4", "plugin.yaml")
	text, err := os.ReadFile(manifest)
	check(t, err)
	check(t, os.WriteFile(manifest, bytes.Replace(text, []byte("version: "+version()), []byte("version: 9.9.9"), 1), 0o600))
	err = packAll(copied, t.TempDir(), all(), time.Unix(0, 0), pretend)
	if err == nil || !strings.Contains(err.Error(), "plugins/helm4/plugin.yaml is not of version "+version()) {
		t.Errorf("error %v", err)
	}
}

func TestPlatforms(t *testing.T) {
	chosen, err := choose("linux/amd64,windows/arm64")
	check(t, err)
	if d := cmp.Diff("[linux/amd64 windows/arm64]", fmt.Sprint(chosen)); d != "" {
		t.Error(d)
	}
	for _, wrong := range []string{"linux", "linux/amd64,plan9/386"} {
		if _, err := choose(wrong); err == nil || !strings.Contains(err.Error(), "there is no platform") {
			t.Errorf("%s: error %v", wrong, err)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
