package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
	apiext "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/controller-tools/pkg/crd"
	crdmarkers "sigs.k8s.io/controller-tools/pkg/crd/markers"
	"sigs.k8s.io/controller-tools/pkg/loader"
	"sigs.k8s.io/controller-tools/pkg/markers"

	"github.com/krm-sidecars/krm-sidecars/pkg/schema"
)

const (
	module     = "github.com/krm-sidecars/krm-sidecars"
	apiVersion = "krm-sidecars.dev/v1alpha1"
)

// generate returns the contents of all files, by their names below root.
func generate(root string, functions []function) (map[string][]byte, error) {
	specs, err := parse(root, functions)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for i, f := range functions {
		openAPI, err := encode(f.whole(specs[i]))
		if err != nil {
			return nil, err
		}
		files[f.schema()] = append(openAPI, '\n')
		editor, err := schema.JSON(string(openAPI))
		if err != nil {
			return nil, fmt.Errorf("deriving the JSON schema of %s: %w", f.kind, err)
		}
		files[f.editor()] = []byte(editor)
	}
	return files, nil
}

// parse returns the schemas of the configs, one for each function.
func parse(root string, functions []function) ([]apiext.JSONSchemaProps, error) {
	roots, err := loader.LoadRootsWithConfig(&packages.Config{Dir: root}, paths(functions)...)
	if err != nil {
		return nil, err
	}
	for i, path := range paths(functions) {
		if i >= len(roots) || roots[i].PkgPath != path {
			return nil, fmt.Errorf("loading packages: no %s", path)
		}
	}
	registry := &markers.Registry{}
	if err := register(registry); err != nil {
		return nil, err
	}
	p := &crd.Parser{Collector: &markers.Collector{Registry: registry}, Checker: &loader.TypeChecker{}, IgnoreUnexportedFields: true}
	crd.AddKnownTypes(p)
	for _, pkg := range roots {
		p.NeedPackage(pkg)
		p.NeedPackage(pkg.Imports()[module+"/pkg/config"])
	}
	annotate(p, singles(roots, functions))
	var specs []apiext.JSONSchemaProps
	for _, pkg := range roots {
		config := crd.TypeIdent{Package: pkg, Name: "Config"}
		p.NeedSchemaFor(config)
		trim(p)
		hide(p, config, pkg.Imports()[module+"/pkg/config"])
		p.NeedFlattenedSchemaFor(config)
		specs = append(specs, p.FlattenedSchemata[config])
	}
	if loader.PrintErrors(roots, packages.TypeError) {
		return nil, errors.New("the types cannot be described; see above")
	}
	return specs, nil
}

// singles are the kinds of the functions that can be parts of others: those of
// which no type has a method Composition, Leaving or Adjust.
func singles(roots []*loader.Package, functions []function) crdmarkers.Enum {
	var kinds crdmarkers.Enum
	for i, pkg := range roots {
		if !slices.ContainsFunc(pkg.Syntax, standsAlone) {
			kinds = append(kinds, functions[i].kind)
		}
	}
	return kinds
}

func standsAlone(file *ast.File) bool {
	return slices.ContainsFunc(file.Decls, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		return ok && f.Recv != nil && slices.Contains([]string{"Composition", "Leaving", "Adjust"}, f.Name.Name)
	})
}

// paths are the packages, in the order of the functions.
func paths(functions []function) []string {
	var all []string
	for _, f := range functions {
		all = append(all, module+"/functions/"+f.name)
	}
	return all
}

// whole is the schema of a functionConfig with that spec.
func (f function) whole(spec apiext.JSONSchemaProps) apiext.JSONSchemaProps {
	about := strings.Replace(spec.Description, "Config", f.kind, 1)
	required := []string{"apiVersion", "kind", "metadata", "spec"}
	if least := spec.MinProperties; least != nil && *least == 0 { // so that it may be left out
		required, spec.MinProperties = required[:3], nil
	}
	spec.Description = ""
	whole := apiext.JSONSchemaProps{
		Description: about,
		Type:        "object",
		Required:    required,
		Properties: map[string]apiext.JSONSchemaProps{
			"apiVersion": {Type: "string", Enum: []apiext.JSON{quoted(apiVersion)}},
			"kind":       {Type: "string", Enum: []apiext.JSON{quoted(f.kind)}},
			"metadata":   {Type: "object"},
			"spec":       spec,
		},
	}
	crd.EditSchema(&whole, each(func(s *apiext.JSONSchemaProps) {
		s.Description = strings.Join(strings.Fields(s.Description), " ")
		if s.Items != nil {
			s.Items.Schema.Description = "" // the list has one
		}
	}))
	return whole
}

// quoted is a text as JSON.
func quoted(text string) apiext.JSON { return apiext.JSON{Raw: []byte(`"` + text + `"`)} }

// encode writes compact JSON, with <, > and & as they are.
func encode(s apiext.JSONSchemaProps) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(s)
	return bytes.TrimSpace(b.Bytes()), err
}
