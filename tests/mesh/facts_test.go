package mesh

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// facts are what can be said of an injected pod.
type facts map[string]string

// factsOf tells all there is to say of a pod: its labels and annotations, the
// arguments of Istio's containers, and what the proxy's container has.
func factsOf(t *testing.T, pod corev1.Pod) facts {
	t.Helper()
	all := facts{}
	for key, value := range pod.Labels {
		all["label "+key] = value
	}
	for key, value := range pod.Annotations {
		all["annotation "+key] = value
	}
	for _, v := range pod.Spec.Volumes {
		all["volume "+v.Name] = flow(t, v.VolumeSource)
	}
	all["order"] = strings.Join(order(pod), " ")
	all.arguments("init", "istio-init", pod.Spec.InitContainers)
	all.arguments("proxy", "istio-proxy", slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers))
	if app, ok := container(pod.Spec.Containers, "app"); ok {
		all["app readiness"] = flow(t, app.ReadinessProbe)
	}
	if c, ok := proxy(pod); ok {
		all.container(t, c)
	}
	return all
}

// order names the containers as they start: one that is ended, or native, before
// the next one starts.
func order(pod corev1.Pod) []string {
	var names []string
	for _, c := range pod.Spec.InitContainers {
		native := ""
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			native = "*"
		}
		names = append(names, c.Name+native)
	}
	names = append(names, "|")
	for _, c := range pod.Spec.Containers {
		names = append(names, c.Name)
	}
	return names
}

// arguments tells the arguments of a container: -x y, and --x=y.
func (all facts) arguments(title, name string, containers []corev1.Container) {
	c, ok := container(containers, name)
	if !ok {
		return
	}
	all[title] = "there"
	for i, arg := range c.Args {
		switch name, value, ok := strings.Cut(arg, "="); {
		case ok:
			all[title+" "+name] = value
		case strings.HasPrefix(arg, "-") && i+1 < len(c.Args):
			all[title+" "+arg] = c.Args[i+1]
		}
	}
}

// container tells what the proxy's container has.
func (all facts) container(t *testing.T, c corev1.Container) {
	t.Helper()
	all["proxy image"] = c.Image
	all["proxy resources"] = flow(t, c.Resources)
	all["proxy readiness"] = flow(t, c.ReadinessProbe)
	all["proxy lifecycle"] = flow(t, c.Lifecycle)
	all["proxy security"] = flow(t, c.SecurityContext)
	for _, e := range c.Env {
		all["proxy env "+e.Name] = e.Value
	}
	for _, m := range c.VolumeMounts {
		all["proxy mount "+m.Name] = m.MountPath
	}
	for name, value := range proxyConfig(t, all["proxy env PROXY_CONFIG"]) {
		all["config "+name] = value
	}
}

// flow writes a value in one line of JSON.
func flow(t *testing.T, value any) string {
	t.Helper()
	text, err := yaml.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	line, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

// lines are the facts, sorted.
func (all facts) lines() []string {
	var lines []string
	for _, what := range slices.Sorted(maps.Keys(all)) {
		lines = append(lines, fmt.Sprintf("%s: %q", what, all[what]))
	}
	return lines
}

// added names the containers, as order does, that a pod has and another lacks.
func added(from, to corev1.Pod) map[string]bool {
	names := map[string]bool{}
	for _, name := range order(to) {
		names[name] = true
	}
	for _, name := range order(from) {
		delete(names, name)
	}
	return names
}

func without(names []string, left map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return left[name] })
}
