// Package injectsidecars implements inject-sidecars: it runs several functions in
// one pass, so that hosts call one function, and each document is read and written
// once.
//
//	apiVersion: krm-sidecars.dev/v1alpha1
//	kind: InjectSidecars
//	metadata:
//	  name: web
//	spec:
//	  functions:
//	  - kind: AddLogSidecar
//	    name: logs
//	    spec:
//	      logs:
//	      - paths: [/var/log/app/app.log]
package injectsidecars
