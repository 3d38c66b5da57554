package exporters_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

const config = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddExporter
metadata: {name: metrics}
spec:
  discovery: {annotations: {}, podMonitor: {}, serviceMonitor: {}, gmp: {}, vmPodScrape: {}}
`

const nginx = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
      - name: app
        image: nginxinc/nginx-unprivileged:1.29
        ports:
        - containerPort: 8080
        readinessProbe:
          tcpSocket: {port: 8080}
        securityContext:
          allowPrivilegeEscalation: false
          capabilities: {drop: [ALL]}
---
apiVersion: v1
kind: Service
metadata:
  name: web
  labels: {app: web}
spec:
  selector: {app: web}
  ports:
  - port: 80
    targetPort: 8080
`

// redis wants a password.
var redis = strings.NewReplacer("8080", "6379", "nginxinc/nginx-unprivileged:1.29", `redis:7.2
        args: [--requirepass, $(PASSWORD)]
        env:
        - name: PASSWORD
          valueFrom: {secretKeyRef: {name: redis, key: password}}`).Replace(nginx) + `---
apiVersion: v1
kind: Secret
metadata: {name: redis}
stringData: {password: "$(PWD) 'x'"}
`

const password = "  credentials: {secretName: redis}\n"

// crowded has a second container, with the ports that exporters and status pages
// would take.
func crowded(manifests string) string {
	return strings.Replace(manifests, "\n---\n", `
      - name: besides
        image: busybox:1.37.0
        command: [sh, -c, 'httpd -p 8081; httpd -p 9113; exec httpd -f -p 9121']
        ports: [{containerPort: 8081}, {containerPort: 9113}, {containerPort: 9121}]
        securityContext:
          runAsUser: 1000
          allowPrivilegeEscalation: false
          capabilities: {drop: [ALL]}
---
`, 1)
}

// counting sends a count to where its variables say.
var counting = strings.NewReplacer("nginxinc/nginx-unprivileged:1.29", `busybox:1.37.0
        command: [sh, -c, 'until echo "hits:1|c" | nc $STATSD_HOST $STATSD_PORT; do sleep 1; done; exec httpd -f -p 8080']`,
	"runAsNonRoot", "runAsUser: 1000\n        runAsNonRoot").Replace(nginx)

// exporters are programs and their images.
func exporters() map[string]kube.Image {
	return map[string]kube.Image{
		"nginx":    apps.Built("nginx-exporter", "nginx-prometheus-exporter"),
		"redis":    apps.Built("redis-exporter", "redis_exporter"),
		"statsd":   apps.Built("statsd-exporter", "statsd_exporter"),
		"blackbox": apps.Built("blackbox-exporter", "blackbox_exporter"),
	}
}

// TestExporters: an exporter answers for its app, wherever Prometheus is told to
// look for it.
func TestExporters(t *testing.T) {
	for _, c := range []struct{ name, manifests, preset, spec, sample string }{
		{"nginx, native sidecar", nginx, "nginx", "", "nginx_up 1"},
		{"nginx, plain container", nginx, "nginx", "  injectAs: container\n", "nginx_up 1"},
		{"nginx in a pod that has the usual ports already", crowded(nginx), "nginx", "  port: auto\n", "nginx_up 1"},
		{"redis with a password", redis, "redis", password, "redis_up 1"},
		{"redis in a pod that has the usual ports already", crowded(redis), "redis", password + "  port: auto\n", "redis_up 1"},
		{"statsd, with what the app sent to where its variables say", counting, "statsd", "", "hits 1"},
		{"blackbox, with the parameters of the request", nginx, "blackbox", "  appAddress: 127.0.0.1:8080\n", "probe_success 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := restricted(t, exporters()[c.preset], apps.Nginx(), apps.Redis(), kube.Busybox("busybox:1.37.0"))
			n.Apply(sidecars.Inject(t, config+"  preset: "+c.preset+"\n"+c.spec, c.manifests))
			all := ways(n)
			for way, url := range all {
				n.WaitFor(fmt.Sprintf("%s, by %s, at %s", c.sample, way, url), func() error { return answers(url, c.sample) })
			}
			found.Found(t, c.name, fmt.Sprintf("%s where each of %d ways of discovery leads", c.sample, len(all)))
		})
	}
}

// ways returns where to look for metrics, by what tells it.
func ways(n *kube.Namespace) map[string]string {
	n.T.Helper()
	all := map[string]string{"annotations": byAnnotations(n.Ready("app=web"))}
	for _, kind := range monitors() {
		for _, m := range list[monitor](n, kind.resource, "") {
			n.WaitFor(kind.kind, func() (err error) {
				all[kind.kind], err = kind.targets(n, m)
				return err
			})
		}
	}
	if len(all) != 1+len(monitors()) {
		n.T.Fatalf("%d ways: %v", len(all), all)
	}
	return all
}

// answers scrapes as Prometheus does, and looks for a sample.
func answers(url, sample string) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if !strings.Contains("\n"+string(text), "\n"+sample+"\n") {
		return fmt.Errorf("%s, and no %s:\n%s", response.Status, sample, text)
	}
	return nil
}

// TestStatusIsPrivate: what the exporter reads is for the pod alone.
func TestStatusIsPrivate(t *testing.T) {
	n := restricted(t, apps.Nginx(), exporters()["nginx"])
	n.Apply(sidecars.Inject(t, config+"  preset: nginx\n", nginx))
	ip := n.Ready("app=web").Status.PodIP
	if err := answers("http://"+ip+":8080", "hello"); err != nil {
		t.Fatal(err)
	}
	if err := answers("http://"+ip+":8081/stub_status", ""); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("the status can be had from outside: %v", err)
	}
	found.Found(t, "the stub_status that nginx was given, from outside of the pod", "connection refused")
}
