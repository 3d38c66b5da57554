//go:build docker

package docker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

const onProgram = `"exec: {path: krm-sidecars}"`

// patterns are the examples that are kustomizations, kpt packages and charts.
func patterns(t *testing.T) []string {
	t.Helper()
	folders, err := os.ReadDir(filepath.Join(root, "examples/patterns"))
	box.Check(t, err)
	var names []string
	for _, f := range folders {
		names = append(names, "examples/patterns/"+f.Name())
	}
	return names
}

// TestK1_ContainerGivesWhatExecGives, whether the image of all functions runs or
// that of each.
func TestK1_ContainerGivesWhatExecGives(t *testing.T) {
	for _, folder := range patterns(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			want := newSandbox(t, folder).OK("kustomize", "build", "--enable-alpha-plugins", "--enable-exec", ".")
			box.Contains(t, "build", want.Stdout, "krm-sidecars.dev/")

			all := newSandbox(t, folder)
			all.replace(onProgram, container(allInOne))
			box.Equal(t, "the image of all functions", want.Stdout, all.build())

			each := newSandbox(t, folder)
			each.useImageOfEach(t)
			box.Equal(t, "the image of each function", want.Stdout, each.build())
		})
	}
}

func container(image string) string { return `"container: {image: '` + refs[image] + `'}"` }

// build lets kustomize run containers, and no programs.
func (s *sandbox) build() string {
	s.T.Helper()
	return s.OK("kustomize", "build", "--enable-alpha-plugins", ".").Stdout
}

func (s *sandbox) useImageOfEach(t *testing.T) {
	t.Helper()
	for name, text := range s.Tree() {
		for _, f := range list {
			if strings.Contains(text, "kind: "+f.kind+"\n") && strings.Contains(text, onProgram) {
				s.Write(name, strings.ReplaceAll(text, onProgram, container(f.name)))
			}
		}
	}
}

// TestK1_AsCurrentUser: with --as-current-user the container has another user.
func TestK1_AsCurrentUser(t *testing.T) {
	s := newSandbox(t, "examples/patterns/log-sidecar")
	s.replace(onProgram, container(allInOne))
	box.Equal(t, "build", s.build(), s.OK("kustomize", "build", "--enable-alpha-plugins", "--as-current-user", ".").Stdout)
}

// TestK1_FailureNamesTheFunction: kustomize passes on what the container says.
func TestK1_FailureNamesTheFunction(t *testing.T) {
	s := newSandbox(t, "examples/patterns/log-sidecar")
	s.replace(onProgram, container("add-log-sidecar"))
	s.replace("paths:", "pathz:")
	out := s.Pipe("", "kustomize", "build", "--enable-alpha-plugins", ".")
	box.Equal(t, "exit code", 1, out.Code)
	box.Contains(t, "stderr", out.Stderr, "add-log-sidecar: error", "pathz", "did you mean paths?")
}
