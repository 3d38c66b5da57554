//go:build docker

package docker

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

// TestP1_RenderWithImages gives what a render with the program gives, and a
// second one changes nothing.
func TestP1_RenderWithImages(t *testing.T) {
	for _, folder := range patterns(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			want := newSandbox(t, folder)
			want.ok("kpt", "fn", "render", "--allow-exec")
			got := newSandbox(t, folder)
			got.replace("exec: krm-sidecars\n", "image: "+refs[allInOne]+"\n")
			render := func() map[string]string {
				got.ok("kpt", "fn", "render", "--image-pull-policy=Never")
				return withoutKptfile(got.tree())
			}
			once := render()
			equal(t, "package", withoutKptfile(want.tree()), once)
			equal(t, "second render", once, render())
		})
	}
}

// withoutKptfile: the Kptfile names the image.
func withoutKptfile(files map[string]string) map[string]string {
	files = maps.Clone(files)
	delete(files, "Kptfile")
	return files
}

// aPackage has a Deployment in each of two files.
func aPackage(t *testing.T) *sandbox {
	t.Helper()
	s := newSandbox(t, "")
	s.write("web.yaml", workload)
	s.write("db.yaml", strings.ReplaceAll(workload, "name: web", "name: db"))
	return s
}

func (s *sandbox) eval(image string, args ...string) {
	s.t.Helper()
	s.ok("kpt", append([]string{"fn", "eval", ".", "--image=" + refs[image], "--image-pull-policy=Never"}, args...)...)
}

// TestP4_EvalWithConfigMap: the arguments of kpt fn eval are a ConfigMap.
func TestP4_EvalWithConfigMap(t *testing.T) {
	s := aPackage(t)
	s.eval("add-log-sidecar", "--", "logs[0].paths=/var/log/app/app.log")
	for _, name := range []string{"web.yaml", "db.yaml"} {
		contains(t, name, s.tree()[name], "name: log-sidecar\n", "krm-sidecars.dev/add-log-sidecar.default: ")
	}
	once := s.tree()
	s.eval("add-log-sidecar", "--", "logs[0].paths=/var/log/app/app.log")
	equal(t, "second call", once, s.tree())
}

// TestP4_EvalWithFile: the config is a file.
func TestP4_EvalWithFile(t *testing.T) {
	s := aPackage(t)
	config := filepath.Join(root, "examples/patterns/log-sidecar/logs.yaml")
	s.eval(allInOne, "--fn-config="+config)
	contains(t, "web.yaml", s.tree()["web.yaml"], "krm-sidecars.dev/add-log-sidecar.nginx-logs: ")
}

// TestP4_EvalWithoutConfig tells what is missing, and changes nothing.
func TestP4_EvalWithoutConfig(t *testing.T) {
	s := aPackage(t)
	before := s.tree()
	out := s.pipe("", "kpt", "fn", "eval", ".", "--image="+refs["add-log-sidecar"], "--image-pull-policy=Never")
	equal(t, "exit code", 1, out.code)
	contains(t, "message", out.stderr, "[FAIL]", "add-log-sidecar: error", "spec.logs")
	equal(t, "package", before, s.tree())
}

// TestP5_SelectorsWithImages: what they leave out stays as it is, and no mark of
// kpt is left on the rest.
func TestP5_SelectorsWithImages(t *testing.T) {
	for name, flag := range map[string]string{"match": "--match-name=web", "exclude": "--exclude-name=db"} {
		t.Run(name, func(t *testing.T) {
			s := aPackage(t)
			before := s.tree()
			s.eval("add-log-sidecar", flag, "--", "logs[0].paths=/var/log/app/app.log")
			after := s.tree()
			equal(t, "db.yaml", before["db.yaml"], after["db.yaml"])
			contains(t, "web.yaml", after["web.yaml"], "name: log-sidecar\n")
			equal(t, "marks", false, strings.Contains(after["web.yaml"], "kpt-resource-id"))
		})
	}
}

// TestP7_EvalOfAStream takes a stream and gives a ResourceList.
func TestP7_EvalOfAStream(t *testing.T) {
	s := newSandbox(t, "")
	out := s.okPipe(workload, "kpt", "fn", "eval", "-", "--image="+refs["add-mesh-annotation"], "--image-pull-policy=Never", "--", "mesh=istio")
	contains(t, "answer", out.stdout, "kind: ResourceList\n", "sidecar.istio.io/inject: 'true'")
}

// TestP7_Doc: kpt asks the image for its manual.
func TestP7_Doc(t *testing.T) {
	for _, f := range list {
		out := newSandbox(t, "").ok("kpt", "fn", "doc", "--image="+refs[f.name])
		contains(t, f.name, out.stdout, f.description, "# "+f.name, "Usage:")
	}
}
