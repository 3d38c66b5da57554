package kube

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// Image is an image to be made of files of this machine.
type Image struct {
	Name       string            // as manifests have it, tag included
	Files      map[string]string // paths in the image, to files and folders here
	Texts      map[string]string // paths in the image, to what the files hold
	Links      map[string]string // paths in the image, to what the links say
	Entrypoint []string
	Cmd        []string
	Env        []string
	User       string
}

// Image makes an image and hands it to containerd, unless it has it. The libraries
// that the programs among its files need come with them. It is not for parallel
// tests.
func (c *Cluster) Image(t *testing.T, image Image) {
	t.Helper()
	if !reflect.DeepEqual(c.loaded[image.Name], image) {
		box.Check(t, c.load(image))
		c.loaded[image.Name] = image
	}
}

// Busybox is an image of Debian's static busybox with all its applets, under a
// name of your choice.
func Busybox(name string) Image {
	image := Image{
		Name: name, Files: map[string]string{"/bin/busybox": "/bin/busybox"}, Links: map[string]string{}, Cmd: []string{"sh"},
		Texts: map[string]string{"/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"},
	}
	applets, err := exec.Command("busybox", "--list").Output()
	if err != nil {
		applets = []byte("sh\n")
	}
	for applet := range strings.Lines(string(applets)) {
		if applet = strings.TrimSpace(applet); applet != "busybox" {
			image.Links["/bin/"+applet] = "busybox"
		}
	}
	return image
}

// pauseSource is an image of a program that does nothing, and reaps.
func pauseSource() Image {
	image := Busybox(pauseImage)
	image.Entrypoint = []string{"sh", "-c", `trap "exit 0" TERM INT; while :; do sleep 86400 & wait $!; done`}
	return image
}

// load makes an image and hands it to containerd.
func (c *Cluster) load(image Image) error {
	dir, err := os.MkdirTemp(c.state, "image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	archive := filepath.Join(dir, "image.tar")
	if err := image.archive(dir, archive); err != nil {
		return fmt.Errorf("making the image %s: %w", image.Name, err)
	}
	return c.ctr("images", "import", archive)
}
