// Package initcontainer implements add-init-container: it has a pod wait for what
// it needs, migrate a database, fetch, render or check files, or do anything else
// before the app starts.
//
//	apiVersion: krm-sidecars.dev/v1alpha1
//	kind: AddInitContainer
//	metadata:
//	  name: wait-for-db
//	spec:
//	  waitFor:
//	  - tcp: db:5432
package initcontainer
