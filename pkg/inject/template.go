package inject

import (
	"maps"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// template plans one pod template.
type template struct {
	*planner
	view   *pod.View // as the object has it
	cur    *pod.View // without what the owners had, with what they want so far
	path   string
	slots  map[string]slot      // injected containers, by name
	owned  map[string]Owner     // injected volumes, members, labels and annotations, by kind and name
	kept   []*Items             // of owners that do not run now
	listed map[string][]element // elements of annotations that are lists, by annotation

	leaders []servicemesh.Mesh // whose containers stay in front
}

// Kinds of owned things: the first byte of their key in template.owned.
const (
	aVolume      = "v:"
	aMount       = "m:"
	anEnv        = "e:"
	aLabel       = "l:"
	anAnnotation = "a:"
)

// template asks every request what it wants of the view and lines up what
// comes.
func (p *planner) template(v *pod.View) *template {
	t := &template{planner: p, view: v, path: v.Path.String(), slots: map[string]slot{}, owned: map[string]Owner{}, listed: map[string][]element{}}
	for key, r := range p.old {
		if !p.running[key] {
			t.kept = append(t.kept, r.items(t.path))
			t.own(ownerOf(key), r.items(t.path))
		}
	}
	t.cur = t.base()
	t.leaders = leaders(t.cur)
	for _, req := range p.reqs {
		if req.Want == nil {
			continue
		}
		said := len(p.plan.Findings)
		t.ask(req)
		p.sign(req.Owner, said)
	}
	return t
}

// ask asks a request what it wants of the view as it is by now, and lines that up.
func (t *template) ask(req Request) {
	inj, findings := req.Want(t.cur.Clone())
	t.plan.Findings = append(t.plan.Findings, findings...)
	if inj == nil || slices.ContainsFunc(findings, pod.Finding.Fatal) {
		return
	}
	t.plan.Repairs = append(t.plan.Repairs, inj.Repairs...)
	t.add(req, inj)
}

// sign notes whose the findings are from one on.
func (p *planner) sign(owner Owner, from int) {
	for i := range p.plan.Findings[from:] {
		p.plan.Findings[from+i].Owner = owner.String()
	}
}

// ownerOf reads the owner from the key of a record. A shortened name stays one
// word, which sorts as well.
func ownerOf(key string) Owner {
	name := key[len(Prefix):]
	for i := range name {
		if name[i] == '.' {
			return Owner{Function: name[:i], Instance: name[i+1:]}
		}
	}
	return Owner{Function: name}
}

// own notes what an owner has in the template.
func (t *template) own(owner Owner, it *Items) {
	for name, rank := range it.Containers {
		t.slots[name] = slot{rank: rank, owner: owner, name: name, ours: true}
	}
	note := func(kind string, names []string) {
		for _, name := range names {
			t.owned[kind+name] = owner
		}
	}
	note(aVolume, it.Volumes)
	note(aMount, it.Mounts)
	note(anEnv, it.Env)
	note(aLabel, it.Labels)
	note(anAnnotation, it.Annotations)
	for key, names := range it.Elements {
		for _, name := range names {
			t.list(key, owner, name)
		}
		t.owned[anAnnotation+key] = t.listed[key][0].owner
	}
}

// base is the view as it would be if the owners had never run.
func (t *template) base() *pod.View {
	if len(t.old) == 0 {
		return t.view
	}
	v := t.view.Clone()
	for _, list := range []*[]pod.Container{&v.InitContainers, &v.Containers} {
		*list = slices.DeleteFunc(*list, func(c pod.Container) bool {
			return t.hasRunner(func(it *Items) bool { _, ok := it.Containers[c.Name]; return ok })
		})
		for i := range *list {
			t.strip(&(*list)[i])
		}
	}
	v.Volumes = slices.DeleteFunc(v.Volumes, func(vol pod.Volume) bool { return t.leaves(aVolume+vol.Name, vol.Name, volumes) })
	for i := range v.Volumes {
		v.Volumes[i].Owner = t.ownerText(aVolume + v.Volumes[i].Name)
	}
	maps.DeleteFunc(v.Labels, func(k, _ string) bool { return t.leaves(aLabel+k, k, labels) })
	maps.DeleteFunc(v.Annotations, func(k, _ string) bool { return t.leaves(anAnnotation+k, k, annotations) })
	for key := range v.Labels {
		if _, owned := t.owned[aLabel+key]; owned {
			v.Added = append(v.Added, key)
		}
	}
	for key, value := range v.Annotations {
		if rest := t.withoutOurs(key, value); rest == "" && t.madeByUs(t.meta(edit.Name("annotations"), edit.Name(key))) {
			delete(v.Annotations, key)
		} else {
			v.Annotations[key] = rest
		}
	}
	return v
}

// The parts of Items that name things by plain strings.
func volumes(it *Items) []string     { return it.Volumes }
func mounts(it *Items) []string      { return it.Mounts }
func envs(it *Items) []string        { return it.Env }
func labels(it *Items) []string      { return it.Labels }
func annotations(it *Items) []string { return it.Annotations }

func (t *template) ownerText(key string) string {
	if owner, ok := t.owned[key]; ok {
		return owner.String()
	}
	return ""
}

// leaves reports whether an owner that runs had added the thing, and nobody
// else has.
func (t *template) leaves(key, name string, part func(*Items) []string) bool {
	if _, kept := t.owned[key]; kept {
		return false
	}
	shared := func(it *Items) []string { s := it.shares(); return slices.Concat(s.Volumes, s.Mounts) }
	return t.hasRunner(func(it *Items) bool {
		return slices.Contains(part(it), name) || slices.Contains(shared(it), name)
	})
}

// hasRunner reports whether the old items of an owner that runs fulfil a
// condition.
func (t *template) hasRunner(holds func(*Items) bool) bool {
	for key, r := range t.old {
		if t.running[key] && holds(r.items(t.path)) {
			return true
		}
	}
	return false
}

// strip takes from a container what the owners had added to it.
func (t *template) strip(c *pod.Container) {
	if s, ok := t.slots[c.Name]; ok {
		c.Owner = s.owner.String()
	}
	mountsOf := slices.Clone(c.Mounts)
	c.Mounts = mountsOf[:0]
	for _, m := range mountsOf {
		name := member(c.Name, m.MountPath)
		if !t.leaves(aMount+name, name, mounts) {
			c.Mounts = append(c.Mounts, m)
			t.noteAdded(c, aMount+name, m.MountPath)
		}
	}
	env := slices.Clone(c.Env)
	c.Env = env[:0]
	for _, e := range env {
		name := member(c.Name, e.Name)
		if !t.leaves(anEnv+name, name, envs) {
			c.Env = append(c.Env, e)
			t.noteAdded(c, anEnv+name, e.Name)
		}
	}
}

// noteAdded notes a variable or mount of a container that an owner has there.
func (t *template) noteAdded(c *pod.Container, key, name string) {
	if _, owned := t.owned[key]; owned {
		c.Added = append(slices.Clip(c.Added), name)
	}
}

// madeByUs reports whether any record says that a place is there because of us.
func (p *planner) madeByUs(at edit.Path) bool {
	text := at.String()
	for _, r := range p.old {
		if slices.Contains(r.Made, text) {
			return true
		}
	}
	return false
}

// spec is the path of the pod spec, with more steps behind it.
func (t *template) spec(more ...edit.Step) edit.Path {
	return t.below("spec", more)
}

// meta is the path of the template's metadata, with more steps behind it.
func (t *template) meta(more ...edit.Step) edit.Path {
	return t.below("metadata", more)
}

func (t *template) below(field string, more []edit.Step) edit.Path {
	path := make(edit.Path, 0, len(t.view.Path)+1+len(more))
	return append(append(append(path, t.view.Path...), edit.Name(field)), more...)
}

// containerPath is the path of a container that the view has.
func (t *template) containerPath(v *pod.View, name string) (edit.Path, bool) {
	for _, list := range []struct {
		name       string
		containers []pod.Container
	}{{"containers", v.Containers}, {"initContainers", v.InitContainers}, {"ephemeralContainers", v.Ephemeral}} {
		if slices.ContainsFunc(list.containers, func(c pod.Container) bool { return c.Name == name }) {
			return t.spec(edit.Name(list.name), edit.Elem("name", name)), true
		}
	}
	return nil, false
}

func (t *template) finding(s pod.Severity, code pod.Code, at edit.Path, message string) {
	t.plan.Findings = append(t.plan.Findings, pod.Finding{Severity: s, Code: code, Field: at.String(), Message: message})
}
