package inject

import (
	"cmp"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Injection is what a function wants to find in a pod template. It is data: it
// can be printed, compared, recorded and undone.
type Injection struct {
	Containers  []Container
	Volumes     []corev1.Volume
	Mounts      []Mount // into the user's own containers
	Env         []Env   // likewise
	Labels      map[string]string
	Annotations map[string]string
	Elements    map[string][]string // elements of annotations that hold comma-separated lists
	Fields      []Field             // of the pod spec, set where the user left them out
	Objects     []Object            // next to the workload
	Changes     []Change            // of the user's own fields, as long as the owner stays
	Amendments  []Amendment         // of other objects, likewise
	Repairs     []Repair            // of mistakes in the user's own text, for good
}

// Container is a container to add.
type Container struct {
	corev1.Container
	Rank Rank
	Init bool // runs and ends before the app; else it runs beside it
	Ends bool // although it runs beside the app, it ends with it: a pod that is to complete can have it as a plain container
}

// Mount is a volume mount for one of the user's containers.
type Mount struct {
	Container string
	corev1.VolumeMount
}

// Env is a variable for one of the user's containers.
type Env struct {
	Container string
	corev1.EnvVar
}

// Field is a field of the pod spec, such as securityContext.fsGroup.
type Field struct {
	Path  []string
	Value any
}

// Object is an object to generate, such as a ConfigMap. Its namespace and the
// annotations that hosts need come from the workload.
type Object struct {
	APIVersion, Kind, Name string
	Labels                 map[string]string
	Content                any // a struct or map: the fields beside apiVersion, kind and metadata
}

// Change gives a field another value for as long as its owner stays: what stood
// there is recorded as it was written, and comes back.
type Change struct {
	Path  string // spec.containers[name=app].command: below the pod template; of an Amendment, below the object
	Value any
}

// Amendment is what changes in another object of the input, such as a Service
// that gets a port.
type Amendment struct {
	Object  pod.Ref
	Changes []Change
}

// Repair corrects a mistake of the user's. It is not recorded and stays when its
// owner goes, as if the user had done it.
type Repair struct {
	Path  string // from the object on: metadata.annotations.example.com/key
	Value any    // nil deletes the field
}

// Rank is the place of a container among the init containers.
type Rank int

// The ranks. Containers of the user stand at RankUser.
const (
	RankMesh   Rank = iota // native mesh proxies that are there already
	RankEgress             // proxies that everything else reaches the network through
	RankVault
	RankPrepare // wait-for, check, fetch, permissions, sync
	RankUser
	RankFinish // migrate, register, script
	RankBeside // log agents, exporters, ingress proxies: nothing waits for them
)

// Owner is a function under the name of one of its configurations.
type Owner struct {
	Function, Instance string
}

func (o Owner) String() string { return o.Function + "." + o.Instance }

// Compare orders owners by function and instance.
func (o Owner) Compare(p Owner) int {
	return cmp.Or(cmp.Compare(o.Function, p.Function), cmp.Compare(o.Instance, p.Instance))
}

// Mode says how a container that runs beside the app is added.
type Mode string

// The modes. Auto is Native from Kubernetes 1.29 on.
const (
	Auto   Mode = "auto"
	Native Mode = "native"
	Plain  Mode = "container"
)

// Placement overrides the place that a container's rank gives it.
type Placement struct {
	First, Last   bool
	Before, After []string // names of containers
}

// Request is what one owner wants of an object.
type Request struct {
	Owner     Owner
	Want      func(*pod.View) (*Injection, []pod.Finding) // nil: nothing, take away what is there
	Changes   []Change                                    // of an object that is no workload
	Mode      Mode
	Minor     int // of the oldest Kubernetes 1.x that the manifests must run on
	Placement Placement
	Skip      bool   // on a conflict, leave the object alone and warn
	Via       string // the composite config that the request comes from, if it does
}
