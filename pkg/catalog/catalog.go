package catalog

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// What a catalog says that it is. The KEP's text has Kind, its schema has
// OtherKind.
const (
	APIVersion = "config.kubernetes.io/v1alpha1"
	Kind       = "Catalog"
	OtherKind  = "KRMFunctionCatalog"
)

// License is how the KEP writes the one license that it allows.
const License = "Apache 2.0"

// Catalog is a list of functions.
type Catalog struct {
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Metadata   metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec       Spec              `json:"spec"`
}

// Spec is the list itself. Of two entries for the same functionConfig the first
// one counts.
type Spec struct {
	Functions []Function `json:"krmFunctions"`
}

// Function is a function, in all versions of its functionConfig.
type Function struct {
	Group       string    `json:"group"`
	Names       Names     `json:"names"`
	Description string    `json:"description"`
	Publisher   string    `json:"publisher"`
	Home        string    `json:"home,omitempty"`
	Maintainers []string  `json:"maintainers,omitempty"`
	Tags        []string  `json:"tags,omitempty"`
	Versions    []Version `json:"versions"`
}

// Names are what functionConfigs are called.
type Names struct {
	Kind string `json:"kind"`
}

// Version is a version of a functionConfig, and what serves it.
type Version struct {
	Name        string   `json:"name"`
	Idempotent  *bool    `json:"idempotent"`
	License     string   `json:"license"`
	Usage       string   `json:"usage"`    // address of the manual
	Examples    []string `json:"examples"` // addresses of READMEs
	Maintainers []string `json:"maintainers,omitempty"`
	Runtime     Runtime  `json:"runtime"`
	Schema      Schema   `json:"schema"`
}

// Runtime says where the function is to be had, in one way or both.
type Runtime struct {
	Container *Container `json:"container,omitempty"`
	Exec      *Exec      `json:"exec,omitempty"`
}

// Container is a function as an image.
type Container struct {
	Image               string `json:"image"`
	SHA256              string `json:"sha256"` // 64 hex digits; empty when there is no such image yet
	RequireNetwork      bool   `json:"requireNetwork"`
	RequireStorageMount bool   `json:"requireStorageMount"`
}

// Exec is a function as a program.
type Exec struct {
	Platforms []Platform `json:"platforms"`
}

// Platform is the program for an operating system and a processor.
type Platform struct {
	Bin    string `json:"bin"`
	OS     string `json:"os"`
	Arch   string `json:"arch"`
	URI    string `json:"uri"`    // of the archive that holds it
	SHA256 string `json:"sha256"` // of the archive; empty when there is none yet
}

// Schema is what functionConfigs look like.
type Schema struct {
	OpenAPIV3Schema map[string]any `json:"openAPIV3Schema"`
}

// header is for people who come upon the file.
const header = `# The functions of krm-sidecars, as KEP-2906 has it. Made by krm-sidecars catalog print; do not edit.
# A sha256 that is empty gets known when the release is built: the catalog that a release brings along has it.
`

// YAML returns the catalog as a text.
func (c *Catalog) YAML() (string, error) {
	v, err := edit.Of(c)
	if err != nil {
		return "", err
	}
	text, err := yamlpatch.Render(v)
	return header + text, err
}
