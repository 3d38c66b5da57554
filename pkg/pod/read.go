package pod

import (
	"cmp"
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// docView ties a View to the document that it was read from.
type docView struct {
	doc  *yamlpatch.Doc
	node *yamlpatch.Node // the pod template
}

// RefOf reads what names an object.
func RefOf(root *yamlpatch.Node) Ref {
	meta := root.Get("metadata")
	return Ref{
		APIVersion: root.Get("apiVersion").Str(), Kind: root.Get("kind").Str(),
		Namespace: meta.Get("namespace").Str(), Name: meta.Get("name").Str(),
	}
}

// Templates returns a view of every pod template of the object, and why there
// is none when it has none. ref may hold a type that the text leaves out; more
// are paths that the table does not have, such as those of a record.
func (t *Table) Templates(ref Ref, d *yamlpatch.Doc, more ...edit.Path) ([]*View, *Finding) {
	var views []*View
	seen := map[string]bool{}
	for _, l := range t.rows(ref.Group(), ref.Kind) {
		patterns, _ := l.patterns() // NewTable, or a test, has seen that they are right
		for _, pattern := range patterns {
			for _, found := range expand(d.Root, pattern) {
				v := readView(ref, found, d)
				v.PlainOnly = l.PlainOnly
				views = append(views, v)
				seen[v.Path.String()] = true
			}
		}
	}
	for _, path := range more {
		for _, found := range expand(d.Root, path) {
			if !seen[found.path.String()] {
				views = append(views, readView(ref, found, d))
			}
		}
	}
	if len(views) > 0 {
		return views, nil
	}
	return nil, whyNone(d.Root)
}

func whyNone(root *yamlpatch.Node) *Finding {
	if name := root.Path("spec", "workloadRef", "name").Str(); name != "" {
		return &Finding{Severity: Info, Code: NoPodTemplate, Field: "spec.workloadRef",
			Message: fmt.Sprintf("has no pod template of its own; its pods come from %s/%s", root.Path("spec", "workloadRef", "kind").Str(), name)}
	}
	return &Finding{Severity: Info, Code: NoPodTemplate, Message: "has no pod template"}
}

// match is a place that a pattern found.
type match struct {
	path edit.Path
	node *yamlpatch.Node
}

// expand follows a pattern with wildcards. Maps only are templates; an Argo
// Rollout that has a workloadRef has none, whatever stands there.
func expand(root *yamlpatch.Node, pattern edit.Path) []match {
	if root.Path("spec", "workloadRef").Deref() != nil {
		return nil
	}
	found := []match{{node: root}}
	for _, step := range pattern {
		var next []match
		for _, m := range found {
			next = append(next, m.step(step)...)
		}
		found = next
	}
	var maps []match
	for _, m := range found {
		if m.node != nil && m.node.Kind == yamlpatch.Map {
			maps = append(maps, m)
		}
	}
	return maps
}

func (m match) step(s edit.Step) []match {
	switch s.Kind {
	case edit.AnyName:
		return m.fields()
	case edit.AnyItem:
		var found []match
		for i, item := range m.node.Items() {
			found = append(found, match{m.path.With(itemStep(m.node, i)), item})
		}
		return found
	}
	n := m.node.Step(s)
	if n == nil {
		return nil
	}
	return []match{{m.path.With(s), n}}
}

func (m match) fields() []match {
	var found []match
	if m.node.Kind == yamlpatch.Map {
		for _, e := range m.node.Entries {
			found = append(found, match{m.path.With(edit.Name(e.Key.Text)), e.Value.Deref()})
		}
	}
	return found
}

// itemStep addresses a list element by name where all have names of their own,
// so that records stay right when elements move.
func itemStep(list *yamlpatch.Node, i int) edit.Step {
	items := list.Items()
	for _, key := range []string{"name", "groupName"} {
		seen := map[string]bool{}
		for _, item := range items {
			if name := item.Get(key).Str(); name != "" {
				seen[name] = true
			}
		}
		if len(seen) == len(items) {
			return edit.Elem(key, items[i].Get(key).Str())
		}
	}
	return edit.Index(i)
}

func readView(ref Ref, m match, d *yamlpatch.Doc) *View {
	meta, spec := m.node.Get("metadata"), m.node.Get("spec")
	sc := spec.Get("securityContext")
	v := &View{
		Object: ref, Path: m.path, doc: &docView{doc: d, node: m.node},
		Labels: meta.Get("labels").Strings(), Annotations: meta.Get("annotations").Strings(),
		InitContainers: containers(spec.Get("initContainers")), Containers: containers(spec.Get("containers")),
		Ephemeral:     containers(spec.Get("ephemeralContainers")),
		RestartPolicy: spec.Get("restartPolicy").Str(), HostNetwork: spec.Get("hostNetwork").Str() == "true",
		ServiceAccount: cmp.Or(spec.Get("serviceAccountName").Str(), spec.Get("serviceAccount").Str()), // the old name still counts
		RunAsUser:      integer(sc.Get("runAsUser")), RunAsGroup: integer(sc.Get("runAsGroup")), FSGroup: integer(sc.Get("fsGroup")),
		NotText: notText(m.path, meta), Malformed: misshapen(m.path, m.node),
		HasResources: !spec.Get("resources").IsEmpty(),
	}
	if spec.Path("os", "name").Str() == "windows" || spec.Path("nodeSelector", "kubernetes.io/os").Str() == "windows" {
		v.OS = "windows"
	}
	v.GracePeriod, v.DNSPolicy = integer(spec.Get("terminationGracePeriodSeconds")), spec.Get("dnsPolicy").Str()
	v.Automount, v.HostUsers = boolean(spec.Get("automountServiceAccountToken")), boolean(spec.Get("hostUsers"))
	v.ShareProcesses = spec.Get("shareProcessNamespace").Str() == "true"
	for _, n := range spec.Get("volumes").Items() {
		v.Volumes = append(v.Volumes, volume(n))
	}
	for _, n := range d.Root.Path("spec", "volumeClaimTemplates").Items() {
		v.Claims = append(v.Claims, n.Path("metadata", "name").Str())
	}
	return v
}

// notText finds labels and annotations that the API server refuses: their
// values must be strings.
func notText(at edit.Path, meta *yamlpatch.Node) []edit.Path {
	var found []edit.Path
	for _, field := range []string{"labels", "annotations"} {
		for _, f := range meta.Get(field).Value().Fields {
			if f.Value.Kind != edit.String {
				found = append(found, at.With(edit.Name("metadata"), edit.Name(field), edit.Name(f.Name)))
			}
		}
	}
	return found
}

func volume(n *yamlpatch.Node) Volume {
	source := n.Value()
	fields := source.Fields[:0]
	for _, f := range source.Fields {
		if f.Name != "name" {
			fields = append(fields, f)
		}
	}
	source.Fields = fields
	return Volume{Name: n.Get("name").Str(), Source: source}
}

func containers(list *yamlpatch.Node) []Container {
	items := list.Items()
	all := make([]Container, len(items))
	for i, n := range items {
		all[i] = Container{
			Name: n.Get("name").Str(), Image: n.Get("image").Str(), RestartPolicy: n.Get("restartPolicy").Str(),
			Command: texts(n.Get("command")), Args: texts(n.Get("args")),
			RunAsUser: integer(n.Path("securityContext", "runAsUser")), RunAsGroup: integer(n.Path("securityContext", "runAsGroup")),
		}
		for _, m := range n.Get("volumeMounts").Items() {
			all[i].Mounts = append(all[i].Mounts, corev1.VolumeMount{
				Name: m.Get("name").Str(), MountPath: m.Get("mountPath").Str(), SubPath: m.Get("subPath").Str(),
				SubPathExpr: m.Get("subPathExpr").Str(), ReadOnly: m.Get("readOnly").Str() == "true",
			})
		}
		for _, p := range n.Get("ports").Items() {
			all[i].Ports = append(all[i].Ports, port(p))
		}
		for _, e := range n.Get("env").Items() {
			env := corev1.EnvVar{Name: e.Get("name").Str(), Value: e.Get("value").Str()}
			if e.Get("valueFrom") != nil {
				env.ValueFrom = &corev1.EnvVarSource{}
			}
			all[i].Env = append(all[i].Env, env)
		}
		all[i].EnvFrom = len(n.Get("envFrom").Items()) > 0
	}
	return all
}

func port(n *yamlpatch.Node) corev1.ContainerPort {
	p := corev1.ContainerPort{Name: n.Get("name").Str(), Protocol: corev1.Protocol(n.Get("protocol").Str())}
	if i := integer(n.Get("containerPort")); i != nil {
		p.ContainerPort = int32(*i)
	}
	if i := integer(n.Get("hostPort")); i != nil {
		p.HostPort = int32(*i)
	}
	return p
}

func integer(n *yamlpatch.Node) *int64 {
	if n == nil {
		return nil
	}
	i, err := strconv.ParseInt(n.Str(), 10, 64)
	if err != nil {
		return nil
	}
	return &i
}

func boolean(n *yamlpatch.Node) *bool {
	if n == nil {
		return nil
	}
	b, err := strconv.ParseBool(n.Str())
	if err != nil {
		return nil
	}
	return &b
}

func texts(n *yamlpatch.Node) []string {
	var all []string
	for _, item := range n.Items() {
		all = append(all, item.Str())
	}
	return all
}
