package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Read reads a catalog. Fields that it does not know may be there: the KEP is
// not settled.
func Read(file, src string) (*Catalog, error) {
	var c Catalog
	root, err := parse(file, src)
	if err != nil {
		return nil, err
	}
	if err := config.DecodeLenient(root, &c); err != nil {
		return nil, fmt.Errorf("reading catalog %s: %w", file, err)
	}
	return &c, nil
}

// ReadStrict is Read for a catalog that is to be as the KEP has it. The error
// tells everything that is wrong, a line each.
func ReadStrict(file, src string) (*Catalog, error) {
	var c Catalog
	root, err := parse(file, src)
	if err != nil {
		return nil, err
	}
	errs := config.DecodeNode(root, &c, "")
	if err := eachLine("reading catalog "+file, append(errs, c.Validate()...)); err != nil {
		return nil, err
	}
	return &c, nil
}

// eachLine is an error with a line for each of errs, all with words in front.
func eachLine(words string, errs config.Errors) error {
	lines := slices.Clone(errs)
	for i, e := range lines {
		lines[i] = config.FieldError{Msg: words + ": " + e.Error()}
	}
	return lines.Err()
}

// parse parses a text that is a catalog, whatever else it says.
func parse(file, src string) (*yamlpatch.Node, error) {
	d, err := yamlpatch.Parse(src, 0)
	if err != nil {
		return nil, fmt.Errorf("reading catalog %s: %w", file, err)
	}
	h := config.ReadHeader(d.Root)
	if h.APIVersion != APIVersion || !slices.Contains([]string{Kind, OtherKind}, h.Kind) {
		return nil, fmt.Errorf("reading catalog %s: it is no catalog: apiVersion %q and kind %q should be %s and %s", file, h.APIVersion, h.Kind, APIVersion, Kind)
	}
	return d.Root, nil
}

// version returns what the catalog has for a functionConfig.
func (c *Catalog) version(h config.Header) (*Version, error) {
	if h.Kind == "" {
		return nil, errors.New("it is no functionConfig: it has no kind")
	}
	for _, f := range c.Spec.Functions {
		for _, v := range f.Versions {
			if h.Kind == f.Names.Kind && h.APIVersion == f.Group+"/"+v.Name {
				return &v, nil
			}
		}
	}
	return nil, fmt.Errorf("the catalog has no %s of %q; it has %s", h.Kind, h.APIVersion, c.kinds())
}

// kinds lists what the catalog has.
func (c *Catalog) kinds() string {
	var all []string
	last := ""
	for _, f := range c.Spec.Functions {
		for _, v := range f.Versions {
			name := f.Names.Kind
			if of := f.Group + "/" + v.Name; of != last {
				last, name = of, of+" "+name
			}
			all = append(all, name)
		}
	}
	if len(all) == 0 {
		return "no functions at all"
	}
	return strings.Join(all, ", ")
}
