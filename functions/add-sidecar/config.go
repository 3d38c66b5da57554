package sidecar

import (
	"cmp"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Config configures add-sidecar.
type Config struct {
	config.Common `json:",inline"`

	// Container is what is added, as Kubernetes has it; name and image are required.
	// What its securityContext and resources leave open is filled in.
	// +required
	Container *corev1.Container `json:"container,omitempty"`
	// Type is sidecar, which runs beside the app, or init, which runs and ends before
	// the app starts. Default sidecar.
	// +kubebuilder:validation:Enum=sidecar;init
	// +kubebuilder:default=sidecar
	Type string `json:"type,omitempty"`
	// Phase says when it starts: before the pod's own init containers, which then can
	// use it, or after them. Default after.
	// +kubebuilder:validation:Enum=before;after
	// +kubebuilder:default=after
	Phase string `json:"phase,omitempty"`
	// Volumes are added to the pod, as Kubernetes has them. A size limit is filled in
	// for an emptyDir without one.
	Volumes []corev1.Volume `json:"volumes,omitempty"`
	// Files are files for the container, in a generated ConfigMap. Pods start anew
	// when they change.
	Files *Files `json:"files,omitempty"`
	// Writable are directories that the container writes to, such as /tmp: each gets
	// an empty volume of its own. The root file system cannot be written.
	// +krm-sidecars:text=absolute
	Writable []string `json:"writable,omitempty"`
	// Mounts are volume mounts in the workload's own containers.
	Mounts []Mount `json:"mounts,omitempty"`
	// Env are variables for the workload's own containers.
	Env []Env `json:"env,omitempty"`
	// TransferEnv copies variables of the workload's own containers into the
	// container.
	TransferEnv []Transfer `json:"transferEnv,omitempty"`
	// ShareVolumes mounts the app's volumes in the container, where the app has them.
	ShareVolumes *Share `json:"shareVolumes,omitempty"`
	// ResourcesShare gives the container a share of the app's resources.
	ResourcesShare *Resources `json:"resourcesShare,omitempty"`
	// Labels are put on the pods.
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are put on the pods.
	Annotations map[string]string `json:"annotations,omitempty"`
}

// Files are files in one directory.
type Files struct {
	// MountPath is the directory. Required.
	// +required
	// +krm-sidecars:text=absolute
	MountPath string `json:"mountPath,omitempty"`
	// Data holds the text of each file, by name. Required.
	// +required
	Data map[string]string `json:"data,omitempty"`
}

// Mount is a volume mount in the workload's own containers.
type Mount struct {
	// Name of the volume: one of volumes, or one that the pod has. Required.
	// +required
	// +krm-sidecars:text=dns-label
	Name string `json:"name,omitempty"`
	// MountPath is where the containers see it. Required.
	// +required
	// +krm-sidecars:text=absolute
	MountPath string `json:"mountPath,omitempty"`
	// SubPath is the part of the volume that they see. Default: all of it.
	SubPath string `json:"subPath,omitempty"`
	// ReadOnly keeps them from writing. Default false.
	ReadOnly bool `json:"readOnly,omitempty"`
	// Containers are the workload's own containers and init containers that get it.
	// Default: target.containers, else all that are no init containers.
	// +krm-sidecars:text=dns-label
	Containers []string `json:"containers,omitempty"`
}

// Env is a variable for the workload's own containers.
type Env struct {
	// Name of the variable. Required.
	// +required
	// +krm-sidecars:text=env-name
	Name string `json:"name,omitempty"`
	// Value of the variable. $(NAME) stands for another one of the container.
	Value string `json:"value,omitempty"`
	// ValueFrom says where else the value comes from, as Kubernetes has it.
	ValueFrom *corev1.EnvVarSource `json:"valueFrom,omitempty"`
	// Containers are those that get it, as for mounts.
	// +krm-sidecars:text=dns-label
	Containers []string `json:"containers,omitempty"`
}

// Transfer copies variables of a container.
type Transfer struct {
	// Container is the one that has them. Default: the first of target.containers,
	// else the workload's first one.
	// +krm-sidecars:text=dns-label
	Container string `json:"container,omitempty"`
	// ContainerFrom reads its name from the pod template instead.
	ContainerFrom *NameFrom `json:"containerFrom,omitempty"`
	// Names of the variables. Those that their values refer to as $(NAME) come along.
	// +krm-sidecars:text=env-name
	Names []string `json:"names,omitempty"`
	// As gives variables other names in the container, by those that they have.
	As map[string]string `json:"as,omitempty"`
	// All copies all variables, and those from ConfigMaps and Secrets. Default false.
	All bool `json:"all,omitempty"`
	// Optional makes no error of names that the container does not have. Default
	// false.
	Optional bool `json:"optional,omitempty"`
}

// NameFrom says where a pod template names a container: in a label or an
// annotation.
type NameFrom struct {
	// Label is the key of a label.
	Label string `json:"label,omitempty"`
	// Annotation is the key of an annotation, such as
	// kubectl.kubernetes.io/default-container.
	Annotation string `json:"annotation,omitempty"`
}

// Share shares the volumes of containers.
type Share struct {
	// Containers are those whose mounts are copied: names, or shell patterns such as *
	// for those that are no init containers. Of two mounts at one place the first
	// counts. Default: the first of target.containers, else the workload's first one.
	// +krm-sidecars:text=not-empty
	Containers []string `json:"containers,omitempty"`
	// Volumes are the names of those to share. Default: all that the workload's own
	// text mounts.
	// +krm-sidecars:text=dns-label
	Volumes []string `json:"volumes,omitempty"`
	// Exclude are the names of volumes not to share.
	// +krm-sidecars:text=dns-label
	Exclude []string `json:"exclude,omitempty"`
	// ReadOnly keeps the added container from writing. Default true.
	// +kubebuilder:default=true
	ReadOnly *bool `json:"readOnly,omitempty"`
}

// Resources are a share of the resources of containers.
type Resources struct {
	// Containers are those whose resources are added up: names, or shell patterns such
	// as * for those that are no init containers. Default: the first of
	// target.containers, else the workload's first one.
	// +krm-sidecars:text=not-empty
	Containers []string `json:"containers,omitempty"`
	// CPU is the share of their CPU, such as 10%.
	// +krm-sidecars:text=percentage
	CPU string `json:"cpu,omitempty"`
	// Memory is the share of their memory, such as 10%.
	// +krm-sidecars:text=percentage
	Memory string `json:"memory,omitempty"`
	// Min is the least, and what is requested where they request nothing.
	Min Amounts `json:"min,omitempty"`
	// Max is the most, and the limit where one of them has none.
	Max Amounts `json:"max,omitempty"`
}

// Amounts are amounts of resources.
type Amounts struct {
	// CPU is an amount such as 100m.
	// +krm-sidecars:text=quantity
	CPU string `json:"cpu,omitempty"`
	// Memory is an amount such as 64Mi.
	// +krm-sidecars:text=quantity
	Memory string `json:"memory,omitempty"`
}

// The words of the config.
const (
	typeSidecar = "sidecar"
	typeInit    = "init"

	phaseBefore = "before"
	phaseAfter  = "after"
)

// Default fills in what the user left open.
func (c *Config) Default() {
	c.Common.Default()
	c.Type = cmp.Or(c.Type, typeSidecar)
	c.Phase = cmp.Or(c.Phase, phaseAfter)
	if c.ShareVolumes != nil && c.ShareVolumes.ReadOnly == nil {
		yes := true
		c.ShareVolumes.ReadOnly = &yes
	}
}
