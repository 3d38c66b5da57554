//go:build docker

package docker

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// workload is something that every function has something to add to.
const workload = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      serviceAccountName: web
      containers:
      - name: app # comments stay
        image: nginx:1.29
`

// resourceList is what hosts send: the workload and a config.
func resourceList(config string) string {
	return "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- " + indent(workload) +
		"functionConfig:\n  " + indent(config)
}

func indent(text string) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}

// example is a list with the example of a function for a config.
func example(t *testing.T, f function) string {
	t.Helper()
	text, err := exec.Command(program, "example", f.name).Output()
	box.Check(t, err)
	return resourceList(string(text))
}

// onHost is what the program gives without a container.
func onHost(t *testing.T, f function, input string) box.Output {
	t.Helper()
	return newSandbox(t, "").Pipe(input, allInOne, f.name)
}

// docker runs an image as kustomize and kpt do, and what flags add to that.
func docker(t *testing.T, image, input string, flags ...string) box.Output {
	t.Helper()
	args := append([]string{"run", "--rm", "--interactive", "--network=none", "--user=nobody", "--security-opt=no-new-privileges"}, flags...)
	return newSandbox(t, "").Pipe(input, "docker", append(args, refs[image])...)
}
