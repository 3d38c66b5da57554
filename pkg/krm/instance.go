package krm

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Instance is a function with a valid config. That of a Composite does nothing
// itself: its parts do.
type Instance struct {
	Function Function
	Owner    inject.Owner
	Config   Config // nil for a Composite
	Source   string // where the config was read from, if that is known
	line     int    // of a part, within the document that it stands in

	header  config.Header
	matcher *config.Matcher
	found   bool // among the items
	parts   []*Instance
	within  *Instance // the Composite that this is a part of
	finder  *finder   // of the parts that lie among the items
	removal *Leaving  // of one that takes away what others added
}

// defaultName is the name of the functionConfig that kpt makes up.
const defaultName = "function-input"

// NewInstance reads a functionConfig for f, which is one of functions. doc may be
// nil: no config. The error is a *ConfigError.
func NewInstance(functions []Function, f Function, doc *yamlpatch.Doc) (*Instance, error) {
	return reader{functions: functions}.instance(f, doc)
}

// reader reads functionConfigs.
type reader struct {
	functions []Function
	within    *Instance      // what the configs are parts of; nil: of nothing
	shared    *config.Common // what they share; nil: nothing
}

func (r reader) instance(f Function, doc *yamlpatch.Doc) (in *Instance, err error) {
	header, errs := headerFor(f, doc)
	defer func() {
		if p := recover(); p != nil {
			in, err = nil, &ConfigError{Function: f.Name, Header: header, Errors: config.Errors{{Msg: Bug(p)}}}
		}
	}()
	in = &Instance{Function: f, Owner: inject.Owner{Function: f.Name, Instance: header.Name}, within: r.within, header: header}
	spec := f.New()
	if doc != nil && len(errs) == 0 {
		errs = config.Decode(doc, spec)
	}
	errs = append(errs, in.settle(spec, errs, r.shared)...)
	if c, ok := spec.(Composite); ok {
		errs = append(errs, news(errs, in.compose(r.functions, c.Composition(), doc, len(errs) == 0))...)
	}
	if c, ok := spec.(Removal); ok {
		errs = append(errs, news(errs, in.leave(c.Leaving(), r.functions))...)
	}
	if doc != nil {
		errs = errs.Locate(doc)
	}
	if len(errs) > 0 {
		return nil, &ConfigError{Function: f.Name, Header: header, Errors: errs}
	}
	return in, nil
}

// headerFor returns the header of a config for f, and whether it is none for f.
func headerFor(f Function, doc *yamlpatch.Doc) (header config.Header, errs config.Errors) {
	if doc != nil {
		header = config.ReadHeader(doc.Root)
	}
	if header.Kind != f.Kind && header.Kind != "" && !header.IsConfigMap() {
		errs.Addf("kind", "%q is not the config of %s; use kind %s, or a v1 ConfigMap", header.Kind, f.Name, f.Kind)
	}
	if header.Kind == "" {
		header.APIVersion, header.Kind = config.APIVersion, f.Kind
	}
	if header.Name == "" || header.Name == defaultName {
		header.Name = "default"
	}
	return header, errs
}

// settle takes over the spec, whose errors from decoding are known, and returns
// what else is wrong with it. shared may be nil.
func (in *Instance) settle(spec Spec, known config.Errors, shared *config.Common) config.Errors {
	c, ok := spec.(Config)
	if ok && shared != nil {
		c.Inherit(shared)
	}
	spec.Default()
	errs := news(known, spec.Validate())
	if ok {
		in.Config = c
		in.matcher, _ = c.Shared().Target.Compile()
	}
	return errs
}

// onNamespaces reports whether the instance works on Namespaces.
func (in *Instance) onNamespaces() bool {
	c, ok := in.Config.(NamespaceConfig)
	return ok && c.OnNamespaces()
}

// selects reports whether the instance, and what it is a part of, select an
// object.
func (in *Instance) selects(c config.Candidate) bool {
	return in.matcher.Matches(c) && (in.within == nil || in.within.matcher.Matches(c))
}

// request is what the instance wants of an object that it works on.
func (in *Instance) request() inject.Request {
	c := in.Config.Shared()
	r := inject.Request{
		Owner: in.Owner, Mode: inject.Mode(c.InjectAs), Minor: c.Minor(), Skip: c.OnConflict == config.OnConflictSkip,
		Placement: inject.Placement{First: c.Placement.Word == config.PlaceFirst, Last: c.Placement.Word == config.PlaceLast,
			Before: c.Placement.Before, After: c.Placement.After},
	}
	if in.within != nil && !in.found {
		r.Via = in.within.Owner.String()
	}
	return r
}

// all are the instance's parts, or itself.
func (in *Instance) all() []*Instance {
	if in.Config == nil {
		return in.parts
	}
	return []*Instance{in}
}

// FindsItems reports whether parts of the instance are found among the items only.
func (in *Instance) FindsItems() bool { return in.finder != nil }

// Origins are those of all that the instance can have added something for: of
// itself, and of its parts.
func (in *Instance) Origins() []Origin {
	origins := []Origin{{Owner: in.Owner}}
	for _, part := range in.parts {
		origins = append(origins, Origin{part.Owner, in.Owner.String()})
	}
	return origins
}
