package krm

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// valuesKey is the field of a Helm values file, or of any other YAML file that is
// no object, that holds a list of functionConfigs.
const valuesKey = "krmSidecars"

// ReadConfigs reads the functionConfigs in the text of a file, one a document or a
// list of them at krmSidecars, in order. Errors are joined: all of the file at
// once.
func ReadConfigs(functions []Function, file, src string) ([]*Instance, error) {
	s, err := manifest.Read(file, src)
	if err != nil {
		return nil, err
	}
	r := reader{functions: functions}
	var all []*Instance
	var errs []error
	for _, o := range slices.Concat(s.Objects, s.Others) {
		found, err := r.object(o)
		all, errs = append(all, found...), append(errs, err)
	}
	if len(all) == 0 && errors.Join(errs...) == nil {
		errs = append(errs, fmt.Errorf("%s holds no functionConfig; the kinds are %s; a file that is no object lists them at %s", file, strings.Join(Kinds(functions), ", "), valuesKey))
	}
	return all, errors.Join(errs...)
}

// object reads the configs in a document.
func (r reader) object(o *manifest.Object) ([]*Instance, error) {
	d, err := o.Document()
	if err != nil {
		return nil, err
	}
	found, err := r.document(d, o.Position())
	at := o.Position()
	var bad *ConfigError
	if errors.As(err, &bad) {
		bad.File, bad.Line = at.File, o.LineOf(1)-1
	}
	for _, in := range found {
		for _, each := range append(in.parts, in) {
			line := at.Line
			if each.line > 0 {
				line = o.LineOf(each.line)
			}
			each.Source = fmt.Sprintf("%s, line %d", at.File, line)
		}
	}
	return found, err
}

func (r reader) document(d *yamlpatch.Doc, at manifest.Position) ([]*Instance, error) {
	kind := config.ReadHeader(d.Root).Kind
	if d.Root.Get("kind") == nil && d.Root.Get("apiVersion") == nil {
		return r.values(d)
	}
	f, ok := Find(r.functions, kind)
	if !ok {
		return nil, fmt.Errorf("%s: %s", at, unknownKind(kind, r.functions))
	}
	in, err := r.instance(f, d)
	if err != nil {
		return nil, err
	}
	return []*Instance{in}, nil
}

// values reads the configs in a values file.
func (r reader) values(d *yamlpatch.Doc) ([]*Instance, error) {
	all := d.Root.Get(valuesKey)
	if all == nil {
		return nil, nil
	}
	var list []config.Part
	errs := config.DecodeNode(all, &list, valuesKey)
	if len(errs) == 0 {
		var found []*Instance
		if found, errs = r.parts(d, list, valuesKey, all.Items()); len(errs) == 0 {
			return found, nil
		}
	}
	return nil, &ConfigError{Function: program, Errors: errs.Locate(d)}
}
