package pod

import corev1 "k8s.io/api/core/v1"

// Full returns a container as the document has it, in Kubernetes' types; an empty
// one where the document has none of that name. What functions have added in this
// run it does not show.
func (v *View) Full(name string) corev1.Container {
	for _, c := range v.Spec().Containers {
		if c.Name == name {
			return c
		}
	}
	return corev1.Container{}
}
