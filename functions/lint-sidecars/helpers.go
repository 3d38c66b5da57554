package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// defaultContainer is the annotation that tells kubectl which container to take.
const defaultContainer = "kubectl.kubernetes.io/default-container"

// app returns the name of the app's container: the one that kubectl is told of,
// else the first that has no image of a helper, else the first.
func (s *subject) app() string {
	containers := s.spec.Containers
	if len(containers) == 0 {
		return ""
	}
	name := s.view.Annotations[defaultContainer]
	if slices.ContainsFunc(containers, func(c corev1.Container) bool { return c.Name == name }) {
		return name
	}
	if i := slices.IndexFunc(containers, func(c corev1.Container) bool { return factOf(c.Image).role == noRole }); i >= 0 {
		return containers[i].Name
	}
	return containers[0].Name
}

// helpers are the containers beside the app: init containers, native sidecars, and
// every container but the app's. Those of a mesh are as the mesh writes them, and
// left out.
func (s *subject) helpers() []container {
	app := s.app()
	image := ""
	for c := range s.all() {
		if c.Name == app {
			image = parseImage(c.Image).Repository
		}
	}
	return slices.DeleteFunc(slices.Clone(s.containers), func(c container) bool {
		return !c.init && (c.Name == app || c.isPartOf(image)) || ofMesh(c)
	})
}

// isPartOf reports whether a container is one more process of the app, as it has the
// app's own image. One that holds tools for everybody, or reads logs, is not.
func (c container) isPartOf(app string) bool {
	return app != "" && parseImage(c.Image).Repository == app && c.role() == noRole && !c.readsLogs() && !slices.Contains(toolboxes(), path.Base(app))
}

// toolboxes are images for all purposes: two containers that have one need not
// have to do with each other.
func toolboxes() []string {
	return []string{"busybox", "alpine", "debian", "ubuntu", "fedora", "bash", "curl", "netshoot", "toolbox"}
}

// ofMesh reports whether a container is part of a service mesh.
func ofMesh(c container) bool {
	return slices.ContainsFunc(servicemesh.All(), func(m servicemesh.Mesh) bool { return m.Owns(c.Name) })
}

// plainInit reports whether a container is to end before the app starts.
func (c container) plainInit() bool { return c.init && !c.native }

// mountOf returns the mount of a volume in a container.
func (c container) mountOf(volume string) (corev1.VolumeMount, bool) {
	for _, m := range c.VolumeMounts {
		if m.Name == volume {
			return m, true
		}
	}
	return corev1.VolumeMount{}, false
}

// mounts reports whether a container mounts a volume.
func (c container) mounts(volume string) bool {
	_, ok := c.mountOf(volume)
	return ok
}

// inVolume reports whether a file lies in a volume, where it outlives a restart of
// the container.
func (c container) inVolume(file string) bool {
	return slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return pod.Within(file, m.MountPath) })
}

// role is what the container does, by its image.
func (c container) role() role { return factOf(c.Image).role }

// words are the container's command line, as far as the manifest has it.
func (c container) words() []string { return slices.Concat(c.Command, c.Args) }

// word is the path of a word of the command line.
func (c container) word(i int) string {
	if i < len(c.Command) {
		return fmt.Sprintf("%s.command[%d]", c.at, i)
	}
	return fmt.Sprintf("%s.args[%d]", c.at, i-len(c.Command))
}

// script is what the container gives a shell to run, and the path of that; false
// when it runs none.
func (c container) script() (parsed script, at string, ok bool) {
	words := c.words()
	text, i := scriptIn(words)
	if i < 0 {
		return script{}, c.at, false
	}
	return parseScript(text), c.word(i), true
}

// calls are the commands that the container runs, by a shell or not, and where
// they stand.
func (c container) calls() (calls []call, at string) {
	if parsed, at, ok := c.script(); ok {
		return parsed.calls, at
	}
	if len(c.Command) > 0 {
		return []call{{words: c.words()}}, c.at + ".command"
	}
	return []call{{words: c.words()}}, c.at + ".args"
}

// option is the value of an option such as --http-port=9801.
func (c container) option(name string) (value string, ok bool) {
	words := c.words()
	for i, w := range words {
		if value, ok := strings.CutPrefix(w, name+"="); ok {
			return value, true
		}
		if w == name && i+1 < len(words) {
			return words[i+1], true
		}
	}
	return "", false
}

// user is the user that a container runs as; nil when its image decides.
func (s *subject) user(c container) *int64 {
	if user := security(c).RunAsUser; user != nil {
		return user
	}
	return ofPod(s).RunAsUser
}

// findTo is findf for a problem that has a remedy of its own.
func (s *subject) findTo(remedy, at, format string, args ...any) {
	s.noteTo(remedy, s.field(at), format, args...)
}

// noteTo is findTo for a path of the object.
func (s *subject) noteTo(remedy, field, format string, args ...any) {
	general := s.rule.remedy
	s.rule.remedy = remedy
	s.note(s.rule.severity, field, format, args...)
	s.rule.remedy = general
}
