package vault_test

import "strings"

// web prints the secret with which it begins, and whatever it becomes.
const web = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  serviceAccountName: web
  automountServiceAccountToken: false
  securityContext:
    runAsUser: 1000
    runAsNonRoot: true
    seccompProfile: {type: RuntimeDefault}
  containers:
  - name: app
    image: registry.example.com/web:1
    command: [sh, -c]
    args:
    - |
      trap 'exit 0' TERM
      echo "begins with $(cat /vault/secrets/web || echo nothing)"
      while :; do
        now=$(cat /vault/secrets/web) && test "$now" != "$last" && echo "reads $now" && last=$now
        sleep 1 & wait $!
      done
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
`

// annotated is the app as it is written for Vault's webhook.
func annotated() string {
	return strings.Replace(web, "  labels: {app: web}\n", `  labels: {app: web}
  annotations:
    vault.hashicorp.com/agent-inject: "true"
    vault.hashicorp.com/agent-inject-secret-web: secret/data/NAMESPACE/web
    vault.hashicorp.com/agent-inject-template-web: '{{ with secret "secret/data/NAMESPACE/web" }}{{ .Data.data.password }}{{ end }}'
    vault.hashicorp.com/template-static-secret-render-interval: 1s
`, 1)
}

// does is the app with another script.
func does(script string) string {
	head, rest, _ := strings.Cut(web, "    - |\n")
	_, tail, _ := strings.Cut(rest, "    securityContext:\n")
	return head + "    - |\n      " + strings.ReplaceAll(script, "\n", "\n      ") + "\n    securityContext:\n" + tail
}
