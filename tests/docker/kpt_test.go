//go:build docker

package docker

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestP1_RenderWithImages gives what a render with the program gives, and a
// second one changes nothing.
func TestP1_RenderWithImages(t *testing.T) {
	for _, folder := range patterns(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			want := newSandbox(t, folder)
			want.OK("kpt", "fn", "render", "--allow-exec")
			got := newSandbox(t, folder)
			got.replace("exec: krm-sidecars\n", "image: "+refs[allInOne]+"\n")
			render := func() map[string]string {
				got.OK("kpt", "fn", "render", "--image-pull-policy=Never")
				return withoutKptfile(got.Tree())
			}
			once := render()
			box.Equal(t, "package", withoutKptfile(want.Tree()), once)
			box.Equal(t, "second render", once, render())
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
	s.Write("web.yaml", workload)
	s.Write("db.yaml", strings.ReplaceAll(workload, "name: web", "name: db"))
	return s
}

func (s *sandbox) eval(image string, args ...string) {
	s.T.Helper()
	s.OK("kpt", append([]string{"fn", "eval", ".", "--image=" + refs[image], "--image-pull-policy=Never"}, args...)...)
}

// TestP4_EvalWithConfigMap: the arguments of kpt fn eval are a ConfigMap.
func TestP4_EvalWithConfigMap(t *testing.T) {
	s := aPackage(t)
	s.eval("add-log-sidecar", "--", "logs[0].paths=/var/log/app/app.log")
	for _, name := range []string{"web.yaml", "db.yaml"} {
		box.Contains(t, name, s.Tree()[name], "name: log-sidecar\n", "krm-sidecars.dev/add-log-sidecar.default: ")
	}
	once := s.Tree()
	s.eval("add-log-sidecar", "--", "logs[0].paths=/var/log/app/app.log")
	box.Equal(t, "second call", once, s.Tree())
}

// TestP4_EvalWithFile: the config is a file.
func TestP4_EvalWithFile(t *testing.T) {
	s := aPackage(t)
	config := filepath.Join(root, "examples/patterns/log-sidecar/logs.yaml")
	s.eval(allInOne, "--fn-config="+config)
	box.Contains(t, "web.yaml", s.Tree()["web.yaml"], "krm-sidecars.dev/add-log-sidecar.nginx-logs: ")
}

// TestP4_EvalWithoutConfig tells what is missing, and changes nothing.
func TestP4_EvalWithoutConfig(t *testing.T) {
	s := aPackage(t)
	before := s.Tree()
	out := s.Pipe("", "kpt", "fn", "eval", ".", "--image="+refs["add-log-sidecar"], "--image-pull-policy=Never")
	box.Equal(t, "exit code", 1, out.Code)
	box.Contains(t, "message", out.Stderr, "[FAIL]", "add-log-sidecar: error", "spec.logs")
	box.Equal(t, "package", before, s.Tree())
}

// TestP5_SelectorsWithImages: what they leave out stays as it is, and no mark of
// kpt is left on the rest.
func TestP5_SelectorsWithImages(t *testing.T) {
	for name, flag := range map[string]string{"match": "--match-name=web", "exclude": "--exclude-name=db"} {
		t.Run(name, func(t *testing.T) {
			s := aPackage(t)
			before := s.Tree()
			s.eval("add-log-sidecar", flag, "--", "logs[0].paths=/var/log/app/app.log")
			after := s.Tree()
			box.Equal(t, "db.yaml", before["db.yaml"], after["db.yaml"])
			box.Contains(t, "web.yaml", after["web.yaml"], "name: log-sidecar\n")
			box.Equal(t, "marks", false, strings.Contains(after["web.yaml"], "kpt-resource-id"))
		})
	}
}

// TestP7_EvalOfAStream takes a stream and gives a ResourceList.
func TestP7_EvalOfAStream(t *testing.T) {
	s := newSandbox(t, "")
	out := s.OKPipe(workload, "kpt", "fn", "eval", "-", "--image="+refs["add-mesh-annotation"], "--image-pull-policy=Never", "--", "mesh=istio")
	box.Contains(t, "answer", out.Stdout, "kind: ResourceList\n", "sidecar.istio.io/inject: 'true'")
}

// TestP7_Doc: kpt asks the image for its manual.
func TestP7_Doc(t *testing.T) {
	for _, f := range list {
		out := newSandbox(t, "").OK("kpt", "fn", "doc", "--image="+refs[f.name])
		box.Contains(t, f.name, out.Stdout, f.description, "# "+f.name, "Usage:")
	}
}
