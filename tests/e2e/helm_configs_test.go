//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// injectedBy are the chart's workloads as each major hands them over: Helm 4 takes
// Lists apart.
func injectedBy(helm string) []string {
	if helm == "helm4" {
		return []string{"Deployment/web", "StatefulSet/crlf", "Deployment/in-list"}
	}
	return injectedByHelm3
}

// rendered renders the chart with the product, called with these arguments.
func (s *sandbox) rendered(helm string, args ...string) box.Output {
	s.T.Helper()
	if helm == "helm4" {
		s.installPlugin()
		return s.OK("helm4", helm4Template(args...)...)
	}
	return s.OK("helm3", append([]string{"template", "eu", "shop"}, postRender(args...)...)...)
}

// inValues is the chart's config as its values hold it.
const inValues = `replicas: 2
krmSidecars:
- kind: AddLogSidecar
  name: nginx-logs
  spec:
    logs:
    - paths: [/var/log/nginx/access.log]
`

// TestH4_ConfigInValues: the same comes out as with a file of its own, and the
// chart gets its values as before.
func TestH4_ConfigInValues(t *testing.T) {
	for _, helm := range []string{"helm3", "helm4"} {
		t.Run(helm, func(t *testing.T) {
			want := newChart(t).rendered(helm, "-c", "log.yaml").Stdout
			s := newChart(t)
			s.Write("shop/values.yaml", inValues)
			got := s.rendered(helm, "-c", "shop/values.yaml").Stdout
			box.Equal(t, "sidecars", injectedBy(helm), sortedLike(injectedBy(helm), sidecars(got)))
			box.Equal(t, "render", want, got)
		})
	}
}

// inParts is a config of several functions.
const inParts = `apiVersion: krm-sidecars.dev/v1alpha1
kind: InjectSidecars
metadata:
  name: parts
spec:
  functions:
  - kind: AddLogSidecar
    name: fourth
    spec:
      logs:
      - paths: [/var/log/nginx/access.log]
`

// TestH4_SeveralConfigs: files, documents of one file, parts of an InjectSidecars
// and values all add up, whatever their order.
func TestH4_SeveralConfigs(t *testing.T) {
	for _, helm := range []string{"helm3", "helm4"} {
		t.Run(helm, func(t *testing.T) {
			s := newChart(t)
			second := strings.Replace(logConfig, "nginx-logs", "second", 1)
			s.Write("documents.yaml", second+"---\n"+strings.Replace(second, "second", "third", 1))
			s.Write("parts.yaml", inParts)
			s.Write("shop/values.yaml", inValues)
			got := s.rendered(helm, "-c", "documents.yaml", "-c", "parts.yaml", "-c", "shop/values.yaml").Stdout
			for _, name := range []string{"nginx-logs", "second", "third", "fourth"} {
				box.Equal(t, name, len(injectedBy(helm)), len(linesWith(got, "krm-sidecars.dev/add-log-sidecar."+name+":")))
			}
		})
	}
}
