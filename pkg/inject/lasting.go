package inject

import "github.com/krm-sidecars/krm-sidecars/pkg/pod"

// Lasting returns the volume that Share would choose for a directory, where what
// it holds outlives the pod. A tool that empties its directory must not have it.
func Lasting(v *pod.View, s Shared) (volume string, lasting bool) {
	for _, app := range s.Containers {
		m, ok := app.MountAt(s.Path)
		if !ok || !Writable(v, m.Name) || m.SubPathExpr != "" {
			continue
		}
		vol, _ := v.Volume(m.Name) // none for a claim of a StatefulSet
		_, local := vol.Source.Get("emptyDir")
		return m.Name, !local
	}
	return "", false
}
