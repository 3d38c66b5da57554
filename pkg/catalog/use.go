package catalog

import (
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Use is how functions are to be run.
type Use struct {
	Container bool   // as images; else as programs
	ByTag     bool   // a tag will do, which may come to mean another image
	Platform  string // such as linux/amd64: where programs are to run
	Path      string // of the program, where its name in PATH does not do
}

// reference is a function in the words of hosts.
type reference struct {
	container bool
	target    string // image or program
}

// reference returns what a host needs to run a functionConfig.
func (c *Catalog) reference(h config.Header, use Use) (reference, error) {
	v, err := c.version(h)
	if err != nil {
		return reference{}, err
	}
	if use.Container {
		return v.Runtime.image(h.Kind, use)
	}
	return v.Runtime.program(h.Kind, use)
}

func (r *Runtime) image(kind string, use Use) (reference, error) {
	in := r.Container
	switch {
	case in == nil:
		return reference{}, fmt.Errorf("the catalog has no image of %s; use --runtime exec", kind)
	case use.ByTag, strings.Contains(in.Image, "@"): // it may have its digest behind it
		return reference{container: true, target: in.Image}, nil
	case in.SHA256 == "":
		return reference{}, fmt.Errorf("the catalog has no digest of %s; give the catalog of a release with --catalog, or use --by-tag", in.Image)
	}
	return reference{container: true, target: withoutTag(in.Image) + "@sha256:" + strings.TrimPrefix(in.SHA256, "sha256:")}, nil
}

// withoutTag returns the name of an image alone. The colon of a registry's port
// begins no tag.
func withoutTag(image string) string {
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		return image[:i]
	}
	return image
}

// program returns the bare name of a program: hosts look for it in PATH, on
// Windows also for one that ends with .exe.
func (r *Runtime) program(kind string, use Use) (reference, error) {
	if r.Exec == nil {
		return reference{}, fmt.Errorf("the catalog has no program of %s; use --runtime container", kind)
	}
	if use.Path != "" {
		return reference{target: use.Path}, nil
	}
	var have []string
	for _, p := range r.Exec.Platforms {
		name := p.OS + "/" + p.Arch
		if name == use.Platform {
			return reference{target: strings.TrimSuffix(p.Bin, ".exe")}, nil
		}
		have = append(have, name)
	}
	return reference{}, fmt.Errorf("the catalog has no program of %s for %s; it has %s; choose with --platform, or name yours with --exec-path",
		kind, use.Platform, strings.Join(have, ", "))
}
