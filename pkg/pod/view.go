package pod

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Ref names an object.
type Ref struct {
	APIVersion, Kind, Namespace, Name string
}

// Group returns the group of the object's apiVersion.
func (r Ref) Group() string { return GroupOf(r.APIVersion) }

// String returns Kind/namespace/name, the namespace left out when there is none.
func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + "/" + r.Name
	}
	return r.Kind + "/" + r.Namespace + "/" + r.Name
}

// View is a pod template as functions see it: plain data, read only. It shows
// what functions that ran before have added, and not what an earlier run of the
// same function had.
type View struct {
	Object      Ref
	Path        edit.Path // of the template in the object; empty for a Pod
	Labels      map[string]string
	Annotations map[string]string

	InitContainers []Container
	Containers     []Container
	Ephemeral      []Container
	Volumes        []Volume
	Claims         []string // names of the volumeClaimTemplates

	RestartPolicy  string // as written; "" means Always
	HostNetwork    bool
	OS             string // "windows" or ""
	ServiceAccount string
	RunAsUser      *int64 // of the pod
	RunAsGroup     *int64
	FSGroup        *int64
	GracePeriod    *int64 // terminationGracePeriodSeconds
	Automount      *bool  // automountServiceAccountToken
	HostUsers      *bool
	ShareProcesses bool // shareProcessNamespace
	DNSPolicy      string
	HasResources   bool        // pod-level resources
	PlainOnly      bool        // the controller takes no native sidecars
	NotText        []edit.Path // labels and annotations whose values are no strings
	Malformed      []Finding   // what is not what Kubernetes takes in its place

	Added []string // labels that functions have added

	doc    *docView
	around Around
}

// Meta is what the metadata of an object says about it.
type Meta struct {
	Labels      map[string]string
	Annotations map[string]string
	NotText     []edit.Path // labels and annotations whose values are no strings
	Path        edit.Path   // from the object on
}

// Container is a container or init container.
type Container struct {
	Name          string
	Image         string
	RestartPolicy string
	Command       []string
	Args          []string
	Mounts        []corev1.VolumeMount
	Ports         []corev1.ContainerPort
	Env           []corev1.EnvVar // of valueFrom only that it is there
	EnvFrom       bool            // variables come from ConfigMaps or Secrets, too
	RunAsUser     *int64
	RunAsGroup    *int64
	Owner         string   // <function>.<instance> when injected, "" for the user's own
	Added         []string // the variables and mount paths that functions have added
}

// Native reports whether an init container keeps running beside the app.
func (c Container) Native() bool { return c.RestartPolicy == "Always" }

// MountAt returns the mount whose path is the longest that holds dir.
func (c Container) MountAt(dir string) (corev1.VolumeMount, bool) {
	best, found := corev1.VolumeMount{}, false
	for _, m := range c.Mounts {
		if Within(dir, m.MountPath) && (!found || len(Clean(m.MountPath)) > len(Clean(best.MountPath))) {
			best, found = m, true
		}
	}
	return best, found
}

// Volume is a volume of the pod.
type Volume struct {
	Name   string
	Source edit.Value // the volume without its name
	Owner  string
}

// Meta returns the metadata of the object; of a Pod, that is the template's.
func (v *View) Meta() Meta {
	return metaOf(v.doc.doc.Root, nil)
}

// Between returns the metadata that stands between the object's and the
// template's, as that of a CronJob's jobTemplate does: nobody reads it there.
func (v *View) Between() []Meta {
	var all []Meta
	n := v.doc.doc.Root
	for i, step := range v.Path[:max(len(v.Path)-1, 0)] {
		if n = n.Step(step); n.Get("metadata") != nil {
			all = append(all, metaOf(n, v.Path[:i+1]))
		}
	}
	return all
}

func metaOf(n *yamlpatch.Node, at edit.Path) Meta {
	meta := n.Get("metadata")
	return Meta{Path: at.With(edit.Name("metadata")), NotText: notText(at, meta),
		Labels: meta.Get("labels").Strings(), Annotations: meta.Get("annotations").Strings()}
}

