package krm

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Composite is the spec of a function that runs others.
type Composite interface {
	Spec
	Composition() Composition
}

// Composition is what a Composite stands for.
type Composition struct {
	Shared    config.Common     // for all parts
	Parts     []config.Part     // they stand in the config at spec.functions
	FromItems *config.FromItems // nil: none
}

// compose makes the parts of a Composite, which is good but for them, or not: what
// is wrong with what they share is then not told again for each.
func (in *Instance) compose(functions []Function, c Composition, doc *yamlpatch.Doc, good bool) (errs config.Errors) {
	in.matcher, _ = c.Shared.Target.Compile()
	r := reader{functions: functions, within: in}
	if good {
		r.shared = &c.Shared
	}
	switch {
	case len(c.Parts) == 0:
	case config.ReadHeader(doc.Root).IsConfigMap():
		errs.Addf("spec.functions", "cannot be given by a ConfigMap; write kind %s", in.Function.Kind)
	default:
		in.parts, errs = r.parts(doc, c.Parts, "spec.functions", doc.Root.Path("spec", "functions").Items())
	}
	if c.FromItems == nil {
		return errs
	}
	for i, kind := range c.FromItems.Kinds {
		r.find(fmt.Sprintf("spec.fromItems.kinds[%d]", i), kind, &errs)
	}
	r.functions = Singles(functions)
	in.finder = &finder{FromItems: *c.FromItems, reader: r}
	return errs
}

// parts makes the instances of a list that stands at path in a document.
func (r reader) parts(doc *yamlpatch.Doc, list []config.Part, path string, nodes []*yamlpatch.Node) ([]*Instance, config.Errors) {
	var all []*Instance
	var errs config.Errors
	for i, p := range list[:min(len(list), len(nodes))] { // fewer nodes where elements are empty, which is told
		at := fmt.Sprintf("%s[%d]", path, i)
		errs = append(errs, p.Validate(at)...)
		if f, ok := r.find(at+".kind", p.Kind, &errs); ok {
			in, bad := r.part(f, p, nodes[i].Get("spec"))
			in.line = doc.Line(nodes[i])
			all, errs = append(all, in), append(errs, bad.Under(at)...)
		}
	}
	return all, errs
}

// find returns the function for the kind of a part.
func (r reader) find(path, kind string, errs *config.Errors) (Function, bool) {
	f, ok := Find(r.functions, kind)
	switch {
	case kind == "":
		errs.Addf(path, "missing; the kinds are %s", strings.Join(Kinds(Singles(r.functions)), ", "))
		return f, false
	case !ok || f.Kind != kind:
		errs.Addf(path, "%s", unknownKind(kind, Singles(r.functions)))
		return f, false
	case isComposite(f):
		errs.Addf(path, "%s cannot be a part of another config; list its functions here", kind)
		return f, false
	case isJudge(f) && r.within != nil:
		errs.Addf(path, "%s cannot be a part of another config; run it on its own, after this one", kind)
		return f, false
	case isRemoval(f) && r.within != nil:
		errs.Addf(path, "%s cannot be a part of another config; run it on its own, or take away from this list what is to go", kind)
		return f, false
	}
	return f, true
}

// part makes one instance.
func (r reader) part(f Function, p config.Part, node *yamlpatch.Node) (*Instance, config.Errors) {
	name := p.Instance()
	if name == "" && r.within != nil {
		name = r.within.Owner.Instance
	}
	in := &Instance{Function: f, Owner: inject.Owner{Function: f.Name, Instance: name}, within: r.within,
		header: config.Header{APIVersion: config.APIVersion, Kind: f.Kind, Name: name}}
	spec := f.New()
	errs := config.DecodeNode(node, spec, "spec")
	errs = append(errs, in.settle(spec, errs, r.shared)...)
	if c, ok := spec.(Removal); ok {
		errs = append(errs, news(errs, in.leave(c.Leaving(), r.functions))...)
	}
	if name == "" {
		errs.Addf("name", "missing; name this use of the function, such as web-logs")
	}
	return in, errs
}

func isComposite(f Function) bool {
	_, ok := f.New().(Composite)
	return ok
}

func isJudge(f Function) bool {
	_, ok := f.New().(Judge)
	return ok
}

func isRemoval(f Function) bool {
	_, ok := f.New().(Removal)
	return ok
}

// Singles are the functions that can be parts of others.
func Singles(functions []Function) []Function {
	return slices.DeleteFunc(slices.Clone(functions), func(f Function) bool { return isComposite(f) || isJudge(f) || isRemoval(f) })
}

// finder finds parts of a Composite among the items.
type finder struct {
	config.FromItems
	reader reader
}

// find reads the configs among objects. The error tells all that is wrong. kept
// says that an object that is left out would be lost.
func (f *finder) find(objects []*manifest.Object, kept bool) ([]*Instance, error) {
	var all []*Instance
	var errs []error
	for _, o := range objects {
		if !f.wants(o) {
			continue
		}
		if f.Drop && (kept || ofPackage(objects)) {
			return nil, f.bad("spec.fromItems.drop", "would delete the config in "+o.Position().String()+
				": drop is for kustomize, whose output no config belongs to; take it out here")
		}
		found, err := f.reader.object(o)
		for _, in := range found {
			in.found = true // that its config is not there may have other reasons than that it went
		}
		all, errs = append(all, found...), append(errs, err)
		if f.Drop {
			o.Remove()
		}
	}
	if len(all)+len(errs) == 0 {
		return nil, f.bad("spec.fromItems", "finds no "+strings.Join(f.kinds(), " or ")+" among the items; add one, with kustomize "+
			"under resources; kpt hands over none that has the annotation config.kubernetes.io/function")
	}
	return all, errors.Join(errs...)
}

// bad is the error of the config that asks for items.
func (f *finder) bad(path, message string) error {
	in := f.reader.within
	return &ConfigError{Function: in.Function.Name, Header: in.header, File: in.Source, Errors: config.Errors{{Path: path, Msg: message}}}
}

// ofPackage reports whether objects come from the files of a kpt package, where
// what a function leaves out is deleted.
func ofPackage(objects []*manifest.Object) bool {
	return slices.ContainsFunc(objects, func(o *manifest.Object) bool {
		return o.Kind == "Kptfile" || strings.Contains(o.Original(), "internal.config.kubernetes.io/package-path")
	})
}

// wants reports whether an object is a config to take.
func (f *finder) wants(o *manifest.Object) bool {
	if !strings.Contains(o.Original(), config.Group) {
		return false
	}
	d, err := o.Peek()
	if err != nil {
		return false
	}
	header := config.ReadHeader(d.Root)
	group, _, _ := strings.Cut(header.APIVersion, "/")
	return group == config.Group && slices.Contains(f.kinds(), header.Kind)
}

// kinds are those that are taken.
func (f *finder) kinds() []string {
	if len(f.Kinds) > 0 {
		return f.Kinds
	}
	return Kinds(f.reader.functions)
}
