package together_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/vault"
)

// all is a config of every function.
const all = `apiVersion: krm-sidecars.dev/v1alpha1
kind: InjectSidecars
metadata: {name: web}
spec:
  injectAs: native
  functions:
  - kind: AddLogSidecar
    spec:
      logs:
      - paths: [/var/log/nginx/access.log]
  - kind: AddExporter
    spec:
      preset: nginx
      excludeFromMesh: istio
  - kind: AddMeshAnnotation
    spec:
      mesh: istio
  - kind: AddVaultInit
    spec:
      address: ` + vault.Address + `
      role: NAMESPACE
      auth: {jwt: {audience: vault}}
      tls: {ca: {configMap: vault-ca}}
      mode: native
      mount: {initContainers: [migrate]}
      mesh: {name: istio, excludePort: true}
      secrets: [{path: secret/data/NAMESPACE/web, keys: [password]}]
`

// web has an init container that wants the secret, and what people write.
const web = `# The shop's front end.
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels:
          app: web   # four blanks
    spec:
      serviceAccountName: web
      securityContext: {runAsUser: 101, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      initContainers:
      - name: migrate
        image: busybox:1.37.0
        command: [sh, -c, 'echo "migrates with $(cat /vault/secrets/web 2>/dev/null || echo nothing)"; sleep 2']
        securityContext: &restricted
          allowPrivilegeEscalation: false
          capabilities: {drop: [ALL]}

      containers:
      - name: app
        image: "nginxinc/nginx-unprivileged:1.29"
        ports:
        - containerPort: 8080
        readinessProbe: {tcpSocket: {port: 8080}}
        securityContext: *restricted
`

// TestTogether: all four functions work in one pod, in their order, and leave
// nothing behind.
func TestTogether(t *testing.T) {
	n := newTenant(t)
	config := strings.ReplaceAll(all, "NAMESPACE", n.Name)
	injected := sidecars.Inject(t, config, web)
	n.Apply(injected)
	pod := n.Ready("app=web")

	box.Equal(t, "containers, the first to start first", []string{"vault-agent", "nginx-exporter", "log-sidecar", "app"}, order(t, pod))
	checkMigration(t, pod)
	box.Equal(t, "what the init container of the app sees", "migrates with first\n", n.Logs(pod, "migrate"))
	checkWork(t, n, pod)
	found.Found(t, "Vault's agent, a log sidecar, an exporter and Istio's annotations in one pod", "start in their order: agent, init container of the app, exporter, log sidecar, app; all ready, none restarted; secret read, lines seen, nginx_up 1")

	box.Equal(t, "the manifest after removing", web, sidecars.Remove(t, config, injected))
	n.Apply(web)
	checkAlone(t, n)
	found.Found(t, "all four removed", "the manifest's bytes are the original ones; the new pod has the app alone")
}

// checkMigration: the app's own init container ran after the agent, and before
// what nothing waits for.
func checkMigration(t *testing.T, pod *corev1.Pod) {
	t.Helper()
	status := map[string]corev1.ContainerStatus{}
	for _, s := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		status[s.Name] = s
		if s.RestartCount > 0 || !s.Ready {
			t.Errorf("%s: ready: %t, restarts: %d", s.Name, s.Ready, s.RestartCount)
		}
	}
	ended := status["migrate"].State.Terminated
	if ended == nil {
		t.Fatalf("migrate has not ended: %v", status["migrate"])
	}
	if began := status["vault-agent"].State.Running.StartedAt; ended.StartedAt.Before(&began) {
		t.Errorf("migrate began at %s, before the agent did at %s", ended.StartedAt, began)
	}
	if began := status["nginx-exporter"].State.Running.StartedAt; began.Before(&ended.FinishedAt) {
		t.Errorf("migrate ended at %s, after the exporter began at %s", ended.FinishedAt, began)
	}
}

// checkWork: every function's part does what it is there for.
func checkWork(t *testing.T, n vault.Tenant, pod *corev1.Pod) {
	t.Helper()
	box.Equal(t, "the secret", "first", n.Exec(pod.Name, "app", "cat", "/vault/secrets/web").Stdout)
	box.Equal(t, "the app's answer", "hello\n", get(t, fmt.Sprintf("http://%s:8080/index", pod.Status.PodIP)))
	n.WaitForLog(n.Follow(pod, "log-sidecar"), `"GET /index HTTP/1.1" 200`)
	a := pod.Annotations
	metrics := get(t, "http://"+pod.Status.PodIP+":"+a["prometheus.io/port"]+a["prometheus.io/path"])
	box.Contains(t, "the exporter's answer", metrics, "\nnginx_up 1\n")
	box.Equal(t, "mesh", []string{"true", "9113", "8200"}, []string{
		pod.Labels["sidecar.istio.io/inject"], a["traffic.sidecar.istio.io/excludeInboundPorts"], a["traffic.sidecar.istio.io/excludeOutboundPorts"],
	})
}

// checkAlone: the app's pod is as it was before.
func checkAlone(t *testing.T, n vault.Tenant) {
	t.Helper()
	pod := n.Reach("app=web", "the app alone, and ready", func(p *corev1.Pod) bool {
		return len(p.Spec.InitContainers)+len(p.Spec.Containers) == 2 && len(p.Status.ContainerStatuses) == 1 && p.Status.ContainerStatuses[0].Ready
	})
	box.Equal(t, "what the init container of the app sees", "migrates with nothing\n", n.Logs(pod, "migrate"))
	box.Equal(t, "the app's answer", "hello\n", get(t, fmt.Sprintf("http://%s:8080", pod.Status.PodIP)))
	box.Lacks(t, "the Deployment", n.Kubectl("get", "deployment/web", "-o", "yaml").Stdout, "krm-sidecars.dev", "istio", "prometheus.io")
	box.Lacks(t, "the pod", n.Kubectl("get", "pod/"+pod.Name, "-o", "yaml").Stdout, "krm-sidecars.dev", "istio", "prometheus.io")
}

// get returns what a server answers.
func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	box.Check(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	box.Check(t, err)
	return string(text)
}
