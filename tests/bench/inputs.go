package main

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

// configMap is an object without a workload, of about 1.7 kB.
var configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings-%[1]d\n  namespace: shop\ndata:\n  settings.yaml: |\n" +
	strings.Repeat("    key: value of a setting that is about as long as most of them are\n", 24)

func deployments(n int) string {
	return stream(n, func(int) string { return deployment })
}

// mixed is a stream in which every fifth object is a Deployment.
func mixed(n int) string {
	return stream(n, func(i int) string {
		if i%5 == 0 {
			return deployment
		}
		return configMap
	})
}

func plain(n int) string {
	return stream(n, func(int) string { return configMap })
}

func stream(n int, template func(int) string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "---\n"+template(i), i)
	}
	return b.String()
}

// listed wraps a stream as a ResourceList.
func listed(src string) string {
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
	b.WriteString("functionConfig:\n" + indented(config))
	return b.String()
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

const config = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata:
  name: logs
spec:
  logs:
  - paths: [/var/log/app/app.log]
`
