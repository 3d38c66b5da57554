//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// standIn is a docker that runs the program which the image would hold, without
// the environment and below the root folder. It shows what hosts ask of an image
// where there is no docker; tests/docker runs real ones.
const standIn = `#!/bin/sh
echo "$*" >>"$0.calls"
[ "$1" != version ] || exec echo 28.0.0
while [ $# -gt 0 ]; do
  case $1 in ghcr.io/krm-sidecars/*) break ;; esac
  shift
done
name=${1##*/} && shift
cd / && exec env -i "$(dirname "$0")/../${name%%[@:]*}" "$@"
`

// withStandIn puts the stand-in on the sandbox's PATH, where no program of ours
// is, and returns a function that tells what it was called with.
func (s *sandbox) withStandIn() (calls func() string) {
	s.T.Helper()
	programs := s.T.TempDir()
	for name, path := range binaries {
		box.Check(s.T, os.Symlink(path, filepath.Join(programs, name)))
	}
	bin := filepath.Join(programs, "bin")
	box.Check(s.T, os.Mkdir(bin, 0o755))
	docker := filepath.Join(bin, "docker")
	box.Check(s.T, os.WriteFile(docker, []byte(standIn), 0o755))
	s.Env = append(s.Env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() string {
		s.T.Helper()
		text, err := os.ReadFile(docker + ".calls")
		box.Check(s.T, err)
		return string(text)
	}
}

const logImage = "ghcr.io/krm-sidecars/add-log-sidecar:v0.1.0"

// TestK1_ContainerGivesWhatExecGives in every layer that calls the function.
func TestK1_ContainerGivesWhatExecGives(t *testing.T) {
	for _, tc := range layers {
		t.Run(tc.name, func(t *testing.T) {
			s := newSandbox(t, "kustomize-layers")
			want := s.kustomizeOK(tc.name)
			for _, caller := range []string{"base-with-function", "overlay-with-function", "component"} {
				s.Replace(caller+"/log.yaml", "exec:\n        path: add-log-sidecar", "container:\n        image: "+logImage)
			}
			calls := s.withStandIn()
			box.Equal(t, "build", want, s.kustomizeOK(tc.name))
			box.Equal(t, "sidecars", 1, len(sidecars(want)))
			box.Contains(t, "docker", calls(), "run ", "--network none", "--user nobody", logImage+"\n")
		})
	}
}

// TestP1_ImageGivesWhatExecGives: render by image and by program.
func TestP1_ImageGivesWhatExecGives(t *testing.T) {
	want, s := newSandbox(t, "kpt-package"), newSandbox(t, "kpt-package")
	want.render()
	s.Replace("Kptfile", "exec: add-log-sidecar", "image: "+logImage)
	calls := s.withStandIn()
	s.OK("kpt", "fn", "render", ".")
	s.Replace("Kptfile", "image: "+logImage, "exec: add-log-sidecar")
	box.Equal(t, "package", want.Tree(), s.Tree())
	box.Contains(t, "docker", calls(), "run ", "--network none", "--user nobody", logImage)
}

// TestP7_Doc: kpt shows the manual, which it asks the image for.
func TestP7_Doc(t *testing.T) {
	s := newSandbox(t, "")
	calls := s.withStandIn()
	out := s.OK("kpt", "fn", "doc", "--image", logImage)
	box.Equal(t, "manual", newSandbox(t, "").OK("add-log-sidecar", "--help").Stdout+"\n", out.Stdout)
	box.Contains(t, "docker", calls(), logImage+" --help")
}
