package inject

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
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

// ResourcesIn is Resources, and nothing in a pod that has resources as a whole:
// there the containers need none.
func ResourcesIn(v *pod.View, cpu, memory, cpuLimit, memoryLimit string) corev1.ResourceRequirements {
	if v.HasResources {
		return corev1.ResourceRequirements{}
	}
	return Resources(cpu, memory, cpuLimit, memoryLimit)
}

// Literal keeps the kubelet from expanding $(NAME) in a text of the user's that
// stands in a command, an argument or a variable.
func Literal(text string) string { return strings.ReplaceAll(text, "$", "$$") }

// Literals is Literal for each of several texts.
func Literals(texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = Literal(text)
	}
	return all
}

// hashDomain begins the keys of annotations that hold the checksum of generated
// configuration: a change of it has to roll the pods.
const hashDomain = "config-hash.krm-sidecars.dev/"

// AddConfigMap generates a ConfigMap and marks the pod template with the hash of
// its content, so that pods start anew when it changes.
func (inj *Injection) AddConfigMap(owner Owner, name string, data map[string]string) {
	inj.Objects = append(inj.Objects, Object{APIVersion: "v1", Kind: "ConfigMap", Name: name, Content: struct {
		Data map[string]string `json:"data"`
	}{data}})
	h := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(data)) {
		h.Write([]byte(key + "\x00" + data[key] + "\x00"))
	}
	if inj.Annotations == nil {
		inj.Annotations = map[string]string{}
	}
	inj.Annotations[hashDomain+owner.short()] = hex.EncodeToString(h.Sum(nil)[:8])
}

// EmptyDir adds a volume of a bounded size, in memory when medium says so,
// and notes that it does not keep a node alive. limit must be a valid quantity.
func (inj *Injection) EmptyDir(name, limit string, medium corev1.StorageMedium) {
	size := resource.MustParse(limit)
	inj.Volumes = append(inj.Volumes, corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{
		EmptyDir: &corev1.EmptyDirVolumeSource{Medium: medium, SizeLimit: &size}}})
	inj.AddElement(SafeToEvict, name)
}

// AddElement adds an element to an annotation that holds a comma-separated list.
func (inj *Injection) AddElement(annotation, element string) {
	if inj.Elements == nil {
		inj.Elements = map[string][]string{}
	}
	inj.Elements[annotation] = append(inj.Elements[annotation], element)
}
