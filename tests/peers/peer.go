package main

import (
	"path/filepath"

	"github.com/krm-sidecars/krm-sidecars/tests/bench/load"
)

// peer is a tool, with what it is told to do.
type peer struct {
	name  string
	does  string // what it adds, for the reader
	args  []string
	files map[string]string // beside app.yaml, in a folder of its own
	marks []string          // what its output must hold once for each Deployment
	times float64           // how many times faster we have to be; 0: no target
}

// peers are all that is measured. The first is ours.
func peers(bin, self string) []peer {
	tool := func(name string) string { return filepath.Join(bin, name) }
	return []peer{
		{name: "krm-sidecars inject", does: "the sidecar, its volume and mount, the record", marks: []string{sidecarMark},
			args: []string{tool("krm-sidecars"), "inject", "-c", "config.yaml", "app.yaml"}, files: map[string]string{"config.yaml": load.Logs}},
		{name: "ytt 0.52.0 with an overlay", does: "the sidecar, its volume and mount", marks: []string{sidecarMark}, times: 8,
			args: []string{tool("peers/ytt"), "-f", "app.yaml", "-f", "overlay.yaml"}, files: map[string]string{"overlay.yaml": overlay}},
		{name: "kustomize 5.8.1 with a target patch", does: "the sidecar, its volume and mount", marks: []string{sidecarMark}, times: 60,
			args: []string{tool("kustomize"), "build", "."}, files: patched()},
		{name: "kubectl 1.36.3 kustomize, same patch", does: "the sidecar, its volume and mount", marks: []string{sidecarMark}, times: 60,
			args: []string{tool("cluster/kubectl"), "kustomize", "."}, files: patched()},
		{name: "Istio's kube-inject, as a library", does: "Istio's own two containers and volumes", marks: []string{"name: istio-proxy\n"},
			args: []string{tool("peers/kubeinject"), "app.yaml"}},
		{name: "kyaml 0.21.2, reading and writing alone", does: "nothing",
			args: []string{self, "kyaml", "app.yaml"}},
	}
}

// sidecarMark is how the sidecar is told in any output.
const sidecarMark = "name: log-sidecar\n"

func patched() map[string]string {
	return map[string]string{"kustomization.yaml": kustomization, "patch.yaml": patch}
}

const kustomization = `resources:
- app.yaml
patches:
- path: patch.yaml
  target:
    kind: Deployment
`

const patch = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: any
spec:
  template:
    spec:
      initContainers:
` + sidecar + `      containers:
      - name: app
        volumeMounts:
        - name: logs
          mountPath: /var/log/app
      volumes:
      - name: logs
        emptyDir: {}
`

const overlay = `#@ load("@ytt:overlay", "overlay")
#@overlay/match by=overlay.subset({"kind": "Deployment"}), expects="1+"
---
spec:
  template:
    spec:
      #@overlay/match missing_ok=True
      initContainers:
      #@overlay/append
` + sidecar + `      containers:
      #@overlay/match by="name"
      - name: app
        #@overlay/match missing_ok=True
        volumeMounts:
        #@overlay/append
        - name: logs
          mountPath: /var/log/app
      #@overlay/match missing_ok=True
      volumes:
      #@overlay/append
      - name: logs
        emptyDir: {}
`

// sidecar is about what we add: a shell that follows a file.
const sidecar = `      - name: log-sidecar
        image: busybox:1.37.0
        restartPolicy: Always
        command:
        - sh
        - -c
        - exec tail -n+1 -F "$@"
        - tail
        args:
        - /var/log/app/app.log
        resources:
          limits:
            cpu: 100m
            memory: 32Mi
          requests:
            cpu: 10m
            memory: 16Mi
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
          readOnlyRootFilesystem: true
          runAsNonRoot: true
          runAsUser: 65534
          seccompProfile:
            type: RuntimeDefault
        volumeMounts:
        - name: logs
          mountPath: /var/log/app
          readOnly: true
`
