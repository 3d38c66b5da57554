package main

import (
	"encoding/json"
	"fmt"

	apiext "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/controller-tools/pkg/crd"
	crdmarkers "sigs.k8s.io/controller-tools/pkg/crd/markers"
	"sigs.k8s.io/controller-tools/pkg/markers"
)

// register makes the markers of kubebuilder known, and some of ours for what
// those cannot say.
func register(r *markers.Registry) error {
	if err := (crd.Generator{}).RegisterMarkers(r); err != nil {
		return err
	}
	for _, m := range []struct {
		name string
		on   markers.TargetType
		as   any
	}{
		{"krm-sidecars:text", markers.DescribesField, text("")},
		{"krm-sidecars:portOr", markers.DescribesField, portOr("")},
		{"krm-sidecars:portOr", markers.DescribesType, portOr("")},
		{"krm-sidecars:words", markers.DescribesType, words(nil)},
		{"krm-sidecars:oneOf", markers.DescribesType, oneOf(nil)},
		{"krm-sidecars:anyOf", markers.DescribesType, anyOf(nil)},
		{partKind, markers.DescribesField, struct{}{}},
	} {
		if err := r.Define(m.name, m.on, m.as); err != nil {
			return err
		}
	}
	return nil
}

// text is what a text has to look like, by its name in the table of patterns. On
// a list or a map it is about the elements.
type text string

// ApplyToSchema adds the pattern.
func (t text) ApplyToSchema(_ *crdmarkers.SchemaContext, s *apiext.JSONSchemaProps) error {
	switch {
	case s.Items != nil && s.Items.Schema != nil:
		s = s.Items.Schema
	case s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil:
		s = s.AdditionalProperties.Schema
	}
	var err error
	s.Pattern, err = pattern(string(t))
	return err
}

func pattern(name string) (string, error) {
	p, ok := patterns()[name]
	if !ok {
		return "", fmt.Errorf("%q is the name of no pattern in texts.go", name)
	}
	return p, nil
}

// portOr is a port number, or a text: the name of a pattern.
type portOr string

// ApplyToSchema says so.
func (p portOr) ApplyToSchema(_ *crdmarkers.SchemaContext, s *apiext.JSONSchemaProps) error {
	var err error
	least, most := 1.0, 65535.0
	s.Type, s.XIntOrString, s.Minimum, s.Maximum = "", true, &least, &most
	if s.Ref == nil {
		s.AnyOf = []apiext.JSONSchemaProps{{Type: "integer"}, {Type: "string"}}
	}
	s.Pattern, err = pattern(string(p))
	return err
}

// words are the words that an object can be written as, instead.
type words []string

// ApplyPriority comes after what is said about the object.
func (words) ApplyPriority() crdmarkers.ApplyPriority { return crdmarkers.ApplyPriorityDefault + 1 }

// ApplyToSchema says "one of these words, or an object" in a way that is
// structural: there, no type can be chosen. What is no text at all is as long as
// no text.
//
//nolint:unparam // as the interface has it
func (w words) ApplyToSchema(_ *crdmarkers.SchemaContext, s *apiext.JSONSchemaProps) error {
	none := int64(0)
	s.Type, s.XPreserveUnknownFields = "", new(true)
	s.AnyOf = []apiext.JSONSchemaProps{{Enum: enum(w)}, {MaxLength: &none}}
	return nil
}

// enum lists words as JSON.
func enum(words []string) []apiext.JSON {
	var all []apiext.JSON
	for _, w := range words {
		data, _ := json.Marshal(w) // a string
		all = append(all, apiext.JSON{Raw: data})
	}
	return all
}

// oneOf names fields of which exactly one is set, anyOf such of which one is set
// at least.
type (
	oneOf []string
	anyOf []string
)

// ApplyToSchema requires each of them in a branch of its own.
func (o oneOf) ApplyToSchema(_ *crdmarkers.SchemaContext, s *apiext.JSONSchemaProps) (err error) {
	s.OneOf, err = branches(s, o)
	return err
}

// ApplyToSchema requires each of them in a branch of its own.
func (o anyOf) ApplyToSchema(_ *crdmarkers.SchemaContext, s *apiext.JSONSchemaProps) (err error) {
	s.AnyOf, err = branches(s, o)
	return err
}

func branches(s *apiext.JSONSchemaProps, fields []string) ([]apiext.JSONSchemaProps, error) {
	var all []apiext.JSONSchemaProps
	for _, name := range fields {
		if _, ok := s.Properties[name]; !ok {
			return nil, fmt.Errorf("a marker of the type names %s, which is no field", name)
		}
		all = append(all, apiext.JSONSchemaProps{Required: []string{name}})
	}
	return all, nil
}

// literal is a schema for what controller-tools has none for.
type literal apiext.JSONSchemaProps

// ApplyFirst lets markers in the source add to it.
func (literal) ApplyFirst() {}

// ApplyToSchema takes the place of what is there, but for the description.
//
//nolint:unparam // as the interface has it
func (l literal) ApplyToSchema(_ *crdmarkers.SchemaContext, s *apiext.JSONSchemaProps) error {
	about := s.Description
	*s = *(*apiext.JSONSchemaProps)(&l).DeepCopy()
	s.Description = about
	return nil
}

// each visits all parts of a schema.
type each func(*apiext.JSONSchemaProps)

// Visit calls the function.
func (f each) Visit(s *apiext.JSONSchemaProps) crd.SchemaVisitor {
	if s != nil {
		f(s)
	}
	return f
}
