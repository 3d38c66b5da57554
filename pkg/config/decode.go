package config

import (
	"cmp"
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// object is a functionConfig of a kind of ours.
type object struct {
	APIVersion string            `json:"apiVersion,omitempty"`
	Kind       string            `json:"kind,omitempty"`
	Metadata   metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec       *yamlpatch.Node   `json:"spec,omitempty"`
}

// Decode reads a functionConfig, of a kind of ours or a v1 ConfigMap, into
// spec, a pointer to a struct with json tags. Fields that the config does not
// have stay as they are. No config, and a ConfigMap without data, are fine:
// what is required is for the validation to say.
func Decode(doc *yamlpatch.Doc, spec any) Errors {
	if doc == nil || doc.Root.IsNull() {
		return nil
	}
	d := newDecoder("")
	d.line = doc.Line
	if ReadHeader(doc.Root).IsConfigMap() {
		d.configMap(doc.Root, spec)
	} else {
		d.object(doc.Root, spec)
	}
	return d.errs.sorted()
}

// DecodeNode reads n into the value that into points to, strictly. Errors have
// path in front of their own and no lines.
func DecodeNode(n *yamlpatch.Node, into any, path string) Errors {
	d := newDecoder(path)
	d.into(n, into)
	return d.errs
}

// DecodeLenient reads n into the value that into points to and ignores fields
// that this does not have: n may be written for a newer version of the type.
// Of the values that do not fit, the error tells the first.
func DecodeLenient(n *yamlpatch.Node, into any) error {
	return new(Lenient).Decode(n, into)
}

// Lenient is DecodeLenient for many values: it remembers the types that it has
// met, which is half of the work. It must not be used by several goroutines at
// once.
type Lenient struct{ types map[reflect.Type][]field }

// Decode reads n into the value that into points to, as DecodeLenient does.
func (l *Lenient) Decode(n *yamlpatch.Node, into any) error {
	if l.types == nil {
		l.types = map[reflect.Type][]field{}
	}
	d := &decoder{lenient: true, types: l.types}
	d.into(n, into)
	if len(d.errs) > 0 {
		return d.errs[0]
	}
	return nil
}

func (d *decoder) into(n *yamlpatch.Node, into any) {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		d.errorf(n, "cannot be read into %T: no pointer to a value", into)
		return
	}
	if !n.IsNull() {
		d.value(n, v.Elem(), true)
	}
}

// object reads a config of a kind of ours.
func (d *decoder) object(root *yamlpatch.Node, spec any) {
	var o object
	d.into(root, &o)
	if shapeOf(root) != ofMap {
		return
	}
	d.checkVersion(root, o)
	d.checkName(root, o.Metadata.Name)
	d.below("spec", func() { d.into(o.Spec, spec) })
}

func (d *decoder) checkVersion(root *yamlpatch.Node, o object) {
	version := lookup(root, "apiVersion")
	switch {
	case version.IsNull():
		d.below("apiVersion", func() { d.errorf(root, "missing; write %s", APIVersion) })
	case shapeOf(version) == ofText && o.APIVersion != APIVersion:
		d.below("apiVersion", func() { d.errorf(version, "%q is not known here; write %s", o.APIVersion, APIVersion) })
	}
	if lookup(root, "kind").IsNull() {
		d.below("kind", func() { d.errorf(root, "missing; name the kind of the function's config, such as AddLogSidecar") })
	}
}

// checkName: the name ends up in the annotations that tell who owns what.
func (d *decoder) checkName(root *yamlpatch.Node, name string) {
	meta := lookup(root, "metadata")
	n := lookup(meta, "name")
	d.below("metadata", func() {
		d.below("name", func() {
			switch {
			case n.IsNull():
				d.errorf(cmp.Or(meta, root), "missing; name this use of the function, such as web-logs")
			case shapeOf(n) == ofText && len(validation.IsDNS1123Subdomain(name)) > 0:
				d.errorf(n, "%q is no valid name; use lower-case letters, digits, - and dots, such as web-logs", name)
			}
		})
	})
}
