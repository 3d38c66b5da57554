package krm

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// generator places the objects that functions generate.
type generator struct {
	objects []*manifest.Object
	index   map[*manifest.Object]int
	byName  map[string]*manifest.Object // by Kind/namespace/name, of the kinds in known
	known   map[string]bool
	placed  map[string]placed
	results []Result
}

// placed is what this run has made of an object.
type placed struct {
	owner   inject.Owner
	content edit.Value
}

// generate adds, updates and takes away generated objects. They may lie in
// another file than their workload. looking is for who wants to know whether they
// are all there.
func generate(objects []*manifest.Object, works []*work, looking bool) (results []Result) {
	g := &generator{objects: objects, placed: map[string]placed{}, byName: map[string]*manifest.Object{}, known: map[string]bool{}}
	defer func() {
		if r := recover(); r != nil {
			g.results = append(g.results, Result{Function: program, Severity: pod.Error, Code: pod.InternalError,
				Message: Bug(r)})
			results = g.results
		}
	}()
	if looking {
		g.lookForAll(works)
	}
	g.removeGone(works)
	for _, w := range works {
		for _, owner := range slices.SortedFunc(maps.Keys(w.plan.Wanted), inject.Owner.Compare) {
			for _, o := range w.plan.Wanted[owner] {
				g.place(w, owner, o)
			}
		}
	}
	return g.results
}

// find returns the object of that kind and name in the workload's namespace.
func (g *generator) find(kind, namespace, name string) *manifest.Object {
	if !g.known[kind] {
		g.known[kind] = true
		for _, o := range g.objects {
			if ref, d := peek(o, kind); d != nil && ref.Kind == kind {
				g.byName[kind+"/"+ref.Namespace+"/"+ref.Name] = o
				g.renamed(ref, d, o)
			}
		}
	}
	return g.byName[kind+"/"+namespace+"/"+name]
}

