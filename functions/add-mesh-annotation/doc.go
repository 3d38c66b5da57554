// Package meshannotation implements add-mesh-annotation: it writes the labels and
// annotations by which a service mesh, or another injector, knows the pods that
// get a proxy, and those that configure the proxy. The mesh's own webhook does
// the rest.
//
// The settings of a mesh are the fields of a struct, one file each. A field's tag
// says which label or annotation it stands for and what the value must look like:
//
//	mesh:"<key>[#<member>],<format>[,<flag>...]"
//
// See tag.go for the flags and format.go for the formats. The same tags tell what
// to make of the labels and annotations that a manifest has already.
//
//	apiVersion: krm-sidecars.dev/v1alpha1
//	kind: AddMeshAnnotation
//	metadata:
//	  name: mesh
//	spec:
//	  mesh: istio
package meshannotation
