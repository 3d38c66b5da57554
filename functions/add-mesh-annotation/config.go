package meshannotation

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Config configures add-mesh-annotation.
type Config struct {
	config.Common `json:",inline"`

	// Mesh is istio, istio-ambient, linkerd, consul, kuma (Kong Mesh too), dapr, gcp
	// (Google Cloud Service Mesh) or opentelemetry (the operator). Required.
	// +required
	// +kubebuilder:validation:Enum=istio;istio-ambient;linkerd;consul;kuma;dapr;gcp;opentelemetry
	Mesh string `json:"mesh,omitempty"`
	// Inject is enabled, disabled, or unchanged: then only the settings are
	// written. Default enabled.
	// +kubebuilder:validation:Enum=enabled;disabled;unchanged
	// +kubebuilder:default=enabled
	Inject string `json:"injection,omitempty"`
	// Revision chooses a control plane of istio or gcp, by its revision or tag.
	// +krm-sidecars:text=dns-label
	Revision string `json:"revision,omitempty"`
	// Scope is podTemplate, or namespace: then the Namespaces of the input are
	// labelled, and workloads are left alone. Default podTemplate.
	// +kubebuilder:validation:Enum=podTemplate;namespace
	// +kubebuilder:default=podTemplate
	Scope string `json:"scope,omitempty"`
	// Fix repairs wrong forms of the mesh's labels and annotations; without it, they
	// are warnings. Repairs stay when the function's own work is removed.
	Fix bool `json:"fix,omitempty"`
	// ProxyUID is the user that the mesh's proxies run as, whose traffic is not
	// redirected. Default: that of the mesh, such as 1337 for istio.
	// +kubebuilder:validation:Minimum=1
	ProxyUID *int64 `json:"proxyUID,omitempty"`

	Blocks `json:",inline"`

	// Raw holds labels and annotations that the fields above have no name for.
	Raw Raw `json:"raw,omitempty"`

	known *compiled
}

// Blocks are the settings of meshes; that of spec.mesh may be set.
type Blocks struct {
	// Istio configures the proxies of istio and gcp.
	Istio *Istio `json:"istio,omitempty"`
	// Ambient configures istio-ambient.
	Ambient *Ambient `json:"ambient,omitempty"`
	// Linkerd configures the proxies of linkerd.
	Linkerd *Linkerd `json:"linkerd,omitempty"`
	// Consul configures the proxies of consul.
	Consul *Consul `json:"consul,omitempty"`
	// Kuma configures the proxies of kuma.
	Kuma *Kuma `json:"kuma,omitempty"`
	// Dapr configures the sidecars of dapr.
	Dapr *Dapr `json:"dapr,omitempty"`
	// OpenTelemetry configures what the operator injects.
	OpenTelemetry *OpenTelemetry `json:"opentelemetry,omitempty"`
}

// The words of the config.
const (
	injectionEnabled   = "enabled"
	injectionDisabled  = "disabled"
	injectionUnchanged = "unchanged"

	scopePod       = "podTemplate"
	scopeNamespace = "namespace"
)

// Default fills in what the user left open.
func (c *Config) Default() {
	c.Common.Default()
	c.Inject = cmp.Or(c.Inject, injectionEnabled)
	c.Scope = cmp.Or(c.Scope, scopePod)
	c.known = c.compile()
}

// OnNamespaces reports whether the function works on Namespaces, not workloads.
func (c *Config) OnNamespaces() bool { return c.Scope == scopeNamespace }

// Validate returns all that is wrong with the config.
func (c *Config) Validate() config.Errors {
	errs := append(c.Common.Validate(), c.uncontained()...)
	errs = append(errs, config.OneOf("spec.injection", c.Inject, injectionEnabled, injectionDisabled, injectionUnchanged)...)
	errs = append(errs, config.OneOf("spec.scope", c.Scope, scopePod, scopeNamespace)...)
	errs = append(errs, config.Each("spec.revision", c.Revision, revisionName)...)
	if c.ProxyUID != nil && *c.ProxyUID < 1 {
		errs.Addf("spec.proxyUID", "must be above 0")
	}
	m, ok := meshNamed(c.Mesh)
	if !ok {
		errs.Addf("spec.mesh", "%s", unknownMesh(c.Mesh))
		return errs
	}
	errs = append(errs, c.fitting(m)...)
	errs = append(errs, c.blocks(m)...)
	for _, s := range c.compile().settings {
		errs = append(errs, s.validate()...)
	}
	return append(errs, c.Raw.validate(c, m)...)
}

