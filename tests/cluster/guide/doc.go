// Package guide runs the init containers and sidecars that guides to Kubernetes
// name: what waits, prepares, checks, fetches and migrates in front of an app, and
// what runs beside it.
package guide
