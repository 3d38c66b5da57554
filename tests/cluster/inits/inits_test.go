package inits_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

var cluster kube.Cluster

func TestMain(m *testing.M) { os.Exit(kube.Main(m, kube.Full, &cluster)) }

// restricted is a namespace that lets in nothing that Pod Security would refuse,
// with the images of the containers.
func restricted(t *testing.T) *kube.Namespace {
	t.Helper()
	curl := kube.Busybox(images.Get("curl").String())
	curl.Files["/usr/bin/curl"] = "/usr/bin/curl"
	apps.Load(t, &cluster, kube.Busybox(images.Busybox().String()), curl)
	return cluster.Namespace(t, map[string]string{"pod-security.kubernetes.io/enforce": "restricted"})
}

// page is a pod whose native sidecar serves a file in the pod: there is something
// to wait for, and to fetch.
const page = `apiVersion: apps/v1
kind: Deployment
metadata: {name: page}
spec:
  selector: {matchLabels: {app: page}}
  template:
    metadata:
      labels: {app: page}
    spec:
      securityContext:
        runAsUser: 1000
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      initContainers:
      - name: files
        image: busybox:1.37.0
        restartPolicy: Always
        command: [sh, -c, 'sleep 2; printf "it works" >/srv/a; exec httpd -f -p 8081 -h /srv']
        volumeMounts: [{name: srv, mountPath: /srv}]
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      containers:
      - name: app
        image: busybox:1.37.0
        command: [sh, -c, 'exec httpd -f -p 8080 -h /page']
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      volumes:
      - name: srv
        emptyDir: {}
`

const prepare = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddInitContainer
metadata: {name: a-wait}
spec:
  placement: {after: [files]}
  timeoutSeconds: 60
  intervalSeconds: 1
  waitFor:
  - tcp: 127.0.0.1:8081
  - http: http://127.0.0.1:8081/a
---
apiVersion: krm-sidecars.dev/v1alpha1
kind: AddInitContainer
metadata: {name: b-fetch}
spec:
  placement: {after: [wait-for]}
  fetch:
    http: {url: "http://127.0.0.1:8081/a", sha256: SUM, file: fetched}
    into: {path: /page}
---
apiVersion: krm-sidecars.dev/v1alpha1
kind: AddInitContainer
metadata: {name: c-script}
spec:
  script:
    text: |
      cat fetched
      printf '%s' ", $WORD; \$(no)"
    env: [{name: WORD, value: "a 'b'"}]
    output: index.html
    into: {path: /page}
`

// TestPage: a pod waits for a server, fetches a file from it, and makes another of
// that, in this order; the app sees both.
func TestPage(t *testing.T) {
	n := restricted(t)
	config := strings.ReplaceAll(prepare, "SUM", "f06058665bb4627a2ab017d6625ff0a3487d583cd91ed650037ef11c2cb8defb")
	n.Apply(sidecars.Inject(t, config, page))
	pod := n.Ready("app=page")

	var order []string
	for _, c := range pod.Spec.InitContainers {
		order = append(order, c.Name)
	}
	box.Equal(t, "order", []string{"files", "wait-for", "fetch", "script"}, order)
	box.Contains(t, "log of wait-for", n.Logs(pod, "wait-for"), "wait-for: waiting for tcp 127.0.0.1:8081", "wait-for: http http://127.0.0.1:8081/a is there after")
	box.Contains(t, "log of fetch", n.Logs(pod, "fetch"), "fetch: fetched is in /page")
	box.Contains(t, "log of script", n.Logs(pod, "script"), "script: done")
	box.Equal(t, "page", "it works, a 'b'; $(no)", n.Exec(pod.Name, "app", "cat", "/page/index.html").Stdout)
	box.Equal(t, "user", "1000\n", n.Exec(pod.Name, "app", "stat", "-c", "%u", "/page/index.html").Stdout)
}

const patient = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddInitContainer
metadata: {name: patient}
spec:
  timeoutSeconds: 3
  intervalSeconds: 1
  waitFor:
  - tcp: 127.0.0.1:9
`

// TestTimeout: a wait for what never comes ends in time, with the reason where
// kubectl describe shows it.
func TestTimeout(t *testing.T) {
	n := restricted(t)
	n.Apply(sidecars.Inject(t, patient, page))
	pod := n.Reach("app=page", "given up", func(pod *corev1.Pod) bool {
		for _, s := range pod.Status.InitContainerStatuses {
			if s.Name == "wait-for" && s.LastTerminationState.Terminated != nil {
				return true
			}
		}
		return false
	})
	for _, s := range pod.Status.InitContainerStatuses {
		if s.Name == "wait-for" {
			box.Equal(t, "exit code", int32(1), s.LastTerminationState.Terminated.ExitCode)
			box.Contains(t, "message", s.LastTerminationState.Terminated.Message, "gave up on tcp 127.0.0.1:9 after")
		}
	}
}

const job = `apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  suspend: true
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: "busybox:1.37.0"}]
`

// TestResource: the rights that the function gives are those that kubectl needs to
// wait for the object, and no more. The API server is out of reach for pods here,
// so that kubectl runs beside them, as their service account.
func TestResource(t *testing.T) {
	n := cluster.Namespace(t, nil)
	n.Apply(sidecars.Inject(t, `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddInitContainer
metadata: {name: backends}
spec:
  namespace: `+n.Name+`
  timeoutSeconds: 5
  waitFor:
  - resource: {kind: Job, name: migrate, jsonPath: "{.spec.suspend}=true"}
`, page))
	var workload appsv1.Deployment
	box.Check(t, json.Unmarshal([]byte(n.Kubectl("get", "deployment", "page", "-o", "json").Stdout), &workload))
	wait := func(container string) box.Output {
		for _, c := range workload.Spec.Template.Spec.InitContainers {
			if c.Name == container {
				return n.TryKubectl(append([]string{"--as=system:serviceaccount:" + n.Name + ":default"}, c.Args...)...)
			}
		}
		t.Fatalf("there is no container %s", container)
		return box.Output{}
	}
	box.Contains(t, "without the Job", wait("wait-for").Stderr, "timed out")
	n.Apply(job)
	box.Equal(t, "exit code", 0, wait("wait-for").Code)
	box.Equal(t, "exit code", 0, wait("wait-for-fits").Code)
	box.Contains(t, "another Job", n.TryKubectl("--as=system:serviceaccount:"+n.Name+":default", "get", "job", "other").Stderr, "forbidden")
	box.Contains(t, "the Secrets", n.TryKubectl("--as=system:serviceaccount:"+n.Name+":default", "get", "secrets").Stderr, "forbidden")
}
