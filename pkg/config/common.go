package config

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// The words of Common's fields. The first of each group is the default.
const (
	PlatformKubernetes = "kubernetes"
	PlatformOpenShift  = "openshift" // no fixed user ids

	InjectAuto      = "auto" // native where the version has it
	InjectNative    = "native"
	InjectContainer = "container"

	OnConflictError = "error"
	OnConflictSkip  = "skip" // leave the workload as it is
)

// Common is the part of a spec that all functions share. Embed it inline.
type Common struct {
	// Target selects the workloads; by default all that do not opt out.
	Target Target `json:"target,omitempty"`
	// KubernetesVersion is the oldest version that the manifests must run on.
	// +krm-sidecars:text=version
	// +kubebuilder:default="1.35"
	KubernetesVersion string `json:"kubernetesVersion,omitempty"`
	// Platform is kubernetes or openshift.
	// +kubebuilder:validation:Enum=kubernetes;openshift
	// +kubebuilder:default=kubernetes
	Platform string `json:"platform,omitempty"`
	// InjectAs says what a sidecar becomes: auto, native or container.
	// +kubebuilder:validation:Enum=auto;native;container
	// +kubebuilder:default=auto
	InjectAs string `json:"injectAs,omitempty"`
	// Placement moves what is injected away from its usual place.
	Placement Placement `json:"placement,omitempty"`
	// OnConflict is error or skip.
	// +kubebuilder:validation:Enum=error;skip
	// +kubebuilder:default=error
	OnConflict string `json:"onConflict,omitempty"`
	// Container overrides fields of the injected container.
	Container *corev1.Container `json:"container,omitempty"`
	// ImagePullSecrets are names of Secrets for the registry of the injected image;
	// they join those of the pod.
	// +krm-sidecars:text=object-name
	ImagePullSecrets []string `json:"imagePullSecrets,omitempty"`
}

// Default fills in what the config leaves open.
func (c *Common) Default() {
	for _, f := range []struct {
		field *string
		value string
	}{
		{&c.KubernetesVersion, DefaultKubernetesVersion},
		{&c.Platform, PlatformKubernetes},
		{&c.InjectAs, InjectAuto},
		{&c.OnConflict, OnConflictError},
	} {
		if *f.field == "" {
			*f.field = f.value
		}
	}
}

// Validate returns all that is wrong with c. Fields that are not set are fine.
func (c *Common) Validate() Errors {
	_, errs := c.Target.Compile()
	errs = append(errs, validateVersion("spec.kubernetesVersion", c.KubernetesVersion)...)
	errs = append(errs, OneOf("spec.platform", c.Platform, PlatformKubernetes, PlatformOpenShift)...)
	errs = append(errs, OneOf("spec.injectAs", c.InjectAs, InjectAuto, InjectNative, InjectContainer)...)
	if c.InjectAs == InjectNative && c.Minor() < nativeSidecarsFrom && c.Minor() > 0 {
		errs.Addf("spec.injectAs", "native sidecars need Kubernetes 1.%d, kubernetesVersion is %s; write auto or container",
			nativeSidecarsFrom, c.KubernetesVersion)
	}
	errs = append(errs, c.Placement.validate("spec.placement")...)
	errs = append(errs, OneOf("spec.onConflict", c.OnConflict, OnConflictError, OnConflictSkip)...)
	errs = append(errs, All("spec.imagePullSecrets", c.ImagePullSecrets, ObjectName)...)
	return append(errs, validateContainer("spec.container", c.Container)...)
}

// Native reports whether sidecars become init containers that keep running.
func (c *Common) Native() bool {
	return c.InjectAs != InjectContainer && c.Minor() >= nativeSidecarsFrom
}

// User is the user that a container runs as whose image wants the one given; 0,
// which leaves it to the platform, where that chooses users itself.
func (c *Common) User(uid int64) int64 {
	if c.Platform == PlatformOpenShift {
		return 0
	}
	return uid
}

// validateContainer checks the overrides on an injected container. Most of its
// fields are for the API server to judge.
func validateContainer(path string, c *corev1.Container) Errors {
	if c == nil {
		return nil
	}
	var errs Errors
	if c.Name != "" {
		errs = validateLabel(path+".name", c.Name)
	}
	errs = append(errs, OneOf(path+".imagePullPolicy", string(c.ImagePullPolicy),
		string(corev1.PullAlways), string(corev1.PullIfNotPresent), string(corev1.PullNever))...)
	errs = append(errs, literalSecretArgs(path+".command", c.Command)...)
	errs = append(errs, literalSecretArgs(path+".args", c.Args)...)
	return append(errs, LiteralSecrets(c.Env, path+".env")...)
}

// validateLabel checks the name of a container.
func validateLabel(path, name string) Errors {
	var errs Errors
	if len(validation.IsDNS1123Label(name)) > 0 {
		errs.Addf(path, "%q is no container name; use up to 63 lower-case letters, digits and -", name)
	}
	return errs
}
