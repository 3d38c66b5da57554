package guide_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

func curlImage() kube.Image { return withShell("curl", map[string]string{"/bin/curl": curl}) }

// TestFetchHTTP: a file of a server that is not ready at first is there, whole and
// checked, when the app starts.
func TestFetchHTTP(t *testing.T) {
	n := restricted(t, curlImage())
	archive := archived(t, "pages/index.html", "hello\n")
	var asked atomic.Int32
	listen(t, kube.NodeIP+":7051", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case asked.Add(1) == 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.URL.Path == "/site.tar.gz" && r.Header.Get("Authorization") == "Bearer t0ken":
			_, _ = w.Write(archive)
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	n.Kubectl("create", "secret", "generic", "site", "--from-literal=header=Bearer t0ken")
	n.Apply(sidecars.Inject(t, config("AddInitContainer", fmt.Sprintf(`
fetch:
  http:
    url: http://%s:7051/site.tar.gz
    sha256: %x
    unpack: tar.gz
    authorization: {name: site, key: header}
  into: {path: /srv/site, readOnly: true}
intervalSeconds: 1
`, kube.NodeIP, sha256.Sum256(archive))), app(`cat /srv/site/pages/index.html; `+idle)))
	pod := n.Ready("app=web")
	n.WaitForLog(n.Follow(pod, "app"), "hello\n")
	if told := n.Logs(pod, "fetch"); strings.Contains(told, "t0ken") {
		t.Errorf("the log holds the secret:\n%s", told)
	}
	if err := refused(n.Exec(pod.Name, "app", "touch", "/srv/site/mine"), "Read-only file system"); err != nil {
		t.Error(err)
	}
	found.Found(t, "fetch: an archive by HTTP, with a header from a Secret, of a server that answers 503 at first", "its checksum is checked, and its files are there when the app starts")
}

// TestFetchWrongChecksum: what is not what was asked for is thrown away.
func TestFetchWrongChecksum(t *testing.T) {
	n := restricted(t, curlImage())
	listen(t, kube.NodeIP+":7052", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "evil") }))
	n.Apply(sidecars.Inject(t, config("AddInitContainer", fmt.Sprintf(`
fetch:
  http: {url: 'http://%s:7052/site.txt', sha256: %x}
  into: {path: /srv/site}
`, kube.NodeIP, sha256.Sum256([]byte("good")))), app(idle)))
	if message := failure(n, "fetch"); !strings.Contains(message, fmt.Sprintf("has the checksum %x", sha256.Sum256([]byte("evil")))) {
		t.Errorf("the pod's status says: %s", message)
	}
	found.Found(t, "fetch: a file with another checksum", "it is thrown away, and the app does not start")
}

// archived is a tar.gz of one file.
func archived(t *testing.T, name, text string) []byte {
	t.Helper()
	var archive bytes.Buffer
	zip := gzip.NewWriter(&archive)
	tape := tar.NewWriter(zip)
	box.Check(t, tape.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}))
	_, err := tape.Write([]byte(text))
	box.Check(t, err)
	box.Check(t, tape.Close())
	box.Check(t, zip.Close())
	return archive.Bytes()
}
