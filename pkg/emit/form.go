package emit

import (
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// The forms in which changes are written.
const (
	Patches = "patches" // a kustomize Component
	Flux    = "flux"    // a patch of a HelmRelease: its post-renderers
	Objects = "objects" // the objects that functions generate
)

// Forms lists them.
func Forms() []string { return []string{Patches, Flux, Objects} }

// objectsFile is where a Component looks for generated objects.
const objectsFile = "objects.yaml"

const header = "# Written by krm-sidecars inject --emit %s. Write it anew when the manifests or the configs change.\n"

// Run runs an engine over texts and returns what it does to them in a form. With
// an error in the report there is no text.
func Run(e *krm.Engine, form string, texts ...krm.Text) (string, krm.Report) {
	streams, report := e.RunStreams(texts...)
	if report.Failed() {
		return "", report
	}
	c, err := changesOf(streams)
	if err != nil {
		return "", broken(report, err)
	}
	if report.Results = append(report.Results, c.refusals()...); report.Failed() {
		return "", report
	}
	text, err := c.in(form)
	if err != nil {
		return "", broken(report, err)
	}
	report.Results = append(report.Results, c.apart(form)...)
	return text, report
}

// broken adds an error that should not be.
func broken(report krm.Report, err error) krm.Report {
	report.Results = append(report.Results, krm.Result{Function: program, Severity: pod.Error, Code: pod.InternalError, Message: "writing patches: " + err.Error()})
	return report
}

func (c *changes) in(form string) (string, error) {
	if form == Objects {
		return c.objects()
	}
	var patches []edit.Value
	for _, one := range c.changed {
		more, err := one.patches(c.alike[likenessOf(one.ref)])
		if err != nil {
			return "", fmt.Errorf("%s: %w", one.ref, err)
		}
		patches = append(patches, more...)
	}
	whole := component(edit.Seq(patches...), len(c.added) > 0)
	if form == Flux {
		whole = helmRelease(edit.Seq(patches...))
	}
	text, err := yamlpatch.Render(whole)
	return fmt.Sprintf(header, form) + text, err
}

// component is a kustomize Component.
func component(patches edit.Value, objects bool) edit.Value {
	v := edit.Texts("apiVersion", "kustomize.config.k8s.io/v1alpha1", "kind", "Component")
	if objects {
		v.Fields = append(v.Fields, edit.Field{Name: "resources", Value: edit.Seq(edit.Str(objectsFile))})
	}
	v.Fields = append(v.Fields, edit.Field{Name: "patches", Value: patches})
	return v
}

// helmRelease is a patch of a Flux HelmRelease, whose name its target has to
// give: a chart does not know it.
func helmRelease(patches edit.Value) edit.Value {
	v := edit.Texts("apiVersion", "helm.toolkit.fluxcd.io/v2", "kind", "HelmRelease")
	v = put(v, edit.Str("any"), "metadata", "name")
	renderer := put(edit.Obj(), patches, "kustomize", "patches")
	return put(v, edit.Seq(renderer), "spec", "postRenderers")
}

// objects is the stream of generated objects.
func (c *changes) objects() (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, header, Objects)
	for i, v := range c.added {
		text, err := yamlpatch.Render(v)
		if err != nil {
			return "", err
		}
		if i > 0 {
			b.WriteString("---\n")
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// apart tells of generated objects, which are no part of the patches.
func (c *changes) apart(form string) []krm.Result {
	if len(c.added) == 0 || form == Objects {
		return nil
	}
	names := make([]string, len(c.added))
	for i, v := range c.added {
		kind, _ := v.Get("kind")
		meta, _ := v.Get("metadata")
		name, _ := meta.Get("name")
		names[i] = kind.Text + "/" + name.Text
	}
	r := krm.Result{Function: program, Severity: pod.Info, Code: pod.ObjectsApart,
		Message: fmt.Sprintf("the Component takes %s from %s; write that with --emit %s", strings.Join(names, ", "), objectsFile, Objects)}
	if form == Flux {
		r.Severity = pod.Warning
		r.Message = fmt.Sprintf("a HelmRelease adds no objects: apply %s beside it; --emit %s prints what that is", strings.Join(names, ", "), Objects)
	}
	return []krm.Result{r}
}
