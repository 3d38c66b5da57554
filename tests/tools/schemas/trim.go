package main

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	apiext "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/controller-tools/pkg/crd"
)

// trim reduces the types of Kubernetes to their fields and types: the API server
// judges them, and what it requires of a container is not required of a few
// fields that override one.
func trim(p *crd.Parser) {
	for id, s := range p.Schemata {
		if !strings.HasPrefix(id.Package.PkgPath, "k8s.io/") {
			continue
		}
		crd.EditSchema(&s, each(func(s *apiext.JSONSchemaProps) {
			s.Description, s.Default, s.Required = "", nil, nil
			s.XListType, s.XListMapKeys, s.XMapType = nil, nil, nil
		}))
		p.Schemata[id] = check(id, s)
	}
}

// check adds what config.Common checks of a container, and keeps metadata.
func check(id crd.TypeIdent, s apiext.JSONSchemaProps) apiext.JSONSchemaProps {
	if id.Name == "ObjectMeta" {
		s.XPreserveUnknownFields = new(true) // API servers would drop all of it
	}
	if id.Name != "Container" {
		return s
	}
	name, pull := s.Properties["name"], s.Properties["imagePullPolicy"]
	name.Pattern = patterns()["dns-label"]
	pull.Enum = enum([]string{string(corev1.PullAlways), string(corev1.PullIfNotPresent), string(corev1.PullNever)})
	s.Properties["name"], s.Properties["imagePullPolicy"] = name, pull
	return s
}
