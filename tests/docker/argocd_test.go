//go:build docker

package docker

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	kyaml "sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// plugin is a sidecar of Argo CD's repo-server, started as the example's patch of
// the repo-server says, with Argo CD's own server in it.
type plugin struct {
	*sandbox
	socket string
}

// patched applies the example's patch to the containers and volumes that Argo CD's
// repo-server has, and returns the container of a plugin.
func patched(t *testing.T, name string) corev1.Container {
	t.Helper()
	s := newSandbox(t, "examples/gitops/argocd")
	s.Write("deployment.yaml", repoServer)
	s.Write("kustomization.yaml", "resources: [deployment.yaml]\npatches: [{path: repo-server.yaml}]\n")
	var d appsv1.Deployment
	box.Check(t, kyaml.UnmarshalStrict([]byte(s.OK("kustomize", "build", ".").Stdout), &d))
	for _, c := range d.Spec.Template.Spec.Containers {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("the repo-server has no container %s", name)
	return corev1.Container{}
}

const repoServer = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: argocd-repo-server
spec:
  template:
    spec:
      containers:
      - name: argocd-repo-server
        image: quay.io/argoproj/argocd:v3.2.6
      volumes:
      - emptyDir: {}
        name: var-files
      - emptyDir: {}
        name: plugins
`

// startPlugin runs the container of a plugin.
func startPlugin(t *testing.T, name string) plugin {
	t.Helper()
	server := filepath.Join(root, ".bin", "argocd-cmp-server")
	if _, err := os.Stat(server); err != nil {
		t.Fatalf("%v; tests/tools/build.sh argocd builds it", err)
	}
	sockets, err := os.MkdirTemp("", "cmp") //nolint:usetesting // the path of a socket must be short
	box.Check(t, err)
	t.Cleanup(func() { os.RemoveAll(sockets) })
	box.Check(t, os.Chmod(sockets, 0o777))
	s := newSandbox(t, "")
	spec := patched(t, name)
	box.Equal(t, "image", refs[argocd], spec.Image)
	box.Equal(t, "user", 999, int(*spec.SecurityContext.RunAsUser))
	box.Equal(t, "read-only", true, *spec.SecurityContext.ReadOnlyRootFilesystem)
	args := []string{"run", "--detach", "--network=none", "--user=999", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"}
	for _, m := range spec.VolumeMounts {
		switch m.Name {
		case "var-files":
			args = append(args, "--volume="+server+":"+m.MountPath+"/argocd-cmp-server:ro")
		case "plugins":
			args = append(args, "--volume="+sockets+":"+m.MountPath)
		default:
			args = append(args, "--tmpfs="+m.MountPath+":mode=0777") // an emptyDir, on which programs cannot even run
		}
	}
	args = append(args, "--entrypoint="+spec.Command[0], spec.Image)
	id := strings.TrimSpace(s.OK("docker", append(append(args, spec.Command[1:]...), spec.Args...)...).Stdout)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(s.Pipe("", "docker", "logs", id).Stderr)
		}
		s.OK("docker", "rm", "--force", id)
	})
	p := plugin{s, filepath.Join(sockets, name+".sock")}
	p.waitForSocket(t)
	return p
}

func (p plugin) waitForSocket(t *testing.T) {
	t.Helper()
	for range 300 {
		if info, err := os.Stat(p.socket); err == nil {
			box.Equal(t, "owner of the socket", uint32(999), info.Sys().(*syscall.Stat_t).Uid)
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("the plugin made no socket")
}

// generate does what the repo-server does for an Application.
func (p plugin) generate(repo, path string) box.Output {
	p.T.Helper()
	return p.Pipe("", "argocd-cmp-server", "generate", p.socket, repo, path)
}

// objects reads a stream that must hold nothing but objects.
func objects(t *testing.T, stream string) map[string]any {
	t.Helper()
	found := map[string]any{}
	for d := yaml.NewDecoder(bytes.NewReader([]byte(stream))); ; {
		var object map[string]any
		err := d.Decode(&object)
		if errors.Is(err, io.EOF) {
			return found
		}
		box.Check(t, err)
		metadata, ok := object["metadata"].(map[string]any)
		if !ok || object["kind"] == nil {
			t.Fatalf("this is no object: %v", object)
		}
		found[object["kind"].(string)+" "+metadata["name"].(string)] = object
	}
}

// TestG1_Kustomize: what kustomize makes of each pattern on a desk, Argo CD gets.
func TestG1_Kustomize(t *testing.T) {
	p := startPlugin(t, "krm-sidecars-kustomize")
	repo := newSandbox(t, "examples/patterns")
	for _, folder := range patterns(t) {
		want := newSandbox(t, folder).OK("kustomize", "build", "--enable-alpha-plugins", "--enable-exec", ".").Stdout
		got := p.generate(repo.Dir, filepath.Base(folder))
		box.Equal(t, "exit code", 0, got.Code)
		box.Equal(t, folder, objects(t, want), objects(t, got.Stdout))
		box.Contains(t, folder, got.Stdout, "krm-sidecars.dev/")
	}
}

// TestG1_Helm: a chart in the repository, by way of kustomize.
func TestG1_Helm(t *testing.T) {
	p := startPlugin(t, "krm-sidecars-kustomize")
	repo := newSandbox(t, "examples/patterns/log-sidecar")
	box.Check(t, os.MkdirAll(filepath.Join(repo.Dir, "charts/demo"), 0o755))
	box.Check(t, os.Rename(filepath.Join(repo.Dir, "templates"), filepath.Join(repo.Dir, "charts/demo/templates")))
	box.Check(t, os.Rename(filepath.Join(repo.Dir, "Chart.yaml"), filepath.Join(repo.Dir, "charts/demo/Chart.yaml")))
	repo.Write("charts/demo/values.yaml", "")
	repo.Write("kustomization.yaml", "helmCharts:\n- {name: demo, releaseName: web}\ntransformers: [logs.yaml]\n")
	got := p.generate(repo.Dir, ".")
	box.Equal(t, "exit code", 0, got.Code)
	box.Contains(t, "manifests", got.Stdout, "krm-sidecars.dev/add-log-sidecar.nginx-logs")
}

// TestG1_Files: a folder of manifests with its config.
func TestG1_Files(t *testing.T) {
	p := startPlugin(t, "krm-sidecars-files")
	repo := newSandbox(t, "examples/gitops/argocd")
	got := p.generate(repo.Dir, "app")
	box.Equal(t, "exit code", 0, got.Code)
	want, err := os.ReadFile(filepath.Join(root, "examples/gitops/argocd/expected.yaml"))
	box.Check(t, err)
	box.Equal(t, "manifests", withoutRecords(objects(t, string(want))), withoutRecords(objects(t, got.Stdout)))
}

// withoutRecords: examples shorten them.
func withoutRecords(all map[string]any) map[string]any {
	for _, object := range all {
		delete(object.(map[string]any)["metadata"].(map[string]any), "annotations")
	}
	return all
}

// TestG1_FailureIsTold: Argo CD shows what the function says.
func TestG1_FailureIsTold(t *testing.T) {
	for name, folder := range map[string]string{"krm-sidecars-kustomize": "examples/patterns/log-sidecar", "krm-sidecars-files": "examples/gitops/argocd/app"} {
		repo := newSandbox(t, folder)
		repo.replace("paths:", "pathz:")
		got := startPlugin(t, name).generate(repo.Dir, ".")
		box.Equal(t, name+": exit code", 1, got.Code)
		box.Equal(t, name+": manifests", "", got.Stdout)
		box.Contains(t, name, got.Stderr, "pathz", "did you mean paths?")
	}
}

// TestG1_RepositoryBringsNoPrograms: Argo CD takes the exec bits from the files of
// a repository, so that --enable-exec runs programs of the image alone.
func TestG1_RepositoryBringsNoPrograms(t *testing.T) {
	repo := newSandbox(t, "examples/patterns/log-sidecar")
	repo.Write("evil", "#!/usr/local/bin/krm-sidecars\n")
	box.Check(t, os.Chmod(filepath.Join(repo.Dir, "evil"), 0o755))
	repo.replace("path: krm-sidecars", "path: ./evil")
	got := startPlugin(t, "krm-sidecars-kustomize").generate(repo.Dir, ".")
	box.Equal(t, "exit code", 1, got.Code)
	box.Contains(t, "message", got.Stderr, "permission denied")
}
