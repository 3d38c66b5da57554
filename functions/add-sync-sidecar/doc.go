// Package syncsidecar is the function add-sync-sidecar: it keeps files of a pod in
// step with what they come from, and tells the app when they have changed.
//
// Each source has a file of its own, whose type tells how its container runs.
package syncsidecar
