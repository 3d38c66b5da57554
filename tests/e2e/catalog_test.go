//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

const catalogWorkload = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      serviceAccountName: web
      containers:
      - name: app
        image: nginx:1.29.0
        ports:
        - containerPort: 8080
`

// catalogSandbox holds a functionConfig that says nothing about how it is run,
// a kpt package and a kustomization that use it, and the workload.
func catalogSandbox(t *testing.T, function string) *sandbox {
	t.Helper()
	s := newSandbox(t, "")
	s.Write("web.yaml", catalogWorkload)
	s.Write("config.yaml", s.OK("krm-sidecars", "example", function).Stdout)
	s.Write("kustomization.yaml", "resources:\n- web.yaml\ntransformers:\n- config.yaml\n")
	s.Write("Kptfile", "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: web\n")
	return s
}

// injected is what the function makes of the workload as kustomize prints it.
func injectedBuild(t *testing.T, function string) string {
	t.Helper()
	s := catalogSandbox(t, function)
	s.Replace("kustomization.yaml", "transformers:\n- config.yaml\n", "")
	s.Write("built.yaml", s.kustomizeOK("."))
	s.OK("krm-sidecars", "inject", "-c", "config.yaml", "--write", "built.yaml")
	s.Replace("kustomization.yaml", "web.yaml", "built.yaml")
	return s.kustomizeOK(".")
}

// recordOf is what a function leaves in what it works on: the record of one that
// adds something. Others leave the workload.
func recordOf(f krm.Function) string {
	if strings.HasPrefix(f.Name, "add-") || strings.HasPrefix(f.Name, "inject-") {
		return "krm-sidecars.dev/add-"
	}
	return "kind: Deployment"
}

// TestG3_ExpandedConfigBuilds: kustomize runs a functionConfig for which expand
// has looked up the program, and did not before.
func TestG3_ExpandedConfigBuilds(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Name, func(t *testing.T) {
			s := catalogSandbox(t, f.Kind)
			if out := s.kustomize("."); out.Code == 0 {
				t.Fatal("kustomize builds without being told what to run")
			}
			s.OK("krm-sidecars", "catalog", "expand", "--write", "config.yaml")
			got := s.kustomizeOK(".")
			box.Equal(t, "build", injectedBuild(t, f.Kind), got)
			box.Contains(t, "build", got, recordOf(f))
		})
	}
}

// TestG3_ExpandedKptfileRenders: kpt runs the entry that expand has written.
func TestG3_ExpandedKptfileRenders(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Name, func(t *testing.T) {
			s := catalogSandbox(t, f.Kind)
			s.OK("krm-sidecars", "catalog", "expand", "--kptfile", "Kptfile", "--write", "config.yaml")
			s.render()
			box.Contains(t, "web.yaml", s.Read("web.yaml"), recordOf(f))
		})
	}
}

const catalogDigest = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"

// TestG3_ExpandedDigestRuns: both hosts run the image that expand names by the
// digest of a release. That the image does what the program does is for the
// tests with docker.
func TestG3_ExpandedDigestRuns(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Name, func(t *testing.T) {
			s := catalogSandbox(t, f.Kind)
			releasedCatalog(s)
			expand := []string{"catalog", "expand", "--catalog", "catalog.txt", "--runtime", "container", "--write"}
			s.OK("krm-sidecars", append(expand, "--kptfile", "Kptfile", "config.yaml")...)
			s.OK("krm-sidecars", append(expand, "config.yaml")...)
			calls := s.withStandIn()
			box.Equal(t, "build", injectedBuild(t, f.Kind), s.OK("kustomize", "build", ".", "--enable-alpha-plugins").Stdout)
			s.OK("kpt", "fn", "render", ".")
			box.Contains(t, "web.yaml", s.Read("web.yaml"), recordOf(f))
			image := "ghcr.io/krm-sidecars/" + f.Name + "@sha256:" + catalogDigest
			box.Equal(t, "runs of the image", 2, len(linesWith(calls(), "run ")))
			box.Equal(t, "runs of the image by digest", 2, strings.Count(calls(), image+"\n"))
		})
	}
}

// releasedCatalog writes a catalog that knows digests, beside the resources.
func releasedCatalog(s *sandbox) {
	s.T.Helper()
	var digests strings.Builder
	for _, f := range functions.All() {
		digests.WriteString("ghcr.io/krm-sidecars/" + f.Name + ":v0.1.0 sha256:" + catalogDigest + "\n")
	}
	s.Write("digests.txt", digests.String())
	s.Write("catalog.txt", s.OK("krm-sidecars", "catalog", "print", "--digests", "digests.txt").Stdout)
}
