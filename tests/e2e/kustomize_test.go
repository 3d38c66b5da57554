//go:build e2e

package e2e

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func (s *sandbox) kustomize(dir string, flags ...string) output {
	s.t.Helper()
	return s.run("kustomize", append([]string{"build", dir, "--enable-alpha-plugins", "--enable-exec"}, flags...)...)
}

func (s *sandbox) kustomizeOK(dir string, flags ...string) string {
	s.t.Helper()
	out := s.kustomize(dir, flags...)
	if out.code != 0 {
		s.t.Fatalf("kustomize build %s: exit %d\n%s", dir, out.code, out.stderr)
	}
	return out.stdout
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
			before.ok("krm-sidecars", "inject", "-c", "component/log.yaml", "--write", tc.files+"/deployment.yaml")
			before.replace(tc.calledIn+"/kustomization.yaml", tc.caller, "")
			want := before.kustomizeOK(tc.name)

			got := newSandbox(t, "kustomize-layers").kustomizeOK(tc.name)
			equal(t, "build", want, got)
			equal(t, "sidecars", []string{"Deployment/" + tc.deployment}, sidecars(got))
		})
	}
}

// TestK2_RemoveGivesBackTheBuild: what a transformer added can be taken away.
func TestK2_RemoveGivesBackTheBuild(t *testing.T) {
	s := newSandbox(t, "kustomize-layers")
	got := s.kustomizeOK("base-with-function")
	equal(t, "sidecars", 1, len(sidecars(got)))
	equal(t, "removed", s.kustomizeOK("base"), s.okPipe(got, "krm-sidecars", "remove", "--all", "-").stdout)
}

// An overlay's images: reaches containers that its base injected; the same
// layer's would not, because transformers run after the built-in ones.
func TestK2_OverlayEditsWhatItsBaseInjected(t *testing.T) {
	s := newSandbox(t, "kustomize-layers")
	got := s.kustomizeOK("overlay-of-base-with-function")
	equal(t, "images", []string{"image: nginx:1.27.0", "image: busybox:1.36.1"}, linesWith(got, "image: "))
}

// TestK2_ExecByRelativePath: ./bin is beside the kustomization that calls the
// function, whichever layer that is and wherever the build was started.
func TestK2_ExecByRelativePath(t *testing.T) {
	for _, tc := range layers {
		t.Run(tc.name, func(t *testing.T) {
			s := newSandbox(t, "kustomize-layers")
			want := s.kustomizeOK(tc.name)
			s.env = append(s.env, "PATH=/nowhere")
			contains(t, "without the program on PATH", s.kustomize(tc.name).stderr, "executable file not found")
			for _, caller := range []string{"base-with-function", "overlay-with-function", "component"} {
				s.write(caller+"/bin/.keep", "")
				check(t, copyFile(binaries["krm-sidecars"], filepath.Join(s.dir, caller, "bin/add-log-sidecar")))
				s.replace(caller+"/log.yaml", "path: add-log-sidecar", "path: ./bin/add-log-sidecar")
			}
			equal(t, "build", want, s.kustomizeOK(tc.name))
			equal(t, "build from elsewhere", want, s.kustomizeOK(filepath.Join(s.dir, tc.name)))
		})
	}
}

// TestK2_SkippedWithoutEnableExec documents a trap of kustomize, not a feature:
// exec functions are dropped in silence unless --enable-exec is given.
func TestK2_SkippedWithoutEnableExec(t *testing.T) {
	s := newSandbox(t, "kustomize-layers")
	plain := s.kustomizeOK("base")
	out := s.ok("kustomize", "build", "base-with-function", "--enable-alpha-plugins")
	equal(t, "build", plain, out.stdout)
	equal(t, "stderr", "", out.stderr)

	out = s.run("kustomize", "build", "base-with-function")
	equal(t, "exit code", 1, out.code)
	contains(t, "stderr", out.stderr, "external plugins disabled")
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
		equal(t, layer, map[string]int{want[0]: 2, want[1]: 2}, uses)
		equal(t, "distinct hashed names", 2, distinct(hashedName.FindAllString(got, -1)))
		equal(t, "sidecars", 1, len(sidecars(got)))
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
			contains(t, fixture+" "+layer, got, "name: "+sidecar)
			lacks(t, fixture+" "+layer, got, "config.kubernetes.io/", "config.k8s.io/", "internal.", "kind: Add", "local-config")
		}
	}
}

