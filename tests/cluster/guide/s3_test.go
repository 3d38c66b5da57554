package guide_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// TestFetchS3: the objects of a bucket are there when the app starts. The server
// knows of S3 what rclone asks for.
func TestFetchS3(t *testing.T) {
	n := restricted(t, withShell("rclone", map[string]string{"/bin/rclone": rclone}))
	listen(t, kube.NodeIP+":7053", bucket{"index.html": "hello\n", "css/site.css": "a{}\n"})
	n.Kubectl("create", "secret", "generic", "bucket", "--from-literal=id=key-id", "--from-literal=secret=s3cret")
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
fetch:
  s3:
    bucket: pages
    endpoint: http://`+kube.NodeIP+`:7053
    provider: Minio
    accessKey: {name: bucket, key: id}
    secretKey: {name: bucket, key: secret}
  into: {path: /srv/site}
`), app(`cat /srv/site/index.html /srv/site/css/site.css; `+idle)))
	pod := n.Ready("app=web")
	n.WaitForLog(n.Follow(pod, "app"), "hello\na{}\n")
	found.Found(t, "fetch: the objects of a bucket, by rclone, from a small server that we wrote", "they are there when the app starts")
}

// bucket is what is in the bucket pages, by key.
type bucket map[string]string

func (b bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(r.URL.Path, "/pages")
	text, there := b[strings.TrimPrefix(key, "/")]
	switch {
	case !strings.Contains(r.Header.Get("Authorization"), "Credential=key-id/"):
		w.WriteHeader(http.StatusForbidden)
	case there:
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		fmt.Fprint(w, text)
	case strings.Trim(key, "/") == "":
		b.list(w, r.URL.Query().Get("prefix"), r.URL.Query().Get("delimiter"))
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// list answers with the keys below a prefix, and with what lies between it and the
// next delimiter.
func (b bucket) list(w http.ResponseWriter, prefix, delimiter string) {
	fmt.Fprint(w, `<?xml version="1.0"?><ListBucketResult><Name>pages</Name><IsTruncated>false</IsTruncated>`)
	for key, text := range b {
		rest, below := strings.CutPrefix(key, prefix)
		if dir, _, deeper := strings.Cut(rest, "/"); below && deeper && delimiter != "" {
			fmt.Fprintf(w, "<CommonPrefixes><Prefix>%s%s/</Prefix></CommonPrefixes>", prefix, dir)
		} else if below {
			fmt.Fprintf(w, "<Contents><Key>%s</Key><LastModified>2006-01-02T15:04:05Z</LastModified><Size>%d</Size></Contents>", key, len(text))
		}
	}
	fmt.Fprint(w, "</ListBucketResult>")
}
