package proxysidecar

import (
	"cmp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// RBAC is kube-rbac-proxy in front of the app.
type RBAC struct {
	Front `json:",inline"`
	// Resource is what a client must be allowed to get; without it, and without config,
	// the path of the request has to be allowed (nonResourceURLs).
	Resource *Resource `json:"resource,omitempty"`
	// Config is a ConfigMap with the proxy's configuration, in place of resource.
	Config *ConfigFile `json:"config,omitempty"`
	// TLSSecretName is a Secret with tls.crt and tls.key. Default: a certificate that
	// the proxy makes for itself, which clients cannot check.
	// +krm-sidecars:text=object-name
	TLSSecretName string `json:"tlsSecretName,omitempty"`
	// IgnorePaths are let through, such as /healthz.
	IgnorePaths []string `json:"ignorePaths,omitempty"`
	// AllowPaths are the only ones that are let through at all. Default: all.
	AllowPaths []string `json:"allowPaths,omitempty"`
	// Audiences that a token has to be for. Default: that of the API server.
	Audiences []string `json:"audiences,omitempty"`
	// HealthPort serves /healthz. Default 8444, or the next that is free.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	HealthPort int32 `json:"healthPort,omitempty"`
	// Args are further arguments.
	Args []string `json:"args,omitempty"`
}

// Resource is what a request is taken for.
type Resource struct {
	// APIGroup, "" for that of core.
	APIGroup string `json:"apiGroup,omitempty"`
	// Resource in the plural, such as services or pods. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Resource string `json:"resource,omitempty"`
	// Subresource, such as metrics.
	Subresource string `json:"subresource,omitempty"`
	// Name of the object. Default: any.
	Name string `json:"name,omitempty"`
	// Namespace of the object. Default: that of the workload.
	// +krm-sidecars:text=dns-label
	Namespace string `json:"namespace,omitempty"`
}

// ConfigFile is a key of a ConfigMap that is there already.
type ConfigFile struct {
	// ConfigMap is its name. Required.
	// +required
	// +krm-sidecars:text=object-name
	ConfigMap string `json:"configMap,omitempty"`
	// Key in the ConfigMap. Required.
	// +required
	// +krm-sidecars:text=data-key
	Key string `json:"key,omitempty"`
}

func (f *ConfigFile) validate(path string) config.Errors {
	if f == nil {
		return nil
	}
	errs := config.Required(path+".configMap", f.ConfigMap, "the ConfigMap that holds the file", config.ObjectName)
	return append(errs, config.Required(path+".key", f.Key, "the key of the file in the ConfigMap", config.DataKey)...)
}

func (*RBAC) setDefaults() {}

func (r *RBAC) validate() config.Errors {
	errs := r.Front.validate(map[string]int32{"healthPort": r.HealthPort})
	if r.Resource != nil && r.Config != nil {
		errs.Addf("config", "holds what resource says, too; keep one of them")
	}
	if r.Resource != nil {
		errs = append(errs, config.Required("resource.resource", r.Resource.Resource, "the resource, such as services", config.SingleLine)...)
		errs = append(errs, config.Each("resource.namespace", r.Resource.Namespace, config.DNSLabel)...)
	}
	errs = append(errs, r.Config.validate("config")...)
	errs = append(errs, config.Each("tlsSecretName", r.TLSSecretName, config.ObjectName)...)
	errs = append(errs, config.All("ignorePaths", r.IgnorePaths, path)...)
	errs = append(errs, config.All("allowPaths", r.AllowPaths, path)...)
	if len(r.IgnorePaths) > 0 && len(r.AllowPaths) > 0 {
		errs.Addf("allowPaths", "cannot stand beside ignorePaths; the proxy takes one of them")
	}
	errs = append(errs, unclean("audiences", r.Audiences)...)
	return append(errs, config.NoPasswords("args", r.Args)...)
}

const (
	rbacDir  = "/etc/kube-rbac-proxy"
	rbacFile = "config.yaml"
)

func (r *RBAC) add(p *plan) {
	app, ok := p.upstream(r.Front)
	if !ok {
		return
	}
	c := p.container("kube-rbac-proxy", "kube-rbac-proxy")
	ports := p.allot(need{r.Port, 8443}, need{r.HealthPort, 8444})
	port, health := ports[0], ports[1]
	c.Args = r.args(app, port, health)
	c.Ports = []corev1.ContainerPort{{Name: inject.PortName(p.View, "rbac-proxy", c.Name), ContainerPort: port}, {ContainerPort: health}}
	c.LivenessProbe, c.ReadinessProbe = inject.Asks("/healthz", health, 30), inject.Asks("/healthz", health, 10)
	for _, probe := range []*corev1.Probe{c.LivenessProbe, c.ReadinessProbe} {
		probe.HTTPGet.Scheme = corev1.URISchemeHTTPS
	}
	switch {
	case r.Config != nil:
		p.configMap(&c, r.Config.ConfigMap, rbacDir, corev1.KeyToPath{Key: r.Config.Key, Path: rbacFile})
	case r.Resource != nil:
		p.files(&c, rbacDir, map[string]string{rbacFile: r.Resource.file(p.View.Object.Namespace)})
	}
	if r.TLSSecretName != "" {
		p.Injection.MountSecret(&c, inject.Label(c.Name, certificates), r.TLSSecretName, certificates, "tls.crt", "tls.key")
	}
	p.run(c, inject.RankBeside)
	p.rewire(r.Front, app, port)
	p.reviews()
}

// reviews tells of the right without which every request is refused. It is of the
// cluster, and nothing that is added to a workload can give it.
func (p *plan) reviews() {
	account, namespace := cmp.Or(p.View.ServiceAccount, "default"), cmp.Or(p.View.Object.Namespace, "NAMESPACE")
	p.Findf(pod.Info, pod.RightsNeeded, "ServiceAccount %q has to ask the API server about others; bind it to the ClusterRole system:auth-delegator: kubectl create clusterrolebinding %s-%s-auth-delegator --clusterrole=system:auth-delegator --serviceaccount=%s:%s", account, namespace, account, namespace, account)
	p.NeedsToken("the proxy")
}

func (r *RBAC) args(app, port, health int32) []string {
	args := inject.Flags("--secure-listen-address", everywhere(port), "--proxy-endpoints-port", number(health), "--upstream", "http://"+local(app)+"/")
	if r.Config != nil || r.Resource != nil {
		args = append(args, "--config-file="+rbacDir+"/"+rbacFile)
	}
	if r.TLSSecretName != "" {
		args = append(args, "--tls-cert-file="+certificates+"/tls.crt", "--tls-private-key-file="+certificates+"/tls.key")
	}
	args = append(args, each("--ignore-paths", r.IgnorePaths)...)
	args = append(args, each("--allow-paths", r.AllowPaths)...)
	args = append(args, each("--auth-token-audiences", r.Audiences)...)
	return append(args, inject.Literals(r.Args)...)
}

// file is the proxy's configuration.
func (r *Resource) file(namespace string) string {
	var text strings.Builder
	text.WriteString("authorization:\n  resourceAttributes:\n")
	for _, f := range []struct{ name, value string }{
		{"namespace", cmp.Or(r.Namespace, namespace)}, {"apiGroup", r.APIGroup}, {"apiVersion", "v1"},
		{"resource", r.Resource}, {"subresource", r.Subresource}, {"name", r.Name},
	} {
		if f.value != "" {
			text.WriteString("    " + f.name + ": " + quoted(f.value) + "\n")
		}
	}
	return text.String()
}
