//go:build docker

package docker

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestI2_TwoBuildsOneDigest: another folder, other times of the files and other
// bits of their modes give the same images.
func TestI2_TwoBuildsOneDigest(t *testing.T) {
	s := newSandbox(t, "")
	s.Env = os.Environ()
	s.copyRepository(t)
	s.OK("sh", "-euc", "umask 077; exec tests/tools/images/build.sh functions")
	for _, name := range []string{"images/digests.txt", "images/oci/index.json", "images/linux-amd64.tar", "images/linux-arm64.tar"} {
		first, err := os.ReadFile(filepath.Join(root, "dist", name))
		box.Check(t, err)
		second, err := os.ReadFile(filepath.Join(s.Dir, "dist", name))
		box.Check(t, err)
		if string(first) != string(second) {
			t.Errorf("dist/%s is another in the second build", name)
		}
	}
}

// copyRepository copies what is in the repository, or would be after a commit,
// readable by its owner alone.
func (s *sandbox) copyRepository(t *testing.T) {
	t.Helper()
	s.OK("cp", "-R", filepath.Join(root, ".git"), ".")
	names := s.OK("git", "-C", root, "ls-files", "-coz", "--exclude-standard").Stdout
	for name := range strings.SplitSeq(strings.TrimRight(names, "\x00"), "\x00") {
		info, err := os.Stat(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, not committed
		}
		box.Check(t, err)
		data, err := os.ReadFile(filepath.Join(root, name))
		box.Check(t, err)
		s.Write(name, string(data))
		box.Check(t, os.Chmod(filepath.Join(s.Dir, name), info.Mode()&0o700))
	}
}

// TestI2_DockerBuildsTheSame: the engine makes of the Dockerfile what we make of
// it: the same settings, files, modes and owners.
func TestI2_DockerBuildsTheSame(t *testing.T) {
	for name, dockerfile := range map[string]string{allInOne: "Dockerfile", argocd: "plugins/argocd/Dockerfile"} {
		t.Run(name, func(t *testing.T) {
			ours := readArchive(t, archive(folderOf(name), runtime.GOARCH))[refs[name]]
			s := newSandbox(t, "")
			s.OK("docker", "build", "--target=prebuilt", "--tag=test/"+name, "--file="+filepath.Join(root, dockerfile),
				"--build-arg=TARGETARCH="+runtime.GOARCH, "--build-arg=VERSION="+version,
				"--build-arg=REVISION="+ours.Config.Labels["org.opencontainers.image.revision"], root)
			theirs := s.save("test/" + name)
			box.Equal(t, "config", normal(ours.config), normal(theirs.config))
			box.Equal(t, "files", slices.Sorted(maps.Keys(ours.files)), slices.Sorted(maps.Keys(theirs.files)))
			for path, f := range ours.files {
				other := theirs.files[path]
				other.made, other.mode, f.made = time.Time{}, other.mode|0o044&f.mode, time.Time{}
				if f != other {
					t.Errorf("%s: mode %o of %d:%d, but docker build makes mode %o of %d:%d, or other content", path, f.mode, f.uid, f.gid, other.mode, other.uid, other.gid)
				}
			}
		})
	}
}

// folderOf is the folder below dist that an image is in.
func folderOf(image string) string {
	if image == argocd {
		return argocd
	}
	return "images"
}

// save returns an image of the engine.
func (s *sandbox) save(ref string) saved {
	s.T.Helper()
	path := filepath.Join(s.T.TempDir(), "saved.tar")
	s.OK("docker", "save", "--output="+path, ref)
	return readArchive(s.T, path)[ref+":latest"]
}

// normal is a config with what an engine says where nothing is said.
func normal(c config) config {
	c.Config.WorkingDir = strings.TrimSuffix(c.Config.WorkingDir, "/")
	if c.Config.Env == nil {
		c.Config.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	}
	return c
}

// TestI2_DockerCompiles: the ordinary build, which compiles in golang:1.26. What
// stands in for that image here has the toolchain of this machine, and the
// modules that the program needs.
func TestI2_DockerCompiles(t *testing.T) {
	s := newSandbox(t, "")
	s.standInForGo(t)
	platform := "linux/" + runtime.GOARCH
	s.OK("docker", "build", "--network=none", "--tag=test/compiled", "--build-arg=VERSION="+version,
		"--build-arg=BUILDPLATFORM="+platform, "--build-arg=TARGETARCH="+runtime.GOARCH, root)
	theirs, ours := s.save("test/compiled"), functionImages(t, runtime.GOARCH)[allInOne]
	box.Equal(t, "entrypoint", ours.Config.Entrypoint, theirs.Config.Entrypoint)
	box.Equal(t, "user", ours.Config.User, theirs.Config.User)
	box.Equal(t, "files", slices.Sorted(maps.Keys(ours.files)), slices.Sorted(maps.Keys(theirs.files)))
	checkProgram(t, theirs.files["krm-sidecars"], machines[runtime.GOARCH])
	want := s.OK("docker", "run", "--rm", "--network=none", refs[allInOne], "list")
	box.Equal(t, "functions", want, s.OK("docker", "run", "--rm", "--network=none", "test/compiled", "list"))
}

// standInForGo gives the engine an image golang:1.26.
func (s *sandbox) standInForGo(t *testing.T) {
	t.Helper()
	goenv := func(name string) string {
		out, err := exec.Command("go", "env", name).Output()
		box.Check(t, err)
		return strings.TrimSpace(string(out))
	}
	s.OK("cp", "-R", goenv("GOROOT"), "go")
	modules := newSandbox(t, "")
	modules.Env = append(os.Environ(), "GOMODCACHE="+filepath.Join(s.Dir, "mod"), "GOFLAGS=-modcacherw",
		"GOPROXY=file://"+filepath.ToSlash(goenv("GOMODCACHE"))+"/cache/download")
	modules.OK("go", "-C", root, "list", "-deps", ".")
	s.Write("Dockerfile", `FROM scratch
COPY go /usr/local/go/
COPY mod /go/pkg/mod/
WORKDIR /tmp
ENV PATH=/usr/local/go/bin HOME=/root GOPATH=/go GOPROXY=off GOTOOLCHAIN=local
`)
	s.OK("docker", "build", "--tag=golang:1.26", ".")
}
