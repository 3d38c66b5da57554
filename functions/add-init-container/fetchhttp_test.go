package initcontainer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestHTTPScript runs the script that fetches a file, against a server.
func TestHTTPScript(t *testing.T) {
	archive := tarball(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/secret" && r.Header.Get("Authorization") != `Bearer a"b`:
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/pages.tar.gz":
			_, _ = w.Write(archive)
		default:
			fmt.Fprint(w, "it works")
		}
	}))
	t.Cleanup(server.Close)
	sum := hex.EncodeToString(hashOf([]byte("it works")))
	for _, c := range []struct {
		name, path, file, sum, unpack, token string

		want string // what the file holds then
		fail string
	}{
		{name: "plain", path: "/a", file: "a", want: "it works"},
		{name: "checksum", path: "/a", file: "sub/a", sum: sum, want: "it works"},
		{name: "wrong checksum", path: "/a", file: "a", sum: strings.Repeat("0", 64), fail: sum + ", not 000"},
		{name: "archive", path: "/pages.tar.gz", file: "pages.tar.gz", unpack: "tar.gz", sum: hex.EncodeToString(hashOf(archive)), want: "page"},
		{name: "no archive", path: "/a", file: "a.zip", unpack: "zip", fail: "could not unpack a.zip"},
		{name: "header", path: "/secret", file: "a", token: `Bearer a"b`, want: "it works"},
		{name: "no header", path: "/secret", file: "a", fail: "gave up"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "a b")
			out, err := fetched(t, c.token, server.URL+c.path, dir, c.file, c.sum, c.unpack, "")
			if c.fail != "" {
				if err == nil || !strings.Contains(out, c.fail) {
					t.Errorf("no %q in: %v %s", c.fail, err, out)
				}
				return
			}
			file := filepath.Join(dir, c.file)
			if c.unpack != "" {
				file = filepath.Join(dir, "index.html")
			}
			if data, _ := os.ReadFile(file); err != nil || string(data) != c.want {
				t.Errorf("%s holds %q: %v %s", file, data, err, out)
			}
			if rest, _ := filepath.Glob(filepath.Join(dir, "*.partial")); len(rest) > 0 {
				t.Errorf("%v is left behind", rest)
			}
			again, err := fetched(t, c.token, server.URL+c.path, dir, c.file, c.sum, c.unpack, "")
			if there := strings.Contains(again, "is there already"); err != nil || there != (c.sum != "" && c.unpack == "") {
				t.Errorf("the second time: %v %s", err, again)
			}
		})
	}
}

// fetched runs the script, and returns what it logs.
func fetched(t *testing.T, token string, args ...string) (string, error) {
	t.Helper()
	for _, name := range []string{"sh", "curl", "tar", "sha256sum", "unzip"} {
		if _, err := exec.LookPath(name); err != nil && name != "unzip" {
			t.Skip("there is no " + name + " to run the script with")
		}
	}
	cmd := exec.Command("sh", append([]string{"-c", httpScript, "fetch", "2", "1"}, args...)...)
	cmd.Env = append(os.Environ(), "AUTHORIZATION="+token)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func tarball(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("page"), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := exec.Command("tar", "-czf", "-", "-C", dir, "index.html").Output()
	if err != nil {
		t.Skip("there is no tar to make an archive with")
	}
	return data
}

func hashOf(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}
