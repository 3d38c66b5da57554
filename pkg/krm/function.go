package krm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Function is one KRM function.
type Function struct {
	Name    string      // add-log-sidecar
	Kind    string      // AddLogSidecar
	Short   string      // one sentence
	Readme  string      // the manual, Markdown
	Example string      // a commented functionConfig that is valid
	New     func() Spec // a spec with nothing set: a Config or a Composite
}

// Spec is the spec of a functionConfig.
type Spec interface {
	// Default fills in what the user left open.
	Default()
	// Validate returns all that is wrong, with paths from spec on.
	Validate() config.Errors
}

// Config is the spec of a function that works on pod templates.
type Config interface {
	Spec
	// Shared returns the fields that all functions have.
	Shared() *config.Common
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

// Find returns the function of a name or kind.
func Find(functions []Function, nameOrKind string) (Function, bool) {
	for _, f := range functions {
		if f.Name == nameOrKind || f.Kind == nameOrKind {
			return f, true
		}
	}
	return Function{}, false
}

// IsFunctionName reports whether a name is made as those of functions are: a verb
// in front, then what it is about.
func IsFunctionName(name string) bool {
	verb, _, ok := strings.Cut(name, "-")
	return ok && slices.Contains([]string{"add", "inject", "remove", "lint"}, verb)
}

// Unknown says that a name is that of no function, and which one may be meant.
func Unknown(functions []Function, name string) string {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.Name
	}
	said := fmt.Sprintf("there is no function %q; they are %s", name, strings.Join(names, ", "))
	if near := config.Nearest(name, names); near != "" {
		said += "; did you mean " + near + "?"
	}
	return said
}
