package initcontainer

import "slices"

// volumeKind is what is known about the files of volumes.
type volumeKind struct {
	source string
	groups bool // Kubernetes gives them the pod's fsGroup
	open   bool // every user can write to it
	shows  bool // they are objects of the cluster, that nobody writes to
}

// volumeKinds is the table. A kind that it does not have takes the group, as
// drivers of block storage do; whether one of CSI does, its CSIDriver says.
func volumeKinds() []volumeKind {
	return []volumeKind{
		{source: "emptyDir", groups: true, open: true},
		{source: "configMap", groups: true, shows: true},
		{source: "secret", groups: true, shows: true},
		{source: "projected", groups: true, shows: true},
		{source: "downwardAPI", groups: true, shows: true},
		{source: "image", shows: true},
		{source: "hostPath"},
		{source: "nfs"},
		{source: "cephfs"},
		{source: "azureFile"},
	}
}

// volumeKind is that of a volume of the pod. What is none is a claim of a
// StatefulSet.
func (p *plan) volumeKind(name string) volumeKind {
	v, _ := p.View.Volume(name)
	kinds := volumeKinds()
	i := slices.IndexFunc(kinds, func(k volumeKind) bool {
		_, ok := v.Source.Get(k.source)
		return ok
	})
	if i < 0 {
		return volumeKind{source: "persistentVolumeClaim", groups: true}
	}
	return kinds[i]
}
