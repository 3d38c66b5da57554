package apps

import "strings"

// Job is a Job whose pods are as the Pod "web" in a manifest, with another restart
// policy.
func Job(pod string) string {
	_, spec, _ := strings.Cut(pod, "spec:\n")
	return `apiVersion: batch/v1
kind: Job
metadata: {name: web}
spec:
  backoffLimit: 0
  template:
    metadata:
      labels: {app: web}
    spec:
      restartPolicy: Never
    ` + strings.ReplaceAll(strings.TrimSuffix(spec, "\n"), "\n", "\n    ") + "\n"
}
