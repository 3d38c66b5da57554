package syncsidecar

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Resources is k8s-sidecar: ConfigMaps and Secrets of the namespace become files.
type Resources struct {
	// Label that the objects bear. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Label string `json:"label,omitempty"`
	// LabelValue is the label's value. Default: any.
	LabelValue string `json:"labelValue,omitempty"`
	// Kind is configmap, secret or both. Default configmap.
	// +kubebuilder:validation:Enum=configmap;secret;both
	// +kubebuilder:default=configmap
	Kind string `json:"kind,omitempty"`
	// Mount is where the files go. Required.
	// +required
	Mount Mount `json:"mount,omitempty"`
	// UniqueFilenames puts the object's name into that of the file. Default false.
	UniqueFilenames bool `json:"uniqueFilenames,omitempty"`
	// Notify is called when something has changed.
	Notify *Notify `json:"notify,omitempty"`
	// Namespace is that of the pods, where the manifests have none: a RoleBinding has
	// to name it.
	// +krm-sidecars:text=dns-label
	Namespace string `json:"namespace,omitempty"`
	// Port of the sidecar's health. Default 8081, or the next that is free.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`
}

func (r *Resources) setDefaults() {
	r.Kind = cmp.Or(r.Kind, "configmap")
	r.Mount.setDefaults()
	r.Notify.setDefaults()
}

func (r *Resources) validate() config.Errors {
	errs := config.Required("label", r.Label, "the label of the objects, such as grafana_dashboard", config.LabelKey)
	errs = append(errs, config.Each("labelValue", r.LabelValue, config.LabelValue)...)
	errs = append(errs, config.OneOf("kind", r.Kind, "configmap", "secret", "both")...)
	errs = append(errs, r.Mount.validate("mount")...)
	errs = append(errs, r.Notify.validate("notify")...)
	errs = append(errs, config.Each("namespace", r.Namespace, config.DNSLabel)...)
	return append(errs, config.PortNumber("port", r.Port)...)
}

func (r *Resources) add(p *plan) {
	c := p.container("resource-sync", "k8s-sidecar")
	health := p.free(r.Port, 8081)
	c.Env = variables("LABEL", r.Label, "LABEL_VALUE", r.LabelValue, "RESOURCE", r.Kind, "FOLDER", r.Mount.Path, "HEALTH_PORT", number(health))
	if r.UniqueFilenames {
		c.Env = append(c.Env, variables("UNIQUE_FILENAMES", "true")...)
	}
	if r.Notify != nil {
		c.Env = append(c.Env, variables("REQ_URL", r.Notify.URL, "REQ_METHOD", r.Notify.Method)...)
	}
	p.share(&c, "spec.resources.mount", &r.Mount, true)
	p.Injection.Scratch(&c, "/tmp", "16Mi")
	c.Ports = []corev1.ContainerPort{{ContainerPort: health}}
	c.LivenessProbe = inject.Asks("/healthz", health, 30)
	r.grant(p, c.Name)
	p.gated(c, inject.Asks("/healthz", health, 2), func(first *corev1.Container) {
		first.Env = append(slices.Clone(first.Env), variables("METHOD", "LIST")...)
	})
}

// grant lets the pod's ServiceAccount read the objects.
func (r *Resources) grant(p *plan, name string) {
	namespace, account := cmp.Or(p.View.Object.Namespace, r.Namespace), cmp.Or(p.View.ServiceAccount, "default")
	p.NeedsToken("the sidecar")
	switch {
	case namespace == "":
		p.Findf(pod.Error, pod.InvalidConfig, "a RoleBinding has to name the namespace of the pods, and the manifest has none; set spec.resources.namespace")
		return
	case p.View.ServiceAccount == "":
		p.Findf(pod.Warning, pod.ServiceAccountDefault, "the rights go to the ServiceAccount default, and so to all pods of the namespace that have none of their own; set serviceAccountName")
	}
	if r.Kind != "configmap" {
		p.Findf(pod.Warning, pod.BroadRights, "Kubernetes cannot grant Secrets by label: the Role lets ServiceAccount %s, and so every container of its pods, read all Secrets of the namespace; keep these Secrets in a namespace of their own, or mount them by name", account)
	}
	kinds := map[string][]string{"configmap": {"configmaps"}, "secret": {"secrets"}, "both": {"configmaps", "secrets"}}[r.Kind]
	p.Injection.Grant(inject.ObjectName(p.View, p.Owner, name), account, namespace,
		rbacv1.PolicyRule{APIGroups: []string{""}, Resources: kinds, Verbs: []string{"get", "list", "watch"}})
}

// variables makes variables of names and values, without those that are empty.
func variables(pairs ...string) []corev1.EnvVar {
	var env []corev1.EnvVar
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			env = append(env, corev1.EnvVar{Name: pair[0], Value: inject.Literal(pair[1])})
		}
	}
	return env
}

// sorted are the keys of a map.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
