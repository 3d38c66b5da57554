package accepted

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

// judge asks the API server.
type judge struct {
	mu    sync.Mutex
	known map[string]bool // namespaces that are there
}

// strict is the namespace of what names none.
const strict = "strict"

// restricted are the labels of a namespace that takes only pods that Pod Security
// calls restricted.
func restricted() map[string]string {
	return map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}
}

// output judges all that the functions changed in a stream.
func (j *judge) output(t *testing.T, f *figures, o output) {
	t.Helper()
	f.count(&f.outputs)
	var refused []*object
	for _, c := range o.changes() {
		result := &f.accepted
		switch {
		case c.after.fields == nil:
			result = &f.input
			c.unreadable(t)
		case !cluster.Serves(t.Context(), kind(c.after)):
			result = &f.custom
		case c.before == nil && generatedBy(refused, c.after) && j.ask(t, c.after).Refused != nil:
			result = &f.input
		case !j.compare(t, c.after.String(), c.before, c.after):
			result = &f.input
		}
		if f.count(&f.objects, result); result == &f.input {
			refused = append(refused, c.after)
		}
		for _, template := range c.templates() {
			template.path = c.after.String() + " " + template.path
			j.template(t, f, template, o.asks)
		}
	}
}

// generatedBy tells whether one of some owners has a record that names a generated
// object. Its name is made of theirs, and wrong where theirs is.
func generatedBy(owners []*object, o *object) bool {
	named := fmt.Sprintf(`"%s/%s"`, o.fields["kind"], at(o.fields, edit.Fields("metadata", "name")))
	return slices.ContainsFunc(owners, func(owner *object) bool { return strings.Contains(owner.text, named) })
}

// unreadable insists that what Kubernetes cannot read was no better before.
func (c change) unreadable(t *testing.T) {
	t.Helper()
	if c.before == nil || c.before.fields != nil {
		t.Errorf("Kubernetes cannot read what we made:\n%s", c.after.text)
	}
}

// template judges a pod template as a Pod: unlike one in a workload it is refused
// where Pod Security forbids it. A case may ask for just that.
func (j *judge) template(t *testing.T, f *figures, of template, asks string) {
	t.Helper()
	f.count(&f.pods)
	if j.compare(t, of.path, asPod(t, of.before), asPod(t, of.after)) {
		f.count(&f.podsAccepted)
		return
	}
	refused := j.ask(t, alone(t, of)).Refused
	switch {
	case asks != "":
		if refused == nil || !strings.Contains(refused.Message, asks) {
			t.Errorf("%s: our containers alone are not refused with %q: %v", of.path, asks, refused)
		}
		f.count(&f.asked)
	case refused != nil:
		t.Errorf("%s: our containers alone are refused: %s", of.path, refused.Message)
	default:
		f.count(&f.podsOurs)
	}
}

// compare tells whether an object is accepted. Where it is not, it must have been
// refused before, and for no other reason.
func (j *judge) compare(t *testing.T, what string, before, after *object) bool {
	t.Helper()
	is, was := j.ask(t, after), kube.Verdict{}
	if is.Refused == nil && len(is.Warnings) == 0 {
		return true
	}
	if before != nil {
		was = j.ask(t, before)
	}
	for _, warning := range added(was.Warnings, is.Warnings) {
		if !strings.Contains(warning, podSecurity) { // the pod is judged itself
			t.Errorf("%s: the API server warns: %s", what, warning)
		}
	}
	switch {
	case is.Refused == nil:
		return true
	case was.Refused == nil:
		t.Errorf("%s: refused, but not without us: %s", what, is.Refused.Message)
	default:
		for _, reason := range added(reasons(was.Refused), reasons(is.Refused)) {
			t.Errorf("%s: refused for one more reason than without us: %s", what, reason)
		}
	}
	return false
}

// ask sends an object. The namespace that it names is made first.
func (j *judge) ask(t *testing.T, o *object) kube.Verdict {
	t.Helper()
	name, _ := at(o.fields, edit.Fields("metadata", "namespace")).(string)
	box.Check(t, j.open(t.Context(), cmp.Or(name, strict)))
	if o.fields["kind"] == "Namespace" {
		o = fresh(t, o)
	}
	verdict, err := cluster.DryRun(t.Context(), strict, o.text)
	box.Check(t, err)
	return verdict
}

// fresh is a Namespace with another name: its own may be taken, see open.
func fresh(t *testing.T, o *object) *object {
	t.Helper()
	metadata, _ := o.fields["metadata"].(map[string]any)
	fields, renamed := maps.Clone(o.fields), maps.Clone(metadata)
	if name, ok := renamed["name"].(string); ok {
		renamed["name"] = name + "-judged"
	}
	fields["metadata"] = renamed
	return encoded(t, fields)
}

// open makes the namespace that an object names, once.
func (j *judge) open(ctx context.Context, name string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.known[name] {
		return nil
	}
	j.known[name] = true
	return cluster.MakeNamespace(ctx, name, restricted())
}

// podSecurity is in what Pod Security says.
const podSecurity = " PodSecurity \"restricted:"

// differing is what of a reason we may change: where in a list something is, and the
// value in which something else is wrong.
var differing = regexp.MustCompile(`\[\d+\]|(?s)Invalid value: .*: `)

// reasons are why an object is refused, but for those of Pod Security: what we add
// is judged alone.
func reasons(status *metav1.Status) []string {
	var all []string
	switch {
	case strings.Contains(status.Message, podSecurity):
	case status.Details != nil && len(status.Details.Causes) > 0:
		for _, cause := range status.Details.Causes {
			all = append(all, cause.Field+": "+cause.Message)
		}
	default:
		all = strings.Split(status.Message, ", ")
	}
	return all
}

// added are the texts that are new.
func added(was, is []string) []string {
	var known, more []string
	for _, text := range was {
		known = append(known, differing.ReplaceAllString(text, ""))
	}
	for _, text := range is {
		if !slices.Contains(known, differing.ReplaceAllString(text, "")) {
			more = append(more, text)
		}
	}
	return more
}

func kind(o *object) schema.GroupVersionKind {
	apiVersion, _ := o.fields["apiVersion"].(string)
	kind, _ := o.fields["kind"].(string)
	return schema.FromAPIVersionAndKind(apiVersion, kind)
}