// Inherit takes over what the parts of a composite share, but for what is about
// containers: this function adds none.
func (c *Config) Inherit(shared *config.Common) {
	apt := *shared
	apt.InjectAs, apt.Target.Containers = "", nil
	c.Common.Inherit(&apt)
}

// uncontained reports shared fields that make no sense where no container is
// added.
func (c *Config) uncontained() config.Errors {
	var errs config.Errors
	for _, f := range []struct {
		field string
		set   bool
	}{
		{"container", c.Container != nil},
		{"injectAs", c.InjectAs != config.InjectAuto && c.InjectAs != ""},
		{"placement", !reflect.ValueOf(c.Placement).IsZero()},
		{"target.containers", len(c.Target.Containers) > 0},
	} {
		if f.set {
			errs.Addf("spec."+f.field, "this function adds no container, the mesh does; remove it")
		}
	}
	return errs
}

// unknownMesh says what to write instead of a name.
func unknownMesh(name string) string {
	if name == "" {
		return "missing; name the mesh: " + strings.Join(meshNames(), ", ")
	}
	lower := strings.ToLower(name)
	if reason, ok := unusable()[cmp.Or(aliases()[lower], lower)]; ok {
		return fmt.Sprintf("%q cannot be used: %s", name, reason)
	}
	if known := cmp.Or(aliases()[lower], lower); slices.Contains(meshNames(), known) {
		return fmt.Sprintf("%q is called %s here; write that", name, known)
	}
	return fmt.Sprintf("%q %s", name, config.Word(meshNames()...)(name))
}

func meshNames() []string {
	var names []string
	for _, m := range meshes() {
		names = append(names, m.name)
	}
	return names
}

// fitting reports what the mesh does not have.
func (c *Config) fitting(m mesh) config.Errors {
	var errs config.Errors
	if c.Revision != "" && m.revision == "" {
		errs.Addf("spec.revision", "%s has no revisions; remove it", m.name)
	}
	if c.Revision != "" && c.Inject == injectionDisabled {
		errs.Addf("spec.revision", "injection is disabled; remove it, or set injection: enabled")
	}
	if c.Scope == scopeNamespace && m.namespace.key == "" && c.Inject != injectionUnchanged {
		errs.Addf("spec.scope", "%s does not look at namespaces to decide; use podTemplate, or set injection: unchanged", m.name)
	}
	if s, ok := c.compile().setting(m.native); ok && s.text() == "true" && c.Minor() < nativeFrom {
		errs.Addf(s.at, "native sidecars need Kubernetes 1.%d, kubernetesVersion is %s; leave it out", nativeFrom, c.KubernetesVersion)
	}
	return errs
}

// nativeFrom is the minor version that has native sidecars without feature gates.
const nativeFrom = 29

// blocks reports settings of other meshes, and such that do not fit the rest.
func (c *Config) blocks(m mesh) config.Errors {
	var errs config.Errors
	set, _ := config.Members(c.Blocks)
	for _, name := range set {
		if name != m.block {
			errs.Addf("spec."+name, "mesh is %s; move the settings to spec.%s, or remove them", m.name, m.block)
		}
	}
	seen := map[string]string{}
	for _, s := range c.compile().settings {
		if s.in(c.Scope) == nowhere {
			errs.Addf(s.at, "%s reads it from pods only; use it with scope: podTemplate", m.name)
		}
		if on, known := m.pod.means(s.text()); c.Inject == injectionDisabled && (!s.decides || !known || on) {
			errs.Addf(s.at, "injection is disabled; remove it")
		}
		if s.decides && c.Inject == injectionUnchanged {
			errs.Addf(s.at, "injection is unchanged, and this would change it; remove it, or set injection: enabled")
		}
		name := s.key + "#" + s.member
		if at := seen[name]; at != "" {
			errs.Addf(s.at, "%s says it already; keep one of them", at)
		}
		seen[name] = s.at
	}
	return errs
}

// objects is what the scope says that is written on.
func (c *Config) objects() string {
	if c.OnNamespaces() {
		return "namespaces"
	}
	return "pods"
}

// revisionName is the name of a revision or tag of Istio.
func revisionName(text string) string {
	if config.DNSLabel(text) != "" {
		return "is no revision; use up to 63 lower-case letters, digits and -, such as stable or 1-30"
	}
	return ""
}
