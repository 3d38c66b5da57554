package krm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Function is one KRM function.
type Function struct {
	Name    string        // add-log-sidecar
	Kind    string        // AddLogSidecar
	Short   string        // one sentence
	Readme  string        // the manual, Markdown
	Example string        // a commented functionConfig that is valid
	New     func() Config // a config with nothing set
}

// Config is the spec of a functionConfig.
type Config interface {
	// Shared returns the fields that all functions have.
	Shared() *config.Common
	// Default fills in what the user left open.
	Default()
	// Validate returns all that is wrong, with paths from spec on.
	Validate() config.Errors
	// Injection says what is wanted in a pod template. It is pure: the same view
	// and owner give the same answer. No Injection leaves the template alone. An
	// error among the findings fails the run.
	Injection(v *pod.View, owner inject.Owner) (*inject.Injection, []pod.Finding)
}

// NamespaceConfig is a Config that may work on Namespaces instead of workloads.
// What it then gets is a view without containers, whose labels and annotations
// are those of the Namespace.
type NamespaceConfig interface {
	Config
	OnNamespaces() bool
}

// onNamespaces reports whether the instance works on Namespaces.
func (in *Instance) onNamespaces() bool {
	c, ok := in.Config.(NamespaceConfig)
	return ok && c.OnNamespaces()
}

// Instance is a function with a valid config.
type Instance struct {
	Function Function
	Owner    inject.Owner
	Config   Config
	Source   string // where the config was read from, if that is known
	matcher  *config.Matcher
}

// ConfigError is a functionConfig that cannot be used.
type ConfigError struct {
	Function string
	Header   config.Header
	Errors   config.Errors
	File     string // where the config was read from, if that is known
	Line     int    // lines of the file in front of the config
}

func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Errors))
	for i, err := range e.Errors {
		lines[i] = fmt.Sprintf("%s: error %s/%s %s", e.Function, e.Header.Kind, e.Header.Name, err.Error())
	}
	return strings.Join(lines, "\n")
}

// defaultName is the name of the functionConfig that kpt makes up.
const defaultName = "function-input"

// NewInstance reads a functionConfig for f. doc may be nil: no config. The error
// is a *ConfigError.
func NewInstance(f Function, doc *yamlpatch.Doc) (*Instance, error) {
	in := &Instance{Function: f, Config: f.New()}
	var header config.Header
	var errs config.Errors
	if doc != nil {
		header = config.ReadHeader(doc.Root)
		errs = config.Decode(doc, in.Config)
	}
	if doc != nil && !header.IsConfigMap() && header.Kind != f.Kind && header.Kind != "" {
		errs = config.Errors{{Path: "kind", Msg: fmt.Sprintf("%q is not the config of %s; use kind %s, or a v1 ConfigMap", header.Kind, f.Name, f.Kind)}}
	}
	in.Config.Default()
	errs = append(errs, news(errs, in.Config.Validate())...)
	if doc != nil {
		errs = errs.Locate(doc)
	}
	if header.Kind == "" {
		header.APIVersion, header.Kind = config.APIVersion, f.Kind
	}
	if header.Name == "" || header.Name == defaultName {
		header.Name = "default"
	}
	in.Owner = inject.Owner{Function: f.Name, Instance: header.Name}
	if len(errs) > 0 {
		return nil, &ConfigError{Function: f.Name, Header: header, Errors: errs}
	}
	in.matcher, _ = in.Config.Shared().Target.Compile()
	return in, nil
}

// news drops errors about fields of which others tell already, and those about
// something missing of which others tell that it is written wrong.
func news(told, more config.Errors) config.Errors {
	var all config.Errors
	for _, e := range more {
		known := slices.ContainsFunc(told, func(t config.FieldError) bool {
			lacks := strings.HasPrefix(e.Msg, "missing") || strings.HasPrefix(e.Msg, "empty")
			return within(e.Path, t.Path) || lacks && within(t.Path, e.Path)
		})
		if !known {
			all = append(all, e)
		}
	}
	return all
}

// within reports whether a field is another one, or below it.
func within(path, above string) bool {
	rest, ok := strings.CutPrefix(path, above)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// request is what the instance wants of an object that it works on.
func (in *Instance) request() inject.Request {
	c := in.Config.Shared()
	return inject.Request{
		Owner: in.Owner, Mode: inject.Mode(c.InjectAs), Minor: c.Minor(), Skip: c.OnConflict == config.OnConflictSkip,
		Placement: inject.Placement{First: c.Placement.Word == config.PlaceFirst, Last: c.Placement.Word == config.PlaceLast,
			Before: c.Placement.Before, After: c.Placement.After},
	}
}

// Find returns the function of a name or kind.
func Find(functions []Function, nameOrKind string) (Function, bool) {
	for _, f := range functions {
		if f.Name == nameOrKind || f.Kind == nameOrKind {
			return f, true
		}
	}
	return Function{}, false
}
