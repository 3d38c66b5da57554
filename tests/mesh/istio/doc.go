// Package istio runs Istio's own sidecar injector, and calls it as an API server
// does, without a cluster.
package istio
