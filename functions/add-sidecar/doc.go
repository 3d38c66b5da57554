// Package sidecar implements add-sidecar: it adds any container, given as plain
// Kubernetes YAML, as a sidecar or an init container, and connects it with the
// app: volumes, variables and resources.
//
//	apiVersion: krm-sidecars.dev/v1alpha1
//	kind: AddSidecar
//	metadata:
//	  name: reload
//	spec:
//	  container:
//	    name: reload
//	    image: registry.example.com/reload:1.4.2
package sidecar
