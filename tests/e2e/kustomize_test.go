//go:build e2e

package e2e

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

func (s *sandbox) kustomize(dir string, flags ...string) box.Output {
	s.T.Helper()
	return s.Run("kustomize", append([]string{"build", dir, "--enable-alpha-plugins", "--enable-exec"}, flags...)...)
}

func (s *sandbox) kustomizeOK(dir string, flags ...string) string {
	s.T.Helper()
	out := s.kustomize(dir, flags...)
	if out.Code != 0 {
		s.T.Fatalf("kustomize build %s: exit %d\n%s", dir, out.Code, out.Stderr)
	}
	return out.Stdout
}

const transformers = "transformers:\n- log.yaml\n"

var layers = []struct {
	name, files      string // files: the layer that holds the Deployment
	calledIn, caller string // the layer that calls the function, and the lines that do
	deployment       string
}{
	{"base-with-function", "base-with-function", "base-with-function", transformers, "web"},
	{"overlay-of-base-with-function", "base-with-function", "base-with-function", transformers, "prod-web"},
	{"overlay-with-function", "base", "overlay-with-function", transformers, "prod-web"},
	{"overlay-with-component", "base", "overlay-with-component", "components:\n- ../component\n", "prod-web"},
}

// TestK2_ExecInBaseOverlayComponent compares a build that runs the function
// with a build of the same layers whose Deployment `inject` had edited before.
func TestK2_ExecInBaseOverlayComponent(t *testing.T) {
	for _, tc := range layers {
		t.Run(tc.name, func(t *testing.T) {
			before := newSandbox(t, "kustomize-layers")
			before.OK("krm-sidecars", "inject", "-c", "component/log.yaml", "--write", tc.files+"/deployment.yaml")
			before.Replace(tc.calledIn+"/kustomization.yaml", tc.caller, "")
			want := before.kustomizeOK(tc.name)

			got := newSandbox(t, "kustomize-layers").kustomizeOK(tc.name)
			box.Equal(t, "build", want, got)
			box.Equal(t, "sidecars", []string{"Deployment/" + tc.deployment}, sidecars(got))
		})
	}
}

// TestK2_RemoveGivesBackTheBuild: what a transformer added can be taken away.
func TestK2_RemoveGivesBackTheBuild(t *testing.T) {
	s := newSandbox(t, "kustomize-layers")
	got := s.kustomizeOK("base-with-function")
	box.Equal(t, "sidecars", 1, len(sidecars(got)))
	box.Equal(t, "removed", s.kustomizeOK("base"), s.OKPipe(got, "krm-sidecars", "remove", "--all", "-").Stdout)
}

// An overlay's images: reaches containers that its base injected; the same
// layer's would not, because transformers run after the built-in ones.
func TestK2_OverlayEditsWhatItsBaseInjected(t *testing.T) {
	s := newSandbox(t, "kustomize-layers")
	got := s.kustomizeOK("overlay-of-base-with-function")
	box.Equal(t, "images", []string{"image: nginx:1.27.0", "image: busybox:1.36.1"}, linesWith(got, "image: "))
}

// TestK2_ExecByRelativePath: ./bin is beside the kustomization that calls the
// function, whichever layer that is and wherever the build was started.
func TestK2_ExecByRelativePath(t *testing.T) {
	for _, tc := range layers {
		t.Run(tc.name, func(t *testing.T) {
			s := newSandbox(t, "kustomize-layers")
			want := s.kustomizeOK(tc.name)
			s.Env = append(s.Env, "PATH=/nowhere")
			box.Contains(t, "without the program on PATH", s.kustomize(tc.name).Stderr, "executable file not found")
			for _, caller := range []string{"base-with-function", "overlay-with-function", "component"} {
				s.Write(caller+"/bin/.keep", "")
				box.Check(t, copyFile(binaries["krm-sidecars"], filepath.Join(s.Dir, caller, "bin/add-log-sidecar")))
				s.Replace(caller+"/log.yaml", "path: add-log-sidecar", "path: ./bin/add-log-sidecar")
			}
			box.Equal(t, "build", want, s.kustomizeOK(tc.name))
			box.Equal(t, "build from elsewhere", want, s.kustomizeOK(filepath.Join(s.Dir, tc.name)))
		})
	}
}

// TestK2_SkippedWithoutEnableExec documents a trap of kustomize, not a feature:
// exec functions are dropped in silence unless --enable-exec is given.
func TestK2_SkippedWithoutEnableExec(t *testing.T) {
	s := newSandbox(t, "kustomize-layers")
	plain := s.kustomizeOK("base")
	out := s.OK("kustomize", "build", "base-with-function", "--enable-alpha-plugins")
	box.Equal(t, "build", plain, out.Stdout)
	box.Equal(t, "stderr", "", out.Stderr)

	out = s.Run("kustomize", "build", "base-with-function")
	box.Equal(t, "exit code", 1, out.Code)
	box.Contains(t, "stderr", out.Stderr, "external plugins disabled")
}

var hashedName = regexp.MustCompile(`name: (\S*app-config\S*|\S*log-config\S*)`)

// TestK3_GeneratedConfigMapReferences: the pod's own reference and the injected
// one follow the prefix, the suffix and the content hash.
func TestK3_GeneratedConfigMapReferences(t *testing.T) {
	s := newSandbox(t, "kustomize-references")
	for layer, want := range map[string][]string{
		"base":    {"pre-app-config-HASH", "pre-log-config-HASH"},
		"overlay": {"pre-app-config-v2-HASH", "pre-log-config-v2-HASH"},
	} {
		got := s.kustomizeOK(layer)
		uses := map[string]int{}
		for _, m := range hashedName.FindAllStringSubmatch(got, -1) {
			uses[regexp.MustCompile(`-[a-z0-9]{10}$`).ReplaceAllString(m[1], "-HASH")]++
		}
		// Twice each: the ConfigMap itself and the container that refers to it.
		box.Equal(t, layer, map[string]int{want[0]: 2, want[1]: 2}, uses)
		box.Equal(t, "distinct hashed names", 2, distinct(hashedName.FindAllString(got, -1)))
		box.Equal(t, "sidecars", 1, len(sidecars(got)))
	}
}

