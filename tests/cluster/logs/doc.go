// Package logs runs pods that add-log-sidecar has changed, and reads what their
// sidecars print.
package logs
