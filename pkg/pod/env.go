package pod

import (
	"encoding/json"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// EnvOf returns a variable of a container in full.
func (v *View) EnvOf(container, name string) (corev1.EnvVar, bool) {
	var env corev1.EnvVar
	found := v.part(container, &env, edit.Name("env"), edit.Elem("name", name))
	return env, found
}

// EnvFromOf returns the objects that a container takes variables from.
func (v *View) EnvFromOf(container string) []corev1.EnvFromSource {
	var from []corev1.EnvFromSource
	v.part(container, &from, edit.Name("envFrom"))
	return from
}

// ResourcesOf returns the resources of a container.
func (v *View) ResourcesOf(container string) corev1.ResourceRequirements {
	var resources corev1.ResourceRequirements
	v.part(container, &resources, edit.Name("resources"))
	return resources
}

// part reads a part of a container that views do not hold: few functions ask for
// it.
func (v *View) part(container string, into any, at ...edit.Step) bool {
	for _, list := range []string{"containers", "initContainers"} {
		path := edit.Fields("spec", list).With(edit.Elem("name", container)).With(at...)
		if value := v.Value(path); value.Kind != edit.Null {
			return json.Unmarshal([]byte(value.JSON()), into) == nil
		}
	}
	return false
}

// EnvFor returns variables of a container as another container can have them,
// each behind those that its value refers to. What the container has not, or has
// from a function, is left out.
func (v *View) EnvFor(c Container, names ...string) []corev1.EnvVar {
	g := gathering{view: v, from: c, met: map[string]bool{}}
	g.all(names)
	return g.env
}

// gathering gathers variables of a container.
type gathering struct {
	view *View
	from Container
	met  map[string]bool
	env  []corev1.EnvVar
}

func (g *gathering) all(names []string) {
	for _, name := range names {
		if g.met[name] || !g.from.HasEnv(name) {
			continue
		}
		g.met[name] = true
		env, ok := g.view.EnvOf(g.from.Name, name)
		if !ok {
			continue
		}
		if f := env.ValueFrom; f != nil && f.ResourceFieldRef != nil && f.ResourceFieldRef.ContainerName == "" {
			f.ResourceFieldRef.ContainerName = g.from.Name // it means its own container
		}
		g.all(References(env.Value))
		g.env = append(g.env, env)
	}
}

// References returns the names that stand as $(NAME) in a text. $$ is a dollar.
func References(text string) []string {
	var all []string
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "$$", ""), "$(") {
		if name, _, ok := strings.Cut(part, ")"); ok && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// Rerefer has a text refer to variables by the names that they have got.
func Rerefer(text string, as map[string]string) string {
	var pairs []string
	for from, to := range as {
		pairs = append(pairs, "$("+from+")", "$("+to+")")
	}
	renamed := strings.NewReplacer(pairs...)
	parts := strings.Split(text, "$$") // a dollar
	for i, part := range parts {
		parts[i] = renamed.Replace(part)
	}
	return strings.Join(parts, "$$")
}

// HasEnv reports whether the user gave the container a variable of that name.
func (c Container) HasEnv(name string) bool {
	return !slices.Contains(c.Added, name) && slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return e.Name == name })
}
