package main

import (
	"slices"
	"strings"

	apiext "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	crdmarkers "sigs.k8s.io/controller-tools/pkg/crd/markers"
	"sigs.k8s.io/controller-tools/pkg/markers"
)

// meshFormat is the format in a struct tag mesh:"key,format,...", by which
// add-mesh-annotation checks the value of a field: a name, or words as in a|b|c.
type meshFormat string

// formatOf returns the format of a field, if it has one.
func formatOf(f *markers.FieldInfo) (meshFormat, bool) {
	parts := strings.Split(f.Tag.Get("mesh"), ",")
	if len(parts) < 2 {
		return "", false
	}
	return meshFormat(parts[1]), true
}

// meshTexts are the patterns of formats, by their names; those of lists and maps
// are about the elements.
func meshTexts() map[meshFormat]string {
	return map[meshFormat]string{
		"addresses":      "ip-or-cidr",
		"app-id":         "dns-label",
		"choice":         "choice",
		"cidrs":          "cidr",
		"cidrs-or-all":   "cidr-or-all",
		"dns-label":      "dns-label",
		"dns-labels":     "dns-label",
		"duration":       "duration",
		"host-ports":     "address",
		"label-value":    "label-value",
		"mounts":         "absolute",
		"name":           "object-name",
		"names":          "object-name",
		"path":           "absolute",
		"ports-of-users": "ports-of-users",
		"quantity":       "quantity",
		"ratio":          "ratio",
		"upstreams":      "upstream",
	}
}

// ApplyToSchema adds what the format says about the value, or its elements, and
// that there are some.
func (f meshFormat) ApplyToSchema(_ *crdmarkers.SchemaContext, s *apiext.JSONSchemaProps) error {
	one := int64(1)
	switch {
	case s.Items != nil:
		if !strings.HasSuffix(string(f), "-or-all") { // there, an empty list means none
			s.MinItems = &one
		}
		s = s.Items.Schema
	case s.AdditionalProperties != nil:
		if f.isWhole() {
			s.MinProperties = &one
		}
		s = s.AdditionalProperties.Schema
	}
	return f.rule(s)
}

// isWhole: all entries of a map are one annotation.
func (f meshFormat) isWhole() bool {
	return slices.Contains([]meshFormat{"component-levels", "env", "env-commas", "env-semicolons", "mounts", "pairs"}, f)
}

// rule adds the rule for one value. Booleans need none, and ports have theirs with
// their type.
func (f meshFormat) rule(s *apiext.JSONSchemaProps) error {
	var err error
	switch name, ok := meshTexts()[f]; {
	case s.Type == "integer":
		f.bound(s)
	case s.Type != "string":
	case f == "component-levels":
		s.Enum = enum(strings.Split("trace|debug|info|warning|error|critical|off", "|"))
	case strings.Contains(string(f), "|"):
		s.Enum = enum(strings.Split(string(f), "|"))
	case ok:
		s.Pattern, err = pattern(name)
	}
	return err
}

// bound adds the bounds of a number.
func (f meshFormat) bound(s *apiext.JSONSchemaProps) {
	none, one, last := 0.0, 1.0, 65535.0
	s.Minimum = &none
	switch f {
	case "port":
		s.Minimum, s.Maximum = &one, &last
	case "port-or-zero":
		s.Maximum = &last
	}
}
