package vaultinit

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Config configures add-vault-init.
type Config struct {
	config.Common `json:",inline"`

	// Flavor is the server and its agent: vault or openbao. Default vault.
	// +kubebuilder:validation:Enum=vault;openbao
	// +kubebuilder:default=vault
	Flavor string `json:"flavor,omitempty"`
	// Mode is how the agent runs: init (the app waits for it), sidecar (beside
	// the app), init+sidecar, or native (one native sidecar that the app waits
	// for). Default init.
	// +kubebuilder:validation:Enum=init;sidecar;init+sidecar;native
	Mode string `json:"mode,omitempty"`
	// Address is where the server is, such as https://vault.vault.svc:8200. Required.
	// +krm-sidecars:text=url
	Address string `json:"address,omitempty"`
	// AllowInsecure permits an address with http:// and tls.skipVerify: anybody on the
	// way can then take the pod's token and its secrets. Default false.
	AllowInsecure bool `json:"allowInsecure,omitempty"`
	// Namespace is that of the server, such as team-a. Default: the root namespace.
	// +krm-sidecars:text=single-line
	Namespace string `json:"namespace,omitempty"`
	// Role is what to log in as. Required with auth.kubernetes and auth.jwt.
	// +krm-sidecars:text=single-line
	Role string `json:"role,omitempty"`
	// Auth is how the agent logs in. Default kubernetes.
	Auth Auth `json:"auth,omitempty"`
	// TLS is how the agent trusts the server. Default: the certificates in the
	// agent's image.
	TLS TLS `json:"tls,omitempty"`
	// Secrets are what to read and render; at least one.
	Secrets []Secret `json:"secrets,omitempty"`
	// Mount is where the app finds the files.
	Mount Mount `json:"mount,omitempty"`
	// Env are variables of the app that hold values of secrets.
	Env []Env `json:"env,omitempty"`
	// EnvWrap lets a shell in the app's image read the variables, where Kubernetes
	// is older than 1.35. Default: fileKeyRef, which needs 1.35.
	EnvWrap *EnvWrap `json:"envWrap,omitempty"`
	// FSGroup is a group of the pod that may read the files; it is set on the pod.
	// Default: the pod stays as it is.
	// +kubebuilder:validation:Minimum=1
	FSGroup *int64 `json:"fsGroup,omitempty"`
	// ShareProcessNamespace lets the commands of secrets signal the app; it is set on
	// the pod. Default: the pod stays as it is.
	ShareProcessNamespace bool `json:"shareProcessNamespace,omitempty"`
	// Mesh lets the agent reach the server where a mesh holds its traffic back.
	Mesh Mesh `json:"mesh,omitempty"`
	// Agent are settings of the agent.
	Agent Agent `json:"agent,omitempty"`
	// FromAnnotations reads vault.hashicorp.com/ and openbao.org/ annotations of the
	// pod template, as the injector's webhook does. Default false.
	FromAnnotations bool `json:"fromAnnotations,omitempty"`

	sameDirs bool // the agent sees the files where the app does, as the webhook's does
}

// Mount is where the app finds the files.
type Mount struct {
	// Path is the directory of the files in the app's containers. Default /vault/secrets.
	// +krm-sidecars:text=absolute
	// +kubebuilder:default=/vault/secrets
	Path string `json:"path,omitempty"`
	// Containers are those that see the files. Default: target.containers, else all of
	// the workload's own but a mesh's proxy.
	// +krm-sidecars:text=dns-label
	Containers []string `json:"containers,omitempty"`
	// InitContainers are those of the workload's own that see the files, too. Default:
	// none.
	// +krm-sidecars:text=dns-label
	InitContainers []string `json:"initContainers,omitempty"`
	// ReadOnly keeps the app from changing the files. Default true.
	ReadOnly *bool `json:"readOnly,omitempty"`
	// Medium is Memory, or Disk for the node's disk. Default Memory.
	// +kubebuilder:validation:Enum=Memory;Disk
	// +kubebuilder:default=Memory
	Medium string `json:"medium,omitempty"`
	// SizeLimit bounds the volume. Default 16Mi.
	// +krm-sidecars:text=quantity
	// +kubebuilder:default="16Mi"
	SizeLimit string `json:"sizeLimit,omitempty"`
}

// Mesh lets the init container reach the server where a CNI plugin sends its
// traffic to a proxy that does not run yet.
type Mesh struct {
	// Name is istio, linkerd, consul or kuma. Default: what the manifest shows.
	// +kubebuilder:validation:Enum=istio;linkerd;consul;kuma
	Name string `json:"name,omitempty"`
	// UID runs the agent as the user of the mesh's proxy, whose traffic is left
	// alone. Default false.
	UID bool `json:"uid,omitempty"`
	// ExcludePort adds the server's port to the annotation that lists the ports
	// which pass by the proxy. Default false.
	ExcludePort bool `json:"excludePort,omitempty"`
}

// The modes.
const (
	modeInit    = "init"
	modeSidecar = "sidecar"
	modeBoth    = "init+sidecar"
	modeNative  = "native"
)

// The media of volumes.
const (
	mediumMemory = "Memory"
	mediumDisk   = "Disk"
)

const defaultMountPath = "/vault/secrets"

// Default fills in what the user left open.
func (c *Config) Default() {
	c.Common.Default()
	if c.FromAnnotations {
		c.setWebhookDefaults()
	}
	setDefault(&c.Flavor, flavorVault)
	setDefault(&c.Mode, modeInit)
	setDefault(&c.Mount.Path, defaultMountPath)
	setDefault(&c.Mount.Medium, mediumMemory)
	setDefault(&c.Mount.SizeLimit, "16Mi")
	if c.Mount.ReadOnly == nil {
		yes := true
		c.Mount.ReadOnly = &yes
	}
	if len(c.Mount.Containers) == 0 {
		c.Mount.Containers = c.Target.Containers
	}
	c.Auth.setDefaults()
	c.TLS.setDefaults()
	c.Agent.setDefaults()
	if c.EnvWrap != nil {
		setDefault(&c.EnvWrap.Shell, "/bin/sh")
	}
	for i := range c.Secrets {
		c.Secrets[i].setDefaults()
		if c.Secrets[i].Dir == c.Mount.Path {
			c.Secrets[i].Dir = ""
		}
	}
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
