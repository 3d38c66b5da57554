// Package load makes manifests to measure with.
package load

import (
	"fmt"
	"strings"
)

// deployment is about 1.25 kB, as people write them.
const deployment = `# Source: shop/templates/web-%[1]d.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-%[1]d
  namespace: shop
  labels:
    app.kubernetes.io/name: web
    app.kubernetes.io/instance: "web-%[1]d"
    team: storefront
spec:
  replicas: 3 # scaled by the HPA
  selector:
    matchLabels:
      app.kubernetes.io/name: web
      app.kubernetes.io/instance: "web-%[1]d"

  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
        app.kubernetes.io/instance: "web-%[1]d"
      annotations:
        prometheus.io/scrape: "true"
    spec:
      serviceAccountName: web
      containers:
      # the app
      - name: app
        image: registry.example.com/shop/web:1.4.%[1]d
        args: ["--listen", ":8080", "--log-file=/var/log/app/app.log"]
        ports:
        - name: http
          containerPort: 8080
        env:
        - name: DATABASE_URL
          valueFrom:
            secretKeyRef:
              name: web-db
              key: url
        - name: LOG_LEVEL
          value: info
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 256Mi
        readinessProbe:
          httpGet:
            path: /healthz
            port: http
`

// others are objects without a workload, of about 1.6 kB, as charts hold them.
func others() []string {
	head := "apiVersion: %s\nkind: %s\nmetadata:\n  name: web-%%[1]d\n  namespace: shop\n  labels:\n    app.kubernetes.io/name: web\n    team: storefront\n"
	object := func(apiVersion, kind, top, part string) string {
		return fmt.Sprintf(head, apiVersion, kind) + top + strings.Repeat(part, (1600-len(head))/len(part))
	}
	return []string{
		object("v1", "ConfigMap", "data:\n", "  SETTING_WITH_A_NAME: \"value of the setting\"\n"),
		object("rbac.authorization.k8s.io/v1", "Role", "rules:\n", "- apiGroups: [\"\", apps]\n  resources:\n  - deployments\n  - configmaps\n  verbs:\n  - get\n  - list\n  - watch\n"),
		object("networking.k8s.io/v1", "NetworkPolicy", "spec:\n  podSelector: {}\n  ingress:\n", "  - from:\n    - podSelector:\n        matchLabels:\n          app: web # the shop\n    ports:\n    - protocol: TCP\n      port: 8080\n"),
		object("v1", "Service", "spec:\n  selector:\n    app: web\n  ports:\n", "  - name: http\n    protocol: TCP\n    port: 80\n    targetPort: http\n"),
		object("monitoring.coreos.com/v1", "PrometheusRule", "spec:\n  groups:\n  - name: web\n    rules:\n", "    - alert: TooSlow\n      expr: |\n        histogram_quantile(0.99, rate(http_seconds_bucket[5m])) > 1\n      for: 10m\n      labels:\n        severity: warning\n"),
	}
}

// Deployments is a stream of n Deployments with one container each, as people write
// them: with comments and blank lines.
func Deployments(n int) string {
	return stream(n, func(int) string { return deployment })
}

// Mixed is a stream in which every fifth object is a Deployment.
func Mixed(n int) string {
	all := others()
	return stream(n, func(i int) string {
		if i%5 == 0 {
			return deployment
		}
		return all[i%len(all)]
	})
}

// Plain is a stream of n objects without a workload.
func Plain(n int) string {
	all := others()
	return stream(n, func(i int) string { return all[i%len(all)] })
}

// Texts is a stream of ConfigMaps that hold a file each, which is what kyaml
// reads fastest, with a Deployment in every place that is a multiple of every.
func Texts(n, every int) string {
	file := "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings-%[1]d\ndata:\n  settings.yaml: |\n" +
		strings.Repeat("    key: value of a setting that is about as long as most of them are\n", 22)
	return stream(n, func(i int) string {
		if every > 0 && i%every == 0 {
			return deployment
		}
		return file
	})
}

func stream(n int, template func(int) string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "---\n"+template(i), i)
	}
	return b.String()
}

// Listed wraps a stream as a ResourceList.
func Listed(src string) string {
	var b strings.Builder
	b.WriteString("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n")
	for doc := range strings.SplitSeq(strings.TrimPrefix(src, "---\n"), "---\n") {
		prefix := "- "
		for line := range strings.Lines(doc) {
			if !strings.HasPrefix(line, "#") {
				b.WriteString(prefix + line)
				prefix = "  "
			}
		}
	}
	b.WriteString("functionConfig:\n" + indented(Logs))
	return b.String()
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

// Logs adds one log sidecar.
const Logs = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata:
  name: logs
spec:
  logs:
  - paths: [/var/log/app/app.log]
`

// FluentBit has a ConfigMap made for every workload.
const FluentBit = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata:
  name: logs
spec:
  agent: fluent-bit
  logs:
  - paths: [/var/log/app/app.log]
    parser: json
  destination:
    loki:
      url: https://loki.example.com
      auth: {basic: {secretName: loki}}
`

// PodMonitor has an object made for every workload.
const PodMonitor = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddExporter
metadata:
  name: metrics
spec:
  preset: redis
  discovery:
    podMonitor: {}
`

// Several has three functions in one pass.
const Several = `apiVersion: krm-sidecars.dev/v1alpha1
kind: InjectSidecars
metadata:
  name: all
spec:
  functions:
  - {kind: AddLogSidecar, name: logs, spec: {logs: [{paths: [/var/log/app/app.log]}]}}
  - {kind: AddExporter, name: metrics, spec: {preset: redis, discovery: {podMonitor: {}}}}
  - {kind: AddMeshAnnotation, name: mesh, spec: {mesh: linkerd}}
`
