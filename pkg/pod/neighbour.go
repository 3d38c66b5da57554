package pod

import "github.com/krm-sidecars/krm-sidecars/pkg/edit"

// Neighbour is another object of the input, as it came.
type Neighbour struct {
	Ref
	Labels      map[string]string
	Annotations map[string]string
	Root        edit.Value // the whole object
	Place       int        // among the objects of the input
}

// Around looks up other objects of the input.
type Around interface {
	// Neighbours returns the objects of a kind, such as Service or
	// autoscaling/HorizontalPodAutoscaler, in the order of the input.
	Neighbours(groupKind string) []Neighbour
}

// Neighbours returns the objects of a kind that stand in the input beside the
// workload, in its namespace. A kind without a group, as in Service, is one of the
// core group. The host may show only some of a package, or the workload alone.
func (v *View) Neighbours(groupKind string) []Neighbour {
	if v.around == nil {
		return nil
	}
	var near []Neighbour
	for _, n := range v.around.Neighbours(groupKind) {
		if n.Namespace == v.Object.Namespace {
			near = append(near, n)
		}
	}
	return near
}

// Namespace returns the workload's Namespace, where the input holds it.
func (v *View) Namespace() (Neighbour, bool) {
	if v.around == nil || v.Object.Namespace == "" {
		return Neighbour{}, false
	}
	for _, n := range v.around.Neighbours("Namespace") {
		if n.Name == v.Object.Namespace {
			return n, true
		}
	}
	return Neighbour{}, false
}

// In says what stands around the workload.
func (v *View) In(around Around) { v.around = around }

// Around returns what stands around the workload.
func (v *View) Around() Around { return v.around }

// Texts returns a map of strings below the object, such as
// spec.selector; what is no string is left out.
func (n Neighbour) Texts(fields ...string) map[string]string {
	value := n.Root
	for _, name := range fields {
		value, _ = value.Get(name)
	}
	all := map[string]string{}
	for _, f := range value.Fields {
		if f.Value.Kind == edit.String {
			all[f.Name] = f.Value.Text
		}
	}
	return all
}
