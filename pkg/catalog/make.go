package catalog

import (
	"errors"
	"fmt"
	"path"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Listing is what kpt's catalog of functions reads about a function, from its
// metadata.yaml.
type Listing struct {
	Image              string   `json:"image"`
	Description        string   `json:"description"`
	Tags               []string `json:"tags"`
	SourceURL          string   `json:"sourceURL"`
	ExamplePackageURLs []string `json:"examplePackageURLs"`
	Emails             []string `json:"emails"`
	License            string   `json:"license"`
}

// ReadListing reads the metadata.yaml of a function.
func ReadListing(f krm.Function) (Listing, error) {
	var l Listing
	d, err := yamlpatch.Parse(f.Metadata, 0)
	if err == nil {
		err = config.DecodeNode(d.Root, &l, "").Err()
	}
	if err == nil && len(l.ExamplePackageURLs) == 0 {
		err = errors.New("examplePackageURLs: missing; name an example")
	}
	if err != nil {
		return l, fmt.Errorf("reading functions/%s/metadata.yaml: %w", f.Name, err)
	}
	return l, nil
}

// Of returns the catalog of functions as one release has them.
func Of(functions []krm.Function, r Release) (*Catalog, error) {
	c := &Catalog{APIVersion: APIVersion, Kind: Kind, Metadata: metav1.ObjectMeta{Name: program}}
	for _, f := range functions {
		entry, err := r.entry(f)
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", f.Name, err)
		}
		c.Spec.Functions = append(c.Spec.Functions, entry)
	}
	return c, nil
}

func (r Release) entry(f krm.Function) (Function, error) {
	listing, err := ReadListing(f)
	if err != nil {
		return Function{}, err
	}
	v, err := r.version(f)
	if err != nil {
		return Function{}, err
	}
	for _, url := range listing.ExamplePackageURLs {
		v.Examples = append(v.Examples, r.readme(strings.TrimPrefix(url, Home+"/tree/main/")))
	}
	return Function{
		Group: config.Group, Names: Names{Kind: f.Kind}, Description: f.Short, Publisher: Publisher, Home: Home,
		Tags: listing.Tags, Versions: []Version{v},
	}, nil
}

// readme is the address of the README in a folder, as the release has it.
func (r Release) readme(folder string) string {
	return Home + "/blob/" + path.Join(r.Version, folder, "README.md")
}

func (r Release) version(f krm.Function) (Version, error) {
	always := true
	v := Version{
		Name: path.Base(config.APIVersion), Idempotent: &always, License: License, Usage: r.readme("functions/" + f.Name),
	}
	schema, err := yamlpatch.Parse(f.Schema, 0)
	if err == nil {
		err = config.DecodeLenient(schema.Root, &v.Schema.OpenAPIV3Schema)
	}
	if err == nil && len(v.Schema.OpenAPIV3Schema) == 0 {
		err = errors.New("it is empty; run make schemas")
	}
	if err != nil {
		return v, fmt.Errorf("reading functions/%s/schema.json: %w", f.Name, err)
	}
	platforms, err := r.platforms()
	if err != nil {
		return v, err
	}
	v.Runtime.Exec = &Exec{Platforms: platforms}
	v.Runtime.Container, err = r.container(f.Name)
	return v, err
}