func TestK6_FailureNamesFunctionAndReason(t *testing.T) {
	s := newSandbox(t, "kustomize-failing")
	out := s.kustomize(".")
	equal(t, "exit code", 1, out.code)
	equal(t, "stdout", "", out.stdout)
	first, _, _ := strings.Cut(out.stderr, "\n")
	contains(t, "first line of stderr", first, "add-log-sidecar: error ", "spec.lgos")
}

// TestK6_EachReasonIsTold: what is wrong with a workload reaches the user, too,
// also from a component that an overlay uses.
func TestK6_EachReasonIsTold(t *testing.T) {
	for _, tc := range layers {
		t.Run(tc.name, func(t *testing.T) {
			s := newSandbox(t, "kustomize-layers")
			s.replace(tc.files+"/deployment.yaml", "      - name: nginx\n", "      - name: "+sidecar+"\n")
			out := s.kustomize(tc.name)
			equal(t, "exit code", 1, out.code)
			equal(t, "stdout", "", out.stdout)
			first, _, _ := strings.Cut(out.stderr, "\n")
			contains(t, "first line of stderr", first, "add-log-sidecar: error Deployment/", "containers[name="+sidecar+"]")
		})
	}
}

// TestK8_ValidatorsAreBrokenUpstream documents that a function which changes
// nothing fails under validators: too, so ours belong under transformers:.
func TestK8_ValidatorsAreBrokenUpstream(t *testing.T) {
	s := newSandbox(t, "kustomize-layers")
	s.replace("base-with-function/kustomization.yaml", "transformers:", "validators:")
	for _, path := range []string{"cat", "add-log-sidecar"} {
		s.replace("base-with-function/log.yaml", "path: ", "path: "+path+" #")
		out := s.kustomize("base-with-function")
		equal(t, path+": exit code", 1, out.code)
		contains(t, path+": stderr", out.stderr, "validator shouldn't modify the resource map")
	}
}

func TestK9_OneCallForThousandResources(t *testing.T) {
	s := newSandbox(t, "kustomize-layers")
	web := s.read("base/deployment.yaml")
	var all strings.Builder
	for i := range 1000 {
		all.WriteString("---\n" + strings.ReplaceAll(web, "name: web", "name: web-"+strconv.Itoa(i)))
	}
	s.write("base-with-function/deployment.yaml", all.String())
	s.write("base-with-function/count.sh", "#!/bin/sh\necho call >>calls\nexec add-log-sidecar\n")
	s.ok("chmod", "+x", "base-with-function/count.sh")
	s.replace("base-with-function/log.yaml", "path: add-log-sidecar", "path: ./count.sh")
	equal(t, "sidecars", 1000, len(sidecars(s.kustomizeOK("base-with-function"))))
	equal(t, "calls", "call\n", s.read("base-with-function/calls"))
}

func TestK9_SeveralConfigs(t *testing.T) {
	s := newSandbox(t, "kustomize-several-configs")
	got := s.kustomizeOK(".")
	equal(t, "sidecars", []string{"Deployment/api", "Deployment/web", "StatefulSet/worker"}, sidecars(got))
	records := regexp.MustCompile(`krm-sidecars\.dev/add-log-sidecar\.[a-z-]+`).FindAllString(got, -1)
	equal(t, "records", []string{
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
		equal(t, helm+": sidecars", []string{"Deployment/eu-shop", "Deployment/plain"}, sidecars(got))
		contains(t, helm+": build", got, "helm.sh/hook: pre-install")
	}
}
