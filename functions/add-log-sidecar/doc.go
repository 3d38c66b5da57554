// Package logsidecar implements add-log-sidecar: it brings the lines that an app
// writes to files to where logs are read, with an agent in a sidecar that shares
// the app's log directory.
//
//	apiVersion: krm-sidecars.dev/v1alpha1
//	kind: AddLogSidecar
//	metadata:
//	  name: nginx-logs
//	spec:
//	  logs:
//	  - paths: [/var/log/nginx/access.log]
package logsidecar
