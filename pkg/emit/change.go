package emit

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// change is what a run has done to one object.
type change struct {
	ref          pod.Ref
	before, want edit.Value
	gone         bool
	where        string
}

// changes are what a run has done to its input.
type changes struct {
	changed []change
	added   []edit.Value           // generated objects
	alike   map[likeness][]pod.Ref // all objects that a patch may be taken for
}

// changesOf compares the objects of streams with what they were.
func changesOf(streams []*manifest.Stream) (*changes, error) {
	c := &changes{alike: map[likeness][]pod.Ref{}}
	kinds := map[string]bool{}
	for _, s := range streams {
		for _, o := range s.Objects {
			c.added = append(c.added, o.Added()...)
			if !o.Removed() && o.Text() == o.Original() {
				continue
			}
			one, err := changeOf(o)
			if err != nil {
				return nil, err
			}
			c.changed, kinds[one.ref.Kind] = append(c.changed, one), true
		}
	}
	for _, s := range streams {
		for _, o := range s.Objects {
			c.note(o, kinds)
		}
	}
	return c, nil
}

func changeOf(o *manifest.Object) (change, error) {
	old, err := o.Peek()
	if err != nil {
		return change{}, err
	}
	one := change{ref: refOf(o, old), gone: o.Removed(), where: o.Position().String(), before: valueOf(old.Root)}
	if one.gone {
		return one, nil
	}
	made, err := old.Reread(o.Text())
	if err != nil {
		return change{}, err
	}
	one.want = valueOf(made.Root)
	return one, nil
}

// note notes an object whose kind is one of those that have changed. What cannot
// be read is nobody's workload.
func (c *changes) note(o *manifest.Object, kinds map[string]bool) {
	if len(kinds) == 0 || o.Sure() && !kinds[o.Kind] {
		return
	}
	var d *yamlpatch.Doc
	if d, _ = o.Peek(); d == nil || d.Root == nil {
		return
	}
	if ref := refOf(o, d); kinds[ref.Kind] {
		like := likenessOf(ref)
		c.alike[like] = append(c.alike[like], ref)
	}
}

// refOf names an object. Items of typed lists may leave their type to the list.
func refOf(o *manifest.Object, d *yamlpatch.Doc) pod.Ref {
	ref := pod.RefOf(d.Root)
	if ref.Kind == "" {
		ref.APIVersion, ref.Kind = o.APIVersion, o.Kind
	}
	return ref
}

// patches returns the patches that turn the object into what is wanted, as they
// stand in a kustomization.
func (c change) patches(alike []pod.Ref) ([]edit.Value, error) {
	to := target(c.ref, alike)
	var patches []edit.Value
	for _, v := range c.differences() {
		text, err := patchText(v)
		if err != nil {
			return nil, err
		}
		patches = append(patches, edit.Obj(edit.Field{Name: "target", Value: to}, edit.Field{Name: "patch", Value: edit.Str(text)}))
	}
	return patches, nil
}

// differences are the strategic merge patch and the JSON patch of the object, in
// this order: the second may need maps that the first makes.
func (c change) differences() []edit.Value {
	merge := edit.Texts("apiVersion", c.ref.APIVersion, "kind", c.ref.Kind)
	merge = put(merge, edit.Str(c.ref.Name), "metadata", "name")
	if c.gone {
		return []edit.Value{put(merge, edit.Str("delete"), "$patch")}
	}
	d := differ{merge: merge}
	d.value(place{}, c.before, c.want)
	var both []edit.Value
	if d.merges {
		both = append(both, d.merge)
	}
	if len(d.ops) > 0 {
		both = append(both, edit.Seq(d.ops...))
	}
	return both
}

// patchText writes a patch. kustomize cuts the last line end off, and a text that
// ends there must not lose it.
func patchText(v edit.Value) (string, error) {
	text, err := yamlpatch.Render(v)
	if err != nil {
		return "", err
	}
	if d, err := yamlpatch.Parse(strings.TrimSpace(text), 0); err == nil && d.Root.Value().Equal(v) {
		return text, nil
	}
	return yamlpatch.RenderQuoted(v)
}
