package config

import (
	"cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Group is the API group of all functionConfigs.
const Group = "krm-sidecars.dev"

// APIVersion is the one version of the functionConfigs that is read.
const APIVersion = Group + "/v1alpha1"

// Header tells which function a functionConfig is for, and its instance.
type Header struct {
	APIVersion, Kind, Name, Namespace string
	Path, Index                       string // where a host has read the config, if it tells
}

// IsConfigMap reports whether the config is a v1 ConfigMap, which does not tell
// the function that it is for.
func (h Header) IsConfigMap() bool { return h.APIVersion == "v1" && h.Kind == "ConfigMap" }

// hostAnnotation reads an annotation by which hosts tell where an object lies.
func hostAnnotation(meta *yamlpatch.Node, name string) string {
	all := lookup(meta, "annotations")
	return cmp.Or(lookup(all, "internal.config.kubernetes.io/"+name).Str(), lookup(all, "config.kubernetes.io/"+name).Str())
}

// ReadHeader reads the header of a functionConfig. What is not there, or is no
// scalar, stays empty: Decode says what is wrong.
func ReadHeader(root *yamlpatch.Node) Header {
	meta := lookup(root, "metadata")
	return Header{
		APIVersion: lookup(root, "apiVersion").Str(),
		Kind:       lookup(root, "kind").Str(),
		Name:       lookup(meta, "name").Str(),
		Namespace:  lookup(meta, "namespace").Str(),
		Path:       hostAnnotation(meta, "path"),
		Index:      hostAnnotation(meta, "index"),
	}
}
