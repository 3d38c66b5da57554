// Package exporter implements add-exporter: it adds the Prometheus exporter that
// an app needs, has the app serve what the exporter reads, and tells Prometheus
// where to find it.
//
//	apiVersion: krm-sidecars.dev/v1alpha1
//	kind: AddExporter
//	metadata:
//	  name: nginx-metrics
//	spec:
//	  preset: nginx
package exporter
