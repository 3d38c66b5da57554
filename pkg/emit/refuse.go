package emit

import (
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// program speaks: no function knows of patches.
const program = "krm-sidecars"

// refusals tell of the changed objects that kustomize cannot patch.
func (c *changes) refusals() []krm.Result {
	var results []krm.Result
	for _, one := range c.changed {
		why := one.unfit()
		if why == "" && c.twice(one.ref) {
			why = "is in the input more than once; kustomize takes no two objects of the same kind, namespace and name"
		}
		if why != "" {
			results = append(results, krm.Result{Function: program, Ref: one.ref, Severity: pod.Error, Code: pod.NotPatchable, Message: why, Where: one.where})
		}
	}
	return results
}

// twice reports whether two objects have the identity.
func (c *changes) twice(ref pod.Ref) bool {
	n := 0
	for _, other := range c.alike[likenessOf(ref)] {
		if identity(other) == identity(ref) {
			n++
		}
	}
	return n > 1
}

// unfit says why kustomize cannot patch the object, "" if it can.
func (c change) unfit() string {
	_, kind := c.before.Get("kind")
	_, items := c.before.Get("items")
	switch {
	case !kind:
		return "leaves its kind to the list that it is in, and kustomize takes no such object; write apiVersion and kind"
	case c.ref.Name == "":
		return "has no metadata.name, and a patch has to name its target; give it one, or run the function itself"
	case strings.HasSuffix(c.ref.Kind, "List") && items:
		return "has items and a kind that ends in List; kustomize puts the items in its place, so that no patch finds it; run the function itself"
	}
	return found(c.want, "", func(v edit.Value, at string) string {
		if v.Kind == edit.Number && rounded(v.Text) {
			return "has the number " + v.Text + " at " + at + ", which kustomize rounds when it patches the object; make it a string, or run the function itself"
		}
		return ""
	})
}

// found returns what check says of v or a value below it, the first time that it
// says something.
func found(v edit.Value, at string, check func(v edit.Value, at string) string) string {
	said := check(v, at)
	for i := 0; said == "" && i < len(v.Items); i++ {
		said = found(v.Items[i], at, check)
	}
	for i := 0; said == "" && i < len(v.Fields); i++ {
		said = found(v.Fields[i].Value, strings.TrimPrefix(at+"."+v.Fields[i].Name, "."), check)
	}
	return said
}

// rounded reports whether an integer is another one as a float64, which is how
// kustomize reads the object again after a JSON patch.
func rounded(text string) bool {
	i, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		_, err = strconv.ParseUint(text, 10, 64)
		return err == nil
	}
	return i > exact || i < -exact
}

// exact is the integer up to which float64 has all of them.
const exact = 1 << 53
