package main

import (
	"strings"

	"sigs.k8s.io/controller-tools/pkg/crd"
	"sigs.k8s.io/controller-tools/pkg/loader"
)

// hide keeps the shared fields that a config has a field of its own for out of
// its schema, as Go and our decoder do it: flattened, both would be required.
func hide(p *crd.Parser, config crd.TypeIdent, shared *loader.Package) {
	const name = "Common"
	spec := p.Schemata[config]
	common := p.Schemata[crd.TypeIdent{Package: shared, Name: name}]
	rest := *common.DeepCopy()
	for field := range spec.Properties {
		delete(rest.Properties, field)
	}
	if len(rest.Properties) == len(common.Properties) {
		return
	}
	own := name + "Of" + config.Package.Name
	p.Schemata[crd.TypeIdent{Package: shared, Name: own}] = rest
	for i, part := range spec.AllOf {
		if part.Ref != nil && strings.HasSuffix(*part.Ref, "~0"+name) {
			ref := strings.TrimSuffix(*part.Ref, name) + own
			spec.AllOf[i].Ref = &ref
		}
	}
}
