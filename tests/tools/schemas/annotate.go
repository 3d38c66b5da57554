package main

import (
	"go/ast"
	"strings"

	apiext "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/controller-tools/pkg/crd"
	crdmarkers "sigs.k8s.io/controller-tools/pkg/crd/markers"
	"sigs.k8s.io/controller-tools/pkg/markers"
)

// partKind marks fields that name the kind of a function that a composite runs.
const partKind = "krm-sidecars:partKind"

// annotate gives markers to fields whose Go source says it already: by the type
// any, by the struct tag mesh, and by being the kind of one of the functions.
func annotate(p *crd.Parser, kinds crdmarkers.Enum) {
	for id, info := range p.Types {
		if !strings.HasPrefix(id.Package.PkgPath, module) {
			continue
		}
		for i := range info.Fields {
			f := &info.Fields[i]
			if s := free(f.RawField.Type); s != nil {
				mark(f, crdmarkers.SchemalessName, crdmarkers.Schemaless{})
				mark(f, "krm-sidecars:free", literal(*s))
			}
			if f.Markers.Get(partKind) != nil {
				mark(f, enumOf(f), kinds)
			}
			if format, ok := formatOf(f); ok {
				mark(f, "krm-sidecars:meshFormat", format)
			}
		}
	}
}

// enumOf is the marker that lists the words of a field, or of its elements.
func enumOf(f *markers.FieldInfo) string {
	if _, ok := f.RawField.Type.(*ast.ArrayType); ok {
		return "kubebuilder:validation:items:Enum"
	}
	return "kubebuilder:validation:Enum"
}

func mark(f *markers.FieldInfo, name string, value any) {
	if f.Markers == nil {
		f.Markers = markers.MarkerValues{}
	}
	f.Markers[name] = []any{value}
}

// free is the schema of a type that may hold anything; nil for other types.
func free(t ast.Expr) *apiext.JSONSchemaProps {
	switch t := t.(type) {
	case *ast.Ident:
		if t.Name == "any" {
			return &apiext.JSONSchemaProps{XPreserveUnknownFields: new(true)}
		}
	case *ast.MapType:
		if free(t.Value) != nil {
			return &apiext.JSONSchemaProps{Type: "object", XPreserveUnknownFields: new(true)}
		}
	case *ast.ArrayType:
		if items := free(t.Elt); items != nil {
			return &apiext.JSONSchemaProps{Type: "array", Items: &apiext.JSONSchemaPropsOrArray{Schema: items}}
		}
	}
	return nil
}