func distinct(list []string) int {
	seen := map[string]bool{}
	for _, s := range list {
		seen[s] = true
	}
	return len(seen)
}

func TestK5_NoBuildAnnotationsLeft(t *testing.T) {
	for fixture, layers := range map[string][]string{
		"kustomize-layers":     {"base-with-function", "overlay-of-base-with-function", "overlay-with-function", "overlay-with-component"},
		"kustomize-references": {"base", "overlay"},
		"functions":            {"base", "overlay"},
		"kustomize-helmcharts": {"."},
	} {
		s := newSandbox(t, fixture)
		for _, layer := range layers {
			got := s.kustomizeOK(layer, "--enable-helm", "--helm-command", binaries["helm3"])
			box.Contains(t, fixture+" "+layer, got, "name: "+sidecar)
			box.Lacks(t, fixture+" "+layer, got, "config.kubernetes.io/", "config.k8s.io/", "internal.", "kind: Add", "local-config")
		}
	}
}

func TestK6_FailureNamesFunctionAndReason(t *testing.T) {
	s := newSandbox(t, "kustomize-failing")
	out := s.kustomize(".")
	box.Equal(t, "exit code", 1, out.Code)
	box.Equal(t, "stdout", "", out.Stdout)
	first, _, _ := strings.Cut(out.Stderr, "\n")
	box.Contains(t, "first line of stderr", first, "add-log-sidecar: error ", "spec.lgos")
}

// TestK6_EachReasonIsTold: what is wrong with a workload reaches the user, too,
// also from a component that an overlay uses.
func TestK6_EachReasonIsTold(t *testing.T) {
	for _, tc := range layers {
		t.Run(tc.name, func(t *testing.T) {
			s := newSandbox(t, "kustomize-layers")
			s.Replace(tc.files+"/deployment.yaml", "      - name: nginx\n", "      - name: "+sidecar+"\n")
			out := s.kustomize(tc.name)
			box.Equal(t, "exit code", 1, out.Code)
			box.Equal(t, "stdout", "", out.Stdout)
			first, _, _ := strings.Cut(out.Stderr, "\n")
			box.Contains(t, "first line of stderr", first, "add-log-sidecar: error Deployment/", "containers[name="+sidecar+"]")
		})
	}
}

// TestK8_ValidatorsAreBrokenUpstream documents that a function which changes
// nothing fails under validators: too, so ours belong under transformers:.
func TestK8_ValidatorsAreBrokenUpstream(t *testing.T) {
	s := newSandbox(t, "kustomize-layers")
	s.Replace("base-with-function/kustomization.yaml", "transformers:", "validators:")
	for _, path := range []string{"cat", "add-log-sidecar"} {
		s.Replace("base-with-function/log.yaml", "path: ", "path: "+path+" #")
		out := s.kustomize("base-with-function")
		box.Equal(t, path+": exit code", 1, out.Code)
		box.Contains(t, path+": stderr", out.Stderr, "validator shouldn't modify the resource map")
	}
}

func TestK9_OneCallForThousandResources(t *testing.T) {
	s := newSandbox(t, "kustomize-layers")
	web := s.Read("base/deployment.yaml")
	var all strings.Builder
	for i := range 1000 {
		all.WriteString("---\n" + strings.ReplaceAll(web, "name: web", "name: web-"+strconv.Itoa(i)))
	}
	s.Write("base-with-function/deployment.yaml", all.String())
	s.Write("base-with-function/count.sh", "#!/bin/sh\necho call >>calls\nexec add-log-sidecar\n")
	s.OK("chmod", "+x", "base-with-function/count.sh")
	s.Replace("base-with-function/log.yaml", "path: add-log-sidecar", "path: ./count.sh")
	box.Equal(t, "sidecars", 1000, len(sidecars(s.kustomizeOK("base-with-function"))))
	box.Equal(t, "calls", "call\n", s.Read("base-with-function/calls"))
}

func TestK9_SeveralConfigs(t *testing.T) {
	s := newSandbox(t, "kustomize-several-configs")
	got := s.kustomizeOK(".")
	box.Equal(t, "sidecars", []string{"Deployment/api", "Deployment/web", "StatefulSet/worker"}, sidecars(got))
	records := regexp.MustCompile(`krm-sidecars\.dev/add-log-sidecar\.[a-z-]+`).FindAllString(got, -1)
	box.Equal(t, "records", []string{
		"krm-sidecars.dev/add-log-sidecar.api-logs",
		"krm-sidecars.dev/add-log-sidecar.web-logs",
		"krm-sidecars.dev/add-log-sidecar.worker-logs",
	}, records)
}

// TestK10_HelmChartsOutput: objects of a chart in the same kustomization are
// injected like any other; its hook is left alone.
func TestK10_HelmChartsOutput(t *testing.T) {
	for _, helm := range []string{"helm3", "helm4"} {
		s := newSandbox(t, "kustomize-helmcharts")
		got := s.kustomizeOK(".", "--enable-helm", "--helm-command", binaries[helm])
		box.Equal(t, helm+": sidecars", []string{"Deployment/eu-shop", "Deployment/plain"}, sidecars(got))
		box.Contains(t, helm+": build", got, "helm.sh/hook: pre-install")
	}
}
