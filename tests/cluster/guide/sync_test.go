package guide_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// TestBucketInStep: an object that comes into a bucket later comes into the pod.
func TestBucketInStep(t *testing.T) {
	n := restricted(t, withShell("rclone", map[string]string{"/bin/rclone": rclone}))
	var now atomic.Value
	now.Store(bucket{"index.html": "one\n"})
	listen(t, kube.NodeIP+":7061", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { now.Load().(bucket).ServeHTTP(w, r) }))
	n.Kubectl("create", "secret", "generic", "bucket", "--from-literal=id=key-id", "--from-literal=secret=s3cret")
	n.Apply(sidecars.Inject(t, config("AddSyncSidecar", `
bucket:
  provider: s3
  path: pages
  period: 1s
  delete: true
  mount: {path: /srv/site}
  options: {provider: Minio, endpoint: 'http://`+kube.NodeIP+`:7061'}
  credentials:
    access_key_id: {name: bucket, key: id}
    secret_access_key: {name: bucket, key: secret}
`), app(idle)))
	pod := n.Ready("app=web")
	for _, state := range []bucket{{"index.html": "one\n"}, {"index.html": "one\n", "news/today.html": "two\n"}, {"news/today.html": "three!\n"}} {
		now.Store(state)
		want := ""
		for _, key := range []string{"index.html", "news/today.html"} {
			want += state[key]
		}
		n.WaitFor(fmt.Sprintf("the app to see %q", want), func() error {
			return wrote(n.Exec(pod.Name, "app", "sh", "-c", "cat $(find /srv/site -type f | sort)"), want)
		})
	}
	found.Found(t, "bucket: objects that come, change and go in a bucket, by rclone, from a small server that we wrote", "the app sees the same")
}

// settings is a ConfigMap whose file has a variable in it, and an app that mounts it.
func settings(level string) string {
	return strings.Replace(app(idle), "        securityContext:\n          allow", `        volumeMounts:
        - {name: settings, mountPath: /etc/web}
        securityContext:
          allow`, 1) + `      volumes:
      - name: settings
        configMap: {name: settings}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  web.yaml: "level: ` + level + `, home: $(HOME)\n"
`
}

// TestPrometheusReload: a change of a ConfigMap reaches the app, with variables
// filled in, and somebody is told.
func TestPrometheusReload(t *testing.T) {
	n := restricted(t, apps.Built("prometheus-config-reloader", "prometheus-config-reloader"))
	var told atomic.Int32
	listen(t, kube.NodeIP+":7062", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/-/reload" {
			told.Add(1)
		}
	}))
	spec := config("AddSyncSidecar", `
prometheusReload:
  paths: [/etc/web]
  configFile: /etc/web/web.yaml
  output: {path: /run/web}
  reloadURL: http://`+kube.NodeIP+`:7062/-/reload
container:
  env: [{name: HOME, value: /home/web}]
`)
	n.Apply(sidecars.Inject(t, spec, settings("info")))
	pod := n.Ready("app=web")
	before := int32(0)
	for _, level := range []string{"info", "debug"} {
		if level == "debug" {
			n.Apply(sidecars.Inject(t, spec, settings(level)))
			n.Kubectl("annotate", "pod", pod.Name, "look=again") // the kubelet would in a minute
		}
		n.WaitFor("the app to see "+level, func() error {
			return wrote(n.Exec(pod.Name, "app", "cat", "/run/web/web.yaml"), "level: "+level+", home: /home/web\n")
		})
		n.WaitFor("the call", func() error {
			if told.Load() == before {
				return fmt.Errorf("there was none after %d", before)
			}
			return nil
		})
		before = told.Load()
	}
	found.Found(t, "prometheusReload: a ConfigMap that changes", "the app sees it with variables filled in, and the URL is called")
}
