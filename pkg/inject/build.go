package inject

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// SafeToEvict is the annotation that tells the cluster autoscaler which local
// volumes do not keep a node alive.
const SafeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"

// Restricted returns the security context that Pod Security "restricted" asks
// for, with a root file system that cannot be written. uid 0 leaves the user to
// the platform, as OpenShift wants it.
func Restricted(uid int64) *corev1.SecurityContext {
	yes, no := true, false
	sc := &corev1.SecurityContext{
		AllowPrivilegeEscalation: &no,
		Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		ReadOnlyRootFilesystem:   &yes,
		RunAsNonRoot:             &yes,
		SeccompProfile:           &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
	}
	if uid != 0 {
		sc.RunAsUser, sc.RunAsGroup = &uid, &uid
	}
	return sc
}

// Resources returns requests and limits, each as cpu and memory.
func Resources(cpu, memory, cpuLimit, memoryLimit string) corev1.ResourceRequirements {
	list := func(cpu, memory string) corev1.ResourceList {
		return corev1.ResourceList{
			corev1.ResourceCPU:    resource.MustParse(cpu),
			corev1.ResourceMemory: resource.MustParse(memory),
		}
	}
	return corev1.ResourceRequirements{Requests: list(cpu, memory), Limits: list(cpuLimit, memoryLimit)}
}
