package catalog

import (
	"errors"
	"fmt"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// The annotation that tells kustomize what to run, and its older name, which is
// read when there is no other.
const (
	annotation    = "config.kubernetes.io/function"
	oldAnnotation = "config.k8s.io/function"
)

// Annotate returns the text of a file of functionConfigs with the annotation
// that tells kustomize what to run. Nothing else changes.
func (c *Catalog) Annotate(file krm.Text, use Use) (string, error) {
	s, err := manifest.Read(file.Name, file.Source)
	if err != nil {
		return "", err
	}
	if len(s.Objects) == 0 {
		return "", fmt.Errorf("expanding %s: it holds no functionConfig; the catalog has %s", file.Name, c.kinds())
	}
	var errs []error
	for _, o := range s.Objects {
		errs = append(errs, c.annotate(o, use))
	}
	return s.String(), errors.Join(errs...)
}

func (c *Catalog) annotate(o *manifest.Object, use Use) error {
	d, err := o.Document()
	if err != nil {
		return err
	}
	ref, err := c.reference(config.ReadHeader(d.Root), use)
	if err == nil {
		err = ref.annotate(o, d)
	}
	if err != nil {
		return fmt.Errorf("expanding %s: %w", o.Position(), err)
	}
	return nil
}

// annotate writes the annotation into a functionConfig.
func (r reference) annotate(o *manifest.Object, d *yamlpatch.Doc) error {
	meta := edit.Fields("metadata")
	all := meta.With(edit.Name("annotations"))
	old := d.Root.Path("metadata", "annotations")
	text, err := r.in(old.Get(annotation).Str())
	if err != nil {
		return err
	}
	edits := []edit.Edit{
		{Op: edit.Ensure, Path: meta, Value: edit.Obj(), Where: edit.Where{After: []string{"kind"}}},
		{Op: edit.Ensure, Path: all, Value: edit.Obj()},
		set(all.With(edit.Name(annotation)), edit.Str(text), old.Get(annotation) != nil),
	}
	if old.Get(oldAnnotation) != nil {
		edits = append(edits, edit.Edit{Op: edit.Delete, Path: all.With(edit.Name(oldAnnotation))})
	}
	res, err := d.Apply(edits)
	if err == nil && res.Changed {
		o.SetText(res.Text)
	}
	return err
}

// set gives a field a value.
func set(at edit.Path, value edit.Value, there bool) edit.Edit {
	if there {
		return edit.Edit{Op: edit.Replace, Path: at, Value: value}
	}
	return edit.Edit{Op: edit.Insert, Path: at, Value: value}
}

// in returns the annotation's value. What else an old one says for the same
// runtime stays, such as mounts.
func (r reference) in(old string) (string, error) {
	runtime, field, other := "exec", "path", "container"
	if r.container {
		runtime, field, other = "container", "image", "exec"
	}
	d, err := yamlpatch.Parse(old, 0)
	if err == nil && d.Root.Get(other) == nil && d.Root.Path(runtime, field) != nil {
		if res, err := d.Apply([]edit.Edit{set(edit.Fields(runtime, field), edit.Str(r.target), true)}); err == nil {
			return res.Text, nil
		}
	}
	target := edit.Obj(edit.Field{Name: field, Value: edit.Str(r.target)})
	return yamlpatch.Render(edit.Obj(edit.Field{Name: runtime, Value: target}))
}
