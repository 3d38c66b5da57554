// Command generator is krm-sidecars with two functions more, for tests: one that
// adds an object, and one that panics.
package main

import (
	"context"
	"os"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/cli"
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

func main() {
	all := append(functions.All(), krm.Function{
		Name: "add-test-config", Kind: "AddTestConfig",
		Short:   "Adds a ConfigMap and mounts it.",
		Readme:  "# add-test-config\n\nAdds a ConfigMap and mounts it.\n",
		Example: "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddTestConfig\nmetadata:\n  name: greeting\n",
		New:     func() krm.Spec { return &testConfig{} },
	}, panicking())
	os.Exit(cli.Main(context.Background(), all, os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// testConfig configures add-test-config.
type testConfig struct {
	config.Common `json:",inline"`

	// Greeting is the text in the ConfigMap.
	Greeting string `json:"greeting,omitempty"`
}

// Default fills in what the user left open.
func (c *testConfig) Default() {
	c.Common.Default()
	if c.Greeting == "" {
		c.Greeting = "hello"
	}
}

const volume = "test-config"

var _ krm.Config = (*testConfig)(nil)

// Injection returns a ConfigMap named after the workload, and its mount in the
// first container that is the user's own.
func (c *testConfig) Injection(v *pod.View, _ inject.Owner) (*inject.Injection, []pod.Finding) {
	name := v.Object.Name + "-config"
	source := &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: name}}
	inj := &inject.Injection{
		Objects: []inject.Object{{APIVersion: "v1", Kind: "ConfigMap", Name: name, Content: map[string]any{
			"data": map[string]string{"greeting": c.Greeting},
		}}},
		Volumes: []corev1.Volume{{Name: volume, VolumeSource: corev1.VolumeSource{ConfigMap: source}}},
	}
	for _, container := range v.Containers {
		if container.Owner == "" {
			mount := corev1.VolumeMount{Name: volume, MountPath: "/etc/" + volume, ReadOnly: true}
			inj.Mounts = []inject.Mount{{Container: container.Name, VolumeMount: mount}}
			break
		}
	}
	return inj, nil
}
