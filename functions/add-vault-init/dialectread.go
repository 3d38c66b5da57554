package vaultinit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// annotation is a row of the table of annotations.
type annotation struct {
	name  string // behind the prefix
	named naming // whether the name of a secret or a setting follows
	field string // of the config, that it sets; below spec.secrets[], of a secret
	set   setter // nil: it is not taken
	why   string // it is not taken, and what to do instead
}

// setter does what an annotation says. It returns what is wrong with the value.
type setter func(d *dialect, g given) (wrong string)

// naming says whether -<name> follows behind an annotation's own name.
type naming int

const (
	unnamed naming = iota
	named
	either
)

// given is an annotation of the pod.
type given struct {
	key   string // with its prefix
	name  string // of the secret or setting, "" where there is none
	value string
	row   annotation
}

// annotations is the table of all that the injectors know.
func annotations() []annotation {
	return slices.Concat(stateAnnotations(), secretAnnotations(), shapeAnnotations(), serverAnnotations(), agentAnnotations())
}

// stateAnnotations are about the injector itself; asked reads them.
func stateAnnotations() []annotation {
	nothing := func(*dialect, given) string { return "" }
	return []annotation{
		{name: asksKey, set: nothing},
		{name: statusKey, set: nothing},
		{name: "agent-request-namespace", why: "is a note that the webhook makes for itself, and has no effect here; remove it"},
	}
}

// read takes all annotations in, in the order of their keys.
func (d *dialect) read() {
	table := annotations()
	d.chooseFlavor()
	for _, key := range slices.Sorted(maps.Keys(d.view.Annotations)) {
		text, ok := behindPrefix(key)
		if !ok {
			continue
		}
		g, known := lookUp(table, text)
		g.key, g.value = key, d.view.Annotations[key]
		switch {
		case !known:
			d.find(pod.Error, pod.AnnotationUnknown, d.place(key), "%s", unknown(table, text))
		case g.row.set == nil:
			d.find(pod.Error, pod.AnnotationUnknown, d.place(key), "%s", g.row.why)
		case !d.twice(text, g):
			d.take(text, g)
		}
	}
}

// chooseFlavor: nobody but OpenBao's injector reads its annotations.
func (d *dialect) chooseFlavor() {
	for key := range d.view.Annotations {
		if hasPrefix(key) && !strings.HasPrefix(key, vaultPrefix) {
			d.config.Flavor = flavorOpenBao
		}
	}
}

func (d *dialect) take(text string, g given) {
	d.given[text] = g
	if g.row.field != "" && g.name == "" {
		d.origin[g.row.field] = g.key
	}
	if wrong := g.row.set(d, g); wrong != "" {
		d.find(pod.Error, pod.AnnotationInvalid, d.place(g.key), "%s", wrong)
	}
}

// twice reports whether the annotation was there with another prefix: which one
// counts would depend on the injector.
func (d *dialect) twice(text string, g given) bool {
	other, there := d.given[text]
	if there && other.value != g.value {
		d.find(pod.Error, pod.AnnotationConflict, d.place(g.key), "says something else than %s; keep one of them", other.key)
	}
	return there
}

func behindPrefix(key string) (string, bool) {
	for _, prefix := range prefixes() {
		if text, ok := strings.CutPrefix(key, prefix); ok {
			return text, true
		}
	}
	return "", false
}

// lookUp finds the row of an annotation: the longest that fits, as
// agent-inject-template-file- begins like agent-inject-template-.
func lookUp(table []annotation, text string) (given, bool) {
	var best given
	found := false
	for _, row := range table {
		name, hasName := strings.CutPrefix(text, row.name+"-")
		switch {
		case text == row.name && row.named != named:
			return given{row: row}, true
		case hasName && name != "" && row.named != unnamed && len(row.name) > len(best.row.name):
			best, found = given{row: row, name: name}, true
		}
	}
	return best, found
}

// unknown says what is wrong with an annotation that no row fits.
func unknown(table []annotation, text string) string {
	var near []string
	for _, row := range table {
		if row.named == named && text == row.name {
			return fmt.Sprintf("needs a name at its end, such as %s-web", row.name)
		}
		if row.named != named {
			near = append(near, row.name)
		}
		if name := behindDashes(text, strings.Count(row.name, "-")+1); row.named != unnamed && name != "" {
			near = append(near, row.name+"-"+name)
		}
	}
	if best := config.Nearest(text, near); best != "" {
		return fmt.Sprintf("is no annotation of the injector, which would ignore it; did you mean %s?", best)
	}
	return "is no annotation of the injector, which would ignore it; remove it"
}

// behindDashes is what stands behind that many dashes of a text.
func behindDashes(text string, dashes int) string {
	parts := strings.SplitN(text, "-", dashes+1)
	if len(parts) <= dashes {
		return ""
	}
	return parts[dashes]
}
