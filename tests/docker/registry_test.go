//go:build docker

package docker

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// startRegistry runs a registry on this machine and returns its address.
func startRegistry(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "registry")
	build := newSandbox(t, "")
	build.Env = os.Environ()
	build.OK("go", "build", "-C", filepath.Join(root, "tests/tools/images/registry"), "-o", bin, ".")
	cmd := exec.Command(bin)
	out, err := cmd.StdoutPipe()
	box.Check(t, err)
	box.Check(t, cmd.Start())
	t.Cleanup(func() {
		box.Check(t, cmd.Process.Kill())
		_ = cmd.Wait() // it was killed
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	box.Check(t, err)
	return strings.TrimSpace(address)
}

// TestI2_PulledByDigest: what the release pushes can be pulled by the digests that
// were written down, and the engine finds its platform; kustomize runs it so.
func TestI2_PulledByDigest(t *testing.T) {
	at := startRegistry(t) + "/krm-sidecars"
	push := newSandbox(t, "")
	push.Env = append(os.Environ(), "REGISTRY="+at)
	pushed := push.OK("make", "--no-print-directory", "-C", root, "push-images").Stdout
	var written strings.Builder
	for _, folder := range []string{"images", argocd} {
		digests, err := os.ReadFile(filepath.Join(root, "dist", folder, "digests.txt"))
		box.Check(t, err)
		written.Write(digests)
	}
	box.Equal(t, "pushed", strings.NewReplacer(registry, at+"/", " ", "@").Replace(written.String()), pushed)

	want := newSandbox(t, "examples/patterns/log-sidecar")
	want.replace(onProgram, container("add-log-sidecar"))
	for line := range strings.Lines(pushed) {
		name, digest, _ := strings.Cut(strings.TrimSpace(line), ":"+version+"@")
		if strings.HasSuffix(name, "/add-log-sidecar") {
			s := newSandbox(t, "examples/patterns/log-sidecar")
			s.replace(onProgram, `"container: {image: '`+name+"@"+digest+`'}"`)
			box.Equal(t, "build", want.build(), s.build())
			box.Equal(t, "the line of releases", digest, s.pulledDigest(name+":v0.1"))
		}
	}
}

// pulledDigest pulls an image and returns the digest that the registry gave.
func (s *sandbox) pulledDigest(ref string) string {
	s.T.Helper()
	for line := range strings.Lines(s.OK("docker", "pull", ref).Stdout) {
		if digest, ok := strings.CutPrefix(line, "Digest: "); ok {
			return strings.TrimSpace(digest)
		}
	}
	s.T.Fatalf("docker pull %s tells no digest", ref)
	return ""
}

// TestG3_CatalogNamesTheImages: those that were built, and no others.
func TestG3_CatalogNamesTheImages(t *testing.T) {
	s := newSandbox(t, "")
	digests := filepath.Join(root, "dist/images/digests.txt")
	s.OK(allInOne, "catalog", "check", "--images="+digests, filepath.Join(root, "catalog.yaml"))
	s.OKPipe(s.OK(allInOne, "catalog", "print", "--digests="+digests).Stdout, allInOne, "catalog", "check", "--images="+digests, "-")
}