// Selector returns the labels that the object finds its pods by; none for kinds
// that have no spec.selector.matchLabels.
func (v *View) Selector() map[string]string {
	return v.doc.doc.Root.Path("spec", "selector", "matchLabels").Strings()
}

// OwnLabels returns the labels that no function has added: they stay whatever
// function goes.
func (v *View) OwnLabels() map[string]string {
	own := cloneMap(v.Labels)
	for _, key := range v.Added {
		delete(own, key)
	}
	return own
}

// Own returns the user's own app containers, without what was injected.
func (v *View) Own() []Container {
	return slices.DeleteFunc(slices.Clone(v.Containers), func(c Container) bool { return c.Owner != "" })
}

// Pick returns the containers of a list that have the names. A name that is not
// there is a mistake in the field of the config that has it.
func (v *View) Pick(field string, from []Container, want []string) ([]Container, []Finding) {
	var have []string
	for _, c := range from {
		have = append(have, c.Name)
	}
	var bad []Finding
	for _, name := range want {
		if !slices.Contains(have, name) {
			bad = append(bad, Finding{Severity: Error, Code: ContainerUnknown, Field: v.Path.String(),
				Message: fmt.Sprintf("%s names %q, but the containers are %s", field, name, cmp.Or(strings.Join(have, ", "), "none"))})
		}
	}
	return slices.DeleteFunc(slices.Clone(from), func(c Container) bool { return !slices.Contains(want, c.Name) }), bad
}

// All returns init containers and containers.
func (v *View) All() []Container {
	return slices.Concat(v.InitContainers, v.Containers)
}

// Container finds a container of any list by name: they share their names.
func (v *View) Container(name string) (Container, bool) {
	for _, c := range slices.Concat(v.InitContainers, v.Containers, v.Ephemeral) {
		if c.Name == name {
			return c, true
		}
	}
	return Container{}, false
}

// Volume finds a volume by name.
func (v *View) Volume(name string) (Volume, bool) {
	for _, vol := range v.Volumes {
		if vol.Name == name {
			return vol, true
		}
	}
	return Volume{}, false
}

// VolumeTaken reports whether a volume or volume claim has that name.
func (v *View) VolumeTaken(name string) bool {
	_, ok := v.Volume(name)
	return ok || slices.Contains(v.Claims, name)
}

// HasPort reports whether a container of the pod listens on a TCP port: all of them
// share one network.
func (v *View) HasPort(port int32) bool {
	return slices.ContainsFunc(v.All(), func(c Container) bool {
		return slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool {
			return p.ContainerPort == port && (p.Protocol == "" || p.Protocol == corev1.ProtocolTCP)
		})
	})
}

// FreePort returns the first TCP port from one on that no container of the pod has.
func (v *View) FreePort(from int32) int32 {
	for v.HasPort(from) {
		from++
	}
	return from
}

// Finite reports whether the pod is meant to end, as those of Jobs are: a
// sidecar among its containers would keep it from ending.
func (v *View) Finite() bool {
	return v.RestartPolicy == "Never" || v.RestartPolicy == "OnFailure"
}

// Field returns the path of a field of the template, in words for messages and
// records.
func (v *View) Field(p edit.Path) string { return v.Path.With(p...).String() }

// Clone returns a copy whose lists may be appended to.
func (v *View) Clone() *View {
	c := *v
	c.InitContainers = slices.Clone(v.InitContainers)
	c.Containers = slices.Clone(v.Containers)
	c.Volumes = slices.Clone(v.Volumes)
	c.Labels = cloneMap(v.Labels)
	c.Annotations = cloneMap(v.Annotations)
	return &c
}

func cloneMap(m map[string]string) map[string]string {
	c := make(map[string]string, len(m))
	maps.Copy(c, m)
	return c
}
