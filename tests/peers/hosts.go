package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// parts are four configs of four functions, as the parts of an InjectSidecars.
func parts() []part {
	return []part{
		{"AddLogSidecar", "{logs: [{paths: [/var/log/app/app.log]}]}"},
		{"AddVaultInit", "{address: \"https://vault.example.com:8200\", role: web, secrets: [{path: secret/data/web}]}"},
		{"AddMeshAnnotation", "{mesh: linkerd}"},
		{"AddExporter", "{preset: redis, discovery: {podMonitor: {}}}"},
	}
}

type part struct{ kind, spec string }

const header = `apiVersion: krm-sidecars.dev/v1alpha1
kind: %s
metadata:
  name: shop
  annotations:
    config.kubernetes.io/function: |
      exec: {path: krm-sidecars}
spec: `

// chained lets kustomize call four functions, composed one that does the same.
func chained(bin string) peer {
	files, names := map[string]string{}, []string{}
	for _, p := range parts() {
		name := strings.ToLower(p.kind) + ".yaml"
		files[name], names = fmt.Sprintf(header, p.kind)+p.spec+"\n", append(names, name)
	}
	return built(bin, "four functions", names, files)
}

func composed(bin string) peer {
	var b strings.Builder
	fmt.Fprintf(&b, header, "InjectSidecars")
	b.WriteString("\n  functions:\n")
	for _, p := range parts() {
		fmt.Fprintf(&b, "  - {kind: %s, spec: %s}\n", p.kind, p.spec)
	}
	return built(bin, "one InjectSidecars", []string{"all.yaml"}, map[string]string{"all.yaml": b.String()})
}

func built(bin, name string, transformers []string, files map[string]string) peer {
	files["kustomization.yaml"] = "resources: [app.yaml]\ntransformers: [" + strings.Join(transformers, ", ") + "]\n"
	return peer{name: name, files: files, marks: []string{sidecarMark, "name: vault-agent-init\n", "linkerd.io/inject: enabled\n", "name: redis-exporter\n"},
		args: []string{filepath.Join(bin, "kustomize"), "build", "--enable-alpha-plugins", "--enable-exec", "."}}
}

// through measures kustomize with our functions.
func through(dir, bin string, n int) ([]outcome, error) {
	alone := peer{name: "no function", files: map[string]string{"kustomization.yaml": "resources: [app.yaml]\n"},
		args: []string{filepath.Join(bin, "kustomize"), "build", "."}}
	dir = filepath.Join(dir, fmt.Sprintf("through-%d", n))
	return measure(dir, []peer{alone, composed(bin), chained(bin)}, n, 1)
}
