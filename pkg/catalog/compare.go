package catalog

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Compare holds what a catalog, by its name, says of images and archives against
// those that there are. A checksum that it leaves open fits every one. The error
// tells everything that is not so, a line each.
func (c *Catalog) Compare(name string, images, archives Sums) error {
	var errs config.Errors
	for i, f := range c.Spec.Functions {
		for j, v := range f.Versions {
			at := fmt.Sprintf("spec.krmFunctions[%d].versions[%d].runtime", i, j)
			errs = append(errs, v.Runtime.compare(images, archives).Under(at)...)
		}
	}
	return eachLine("checking "+name, errs)
}

func (r *Runtime) compare(images, archives Sums) config.Errors {
	var errs config.Errors
	if r.Container != nil {
		errs = images.compare("container.image", r.Container.Image, "container.sha256", r.Container.SHA256)
	}
	if r.Exec == nil {
		return errs
	}
	for i, p := range r.Exec.Platforms {
		at := fmt.Sprintf("exec.platforms[%d].", i)
		errs = append(errs, archives.compare(at+"uri", path.Base(p.URI), at+"sha256", p.SHA256)...)
	}
	return errs
}

// compare holds a name of the catalog, and the sum that it has for it, against
// what there is.
func (s Sums) compare(at, name, sumAt, sum string) config.Errors {
	var errs config.Errors
	there, ok := s[name]
	switch {
	case s == nil:
	case !ok:
		errs.Addf(at, "there is no %s; %s", name, s.advice(name))
	case sum != "" && sum != there:
		errs.Addf(sumAt, "%s is not the SHA-256 of %s, which is %s; make the catalog anew", sum, name, there)
	}
	return errs
}

// maxNames is the number of names up to which an error lists them all.
const maxNames = 8

// advice says which name may have been meant.
func (s Sums) advice(name string) string {
	names := slices.Sorted(maps.Keys(s))
	if near := config.Nearest(name, names); near != "" {
		return "did you mean " + near + "?"
	}
	if len(names) > maxNames {
		names = append(names[:maxNames], "others")
	}
	return "there are " + strings.Join(names, ", ")
}

// Summary counts what the catalog has, and how much of it has a checksum.
func (c *Catalog) Summary() string {
	var images, programs tally
	for _, f := range c.Spec.Functions {
		for _, v := range f.Versions {
			if v.Runtime.Container != nil {
				images.add(v.Runtime.Container.SHA256)
			}
			if v.Runtime.Exec == nil {
				continue
			}
			for _, p := range v.Runtime.Exec.Platforms {
				programs.add(p.SHA256)
			}
		}
	}
	return fmt.Sprintf("%d functions, %d images (%d with a digest), %d programs (%d with a checksum)",
		len(c.Spec.Functions), images.all, images.known, programs.all, programs.known)
}

// tally counts checksums.
type tally struct{ all, known int }

func (t *tally) add(sum string) {
	t.all++
	if sum != "" {
		t.known++
	}
}