// findRenamed returns the object that an owner generated and that has got a prefix
// or a suffix since, if there is just one that it can be.
func (g *generator) findRenamed(kind, namespace, name string, owner inject.Owner) *manifest.Object {
	var found []*manifest.Object
	for key, o := range g.byName {
		got, ok := strings.CutPrefix(key, kind+"/"+namespace+"/")
		if !ok || !strings.Contains(got, name) || o.Removed() {
			continue
		}
		if d, err := o.Document(); err == nil && isOf(generatedBy(d), owner) {
			found = append(found, o)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// renamed notes the names that an object had before kustomize gave it prefixes
// and suffixes.
func (g *generator) renamed(ref pod.Ref, d *yamlpatch.Doc, o *manifest.Object) {
	before := d.Root.Path("metadata", "annotations", "internal.config.kubernetes.io/previousNames").Str()
	for name := range strings.SplitSeq(before, ",") {
		if key := ref.Kind + "/" + ref.Namespace + "/" + name; name != "" && g.byName[key] == nil {
			g.byName[key] = o
		}
	}
}

// isOf reports whether a text names the owner, whose own name may come from a
// record and be shortened.
func isOf(text string, owner inject.Owner) bool {
	function, instance, _ := strings.Cut(text, ".")
	return inject.Owner{Function: function, Instance: instance}.Key() == owner.Key()
}

func generatedBy(d *yamlpatch.Doc) string {
	return d.Root.Path("metadata", "annotations", inject.GeneratedBy).Str()
}

// place puts a generated object behind its workload, or brings the one that is
// there up to date.
func (g *generator) place(w *work, owner inject.Owner, o inject.Object) {
	key := o.Kind + "/" + w.ref.Namespace + "/" + o.Name
	v, err := edit.Of(o.Content)
	if err != nil {
		g.refuse(w, owner, err)
		return
	}
	if before, ok := g.placed[key]; ok { // two workloads, or two templates of one, want the same
		if before.owner != owner || !before.content.Equal(v) {
			g.refuse(w, owner, fmt.Errorf("%s %q is wanted twice, with different content; give the workloads different names", o.Kind, o.Name))
		}
		return
	}
	g.placed[key] = placed{owner, v}
	if size := v.Size(); size > maxObject {
		g.refuse(w, owner, fmt.Errorf("%s %q would have %d bytes, and the API server takes %d; put less into it, or split the config in two", o.Kind, o.Name, size, maxObject))
		return
	}
	changed := false
	switch have := g.find(o.Kind, w.ref.Namespace, o.Name); {
	case have != nil && !have.Removed():
		changed, err = update(have, owner, o, v.Fields)
	case w.heldBack(owner, o):
	default:
		changed, err = true, g.behind(w, owner, o).InsertAfter(whole(w, owner, o, v.Fields))
	}
	if err != nil {
		g.refuse(w, owner, err)
	}
	if changed && w.status == Unchanged {
		w.status = Updated
	}
}

// maxObject is what etcd takes of an object, about.
const maxObject = 1 << 20

func (g *generator) refuse(w *work, owner inject.Owner, err error) {
	r := Result{Ref: w.ref, Severity: pod.Error, Code: pod.ObjectConflict, Message: err.Error()}
	r.Function, r.Config = w.engine.speaker(owner.String())
	g.results = append(g.results, r)
}

// heldBack reports whether an object that an earlier run generated is missing
// because kpt's selectors show the function only some of the package.
func (w *work) heldBack(owner inject.Owner, o inject.Object) bool {
	selected := w.annotations["internal.config.kubernetes.io/kpt-resource-id"]+w.annotations["internal.config.k8s.io/kpt-resource-id"] != ""
	return selected && slices.Contains(inject.Generated(w.annotations, owner), o.Kind+"/"+o.Name)
}

// update replaces the content of a generated object. Its metadata belongs to
// hosts and people.
func update(have *manifest.Object, owner inject.Owner, o inject.Object, content []edit.Field) (changed bool, err error) {
	d, err := have.Document()
	if err != nil {
		return false, err
	}
	if by := generatedBy(d); !isOf(by, owner) {
		return false, fmt.Errorf("%s %q is there already and was not generated by %s; rename it", o.Kind, o.Name, owner)
	}
	edits := relabel(d, o.Labels)
	for _, f := range content {
		edits = append(edits, set(d, edit.Fields(f.Name), f.Value))
	}
	res, err := d.Apply(edits)
	if err != nil || !res.Changed {
		return false, err
	}
	have.SetText(res.Text)
	return true, nil
}

// relabel brings the labels of a generated object up to date.
func relabel(d *yamlpatch.Doc, want map[string]string) []edit.Edit {
	labels, annotations := edit.Fields("metadata", "labels"), edit.Fields("metadata", "annotations")
	have := d.Root.Path("metadata", "labels").Strings()
	var edits []edit.Edit
	for name := range strings.SplitSeq(d.Root.Path("metadata", "annotations", inject.GeneratedLabels).Str(), ",") {
		if _, there := have[name]; there && want[name] == "" {
			edits = append(edits, edit.Edit{Op: edit.Delete, Path: labels.With(edit.Name(name))})
		}
	}
	if len(want) > 0 {
		edits = append(edits, edit.Edit{Op: edit.Ensure, Path: labels, Value: edit.Value{Kind: edit.Map}, Where: edit.Where{Before: []string{"annotations"}}})
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		edits = append(edits, set(d, labels.With(edit.Name(name)), edit.Str(want[name])))
	}
	at := annotations.With(edit.Name(inject.GeneratedLabels))
	switch names := labelNames(want); {
	case names != "":
		edits = append(edits, set(d, at, edit.Str(names)))
	case d.Root.Path("metadata", "annotations", inject.GeneratedLabels) != nil:
		edits = append(edits, edit.Edit{Op: edit.Delete, Path: at}, edit.Edit{Op: edit.Prune, Path: labels})
	}
	return edits
}

// set gives a field of a generated object a value.
func set(d *yamlpatch.Doc, at edit.Path, v edit.Value) edit.Edit {
	if pod.StateOf(d, at).Present {
		return edit.Edit{Op: edit.Replace, Path: at, Value: v}
	}
	return edit.Edit{Op: edit.Insert, Path: at, Value: v}
}

func labelNames(labels map[string]string) string {
	return strings.Join(slices.Sorted(maps.Keys(labels)), ",")
}

// whole is the complete object, with what hosts need to know where it belongs.
func whole(w *work, owner inject.Owner, o inject.Object, content []edit.Field) edit.Value {
	annotations := edit.Texts(inject.GeneratedBy, owner.String(), inject.GeneratedLabels, labelNames(o.Labels))
	for _, prefix := range []string{"config.kubernetes.io/", "internal.config.kubernetes.io/"} {
		if p := w.annotations[prefix+"path"]; p != "" {
			file := path.Join(path.Dir(p), strings.ToLower(o.Kind)+"_"+o.Name+".yaml")
			annotations.Fields = append(annotations.Fields, edit.Texts(prefix+"index", "0", prefix+"path", file).Fields...)
		}
	}
	for _, copied := range []string{"internal.config.kubernetes.io/package-path", "postrenderer.helm.sh/postrender-filename"} {
		annotations.Fields = append(annotations.Fields, edit.Texts(copied, w.annotations[copied]).Fields...)
	}
	meta := edit.Texts("name", o.Name, "namespace", w.ref.Namespace)
	if len(o.Labels) > 0 {
		var labels []string
		for _, key := range slices.Sorted(maps.Keys(o.Labels)) {
			labels = append(labels, key, o.Labels[key])
		}
		meta.Fields = append(meta.Fields, edit.Field{Name: "labels", Value: edit.Texts(labels...)})
	}
	meta.Fields = append(meta.Fields, edit.Field{Name: "annotations", Value: annotations})
	v := edit.Texts("apiVersion", o.APIVersion, "kind", o.Kind)
	v.Fields = append(v.Fields, edit.Field{Name: "metadata", Value: meta})
	v.Fields = append(v.Fields, content...)
	return v
}
