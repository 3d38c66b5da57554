// Package exporters runs apps with the exporters that add-exporter gives them, and
// goes the ways by which a Prometheus finds them.
package exporters
