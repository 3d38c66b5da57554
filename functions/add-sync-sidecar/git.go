package syncsidecar

import (
	"cmp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Git is a git repository.
type Git struct {
	// Repo is the address of the repository. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Repo string `json:"repo,omitempty"`
	// Ref is a branch, tag or commit. Default: the default branch.
	Ref string `json:"ref,omitempty"`
	// Period between two looks at the repository. Default 30s.
	// +krm-sidecars:text=duration
	// +kubebuilder:default="30s"
	Period string `json:"period,omitempty"`
	// Depth of the history that is fetched; 0 is all of it. Default 1.
	// +kubebuilder:validation:Minimum=0
	Depth *int32 `json:"depth,omitempty"`
	// Submodules are fetched recursively, shallow (only those of the repository) or off.
	// Default recursive.
	// +kubebuilder:validation:Enum=recursive;shallow;"off"
	// +kubebuilder:default=recursive
	Submodules string `json:"submodules,omitempty"`
	// Link is the name of the link to the files, below the mount's path. It changes
	// when they do; apps have to follow it. Default current.
	// +kubebuilder:default=current
	Link string `json:"link,omitempty"`
	// Mount is where the app sees the link. Required.
	// +required
	Mount Mount `json:"mount,omitempty"`
	// Credentials for a repository over HTTPS: a Secret with the keys username and
	// password.
	// +krm-sidecars:text=object-name
	CredentialsSecret string `json:"credentialsSecret,omitempty"`
	// GroupWrite lets the group of the volume, which is the pod's fsGroup, change the
	// files. Default false.
	GroupWrite bool `json:"groupWrite,omitempty"`
	// SSHSecret is a Secret with a private key and known_hosts, for a repository over
	// SSH.
	// +krm-sidecars:text=object-name
	SSHSecret string `json:"sshSecret,omitempty"`
	// SSHKey is the key of sshSecret that holds the private key. Default
	// ssh-privatekey, as Secrets of the type kubernetes.io/ssh-auth have it.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=ssh-privatekey
	SSHKey string `json:"sshKey,omitempty"`
	// Notify is called when the files have changed.
	Notify *Notify `json:"notify,omitempty"`
	// Port of the sidecar's health and metrics. Default 1234, or the next that is free.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`
	// Args are further arguments of git-sync.
	Args []string `json:"args,omitempty"`
}

func (g *Git) setDefaults() {
	g.Period = cmp.Or(g.Period, "30s")
	g.Submodules = cmp.Or(g.Submodules, "recursive")
	g.Link = cmp.Or(g.Link, "current")
	g.SSHKey = cmp.Or(g.SSHKey, corev1.SSHAuthPrivateKey)
	g.Mount.setDefaults()
	g.Notify.setDefaults()
}

func (g *Git) validate() config.Errors {
	errs := config.Required("repo", g.Repo, "the repository, such as https://git.example.com/shop/pages.git", config.Repository)
	errs = append(errs, config.Each("ref", g.Ref, word)...)
	errs = append(errs, config.Each("period", g.Period, config.Duration, notTooShort)...)
	if g.Depth != nil && *g.Depth < 0 {
		errs.Addf("depth", "%d is no depth; write 0 for all of the history", *g.Depth)
	}
	errs = append(errs, config.OneOf("submodules", g.Submodules, "recursive", "shallow", "off")...)
	errs = append(errs, config.Each("link", g.Link, config.DataKey)...)
	errs = append(errs, g.Mount.validate("mount")...)
	errs = append(errs, config.Each("credentialsSecret", g.CredentialsSecret, config.ObjectName)...)
	errs = append(errs, config.Each("sshSecret", g.SSHSecret, config.ObjectName)...)
	errs = append(errs, config.Each("sshKey", g.SSHKey, config.DataKey)...)
	var byHTTP []string
	if g.CredentialsSecret != "" {
		byHTTP = []string{"credentialsSecret"}
	}
	errs = append(errs, config.GitAccess(g.Repo, g.SSHSecret, len(g.Args) > 0, byHTTP...)...)
	errs = append(errs, g.Notify.validate("notify")...)
	errs = append(errs, config.PortNumber("port", g.Port)...)
	return append(errs, config.NoPasswords("args", g.Args)...)
}

// notTooShort is a period that git-sync takes.
func notTooShort(text string) string {
	if d, err := time.ParseDuration(text); err == nil && d < 10*time.Millisecond {
		return "is too short; write 10ms or more"
	}
	return ""
}

// word is a text without blanks.
func word(text string) string {
	if strings.ContainsAny(text, " \t\n\r") || strings.HasPrefix(text, "-") {
		return "is no name of a branch, tag or commit"
	}
	return ""
}

func (g *Git) add(p *plan) {
	if volume, ok := p.lasting("spec.git.mount", &g.Mount); ok {
		p.Findf(pod.Error, pod.WouldDelete, "git-sync makes %s its own and deletes what is there, and volume %q keeps its files; use another directory", g.Mount.Path, volume)
	}
	c := p.container("git-sync", "git-sync")
	health := p.free(g.Port, 1234)
	args := g.args()
	p.share(&c, "spec.git.mount", &g.Mount, true)
	p.Injection.Scratch(&c, "/tmp", "64Mi") // git's own settings and keys
	c.Env = []corev1.EnvVar{{Name: "HOME", Value: "/tmp"}}
	if g.CredentialsSecret != "" {
		for _, key := range []string{"username", "password"} {
			ref := config.SecretKey{Name: g.CredentialsSecret, Key: key}
			c.Env = append(c.Env, ref.Env("GITSYNC_"+strings.ToUpper(key)))
		}
	}
	if g.SSHSecret != "" {
		args = append(args, p.Injection.GitSSH(&c, inject.Label(c.Name, "ssh"), g.SSHSecret, g.SSHKey)...)
	}
	c.Args = slices.Clip(append(args, inject.Literals(g.Args)...))
	if scheme, _, _ := strings.Cut(g.Repo, "://"); scheme == "http" || scheme == "git" {
		p.Findf(pod.Warning, pod.InsecureTransport, "the repository comes by plain %s, where others can read and change it; use https", scheme)
	}
	once := c
	c.Args = append(c.Args, "--period="+g.Period, "--max-failures=-1", "--http-bind=:"+number(health), "--http-metrics")
	c.Args = append(c.Args, g.notify()...)
	c.Ports = []corev1.ContainerPort{{ContainerPort: health}}
	c.LivenessProbe = inject.Asks("/", health, 30)
	c.LivenessProbe.FailureThreshold = 10 // a repository that is away for a while must not restart it
	p.gated(c, inject.Asks("/", health, 2), func(first *corev1.Container) {
		first.Args = append(slices.Clone(once.Args), "--one-time", "--max-failures=5")
	})
	p.Findf(pod.Info, pod.FollowLink, "the files are in %s/%s, a link that changes with each commit: apps have to open files through it, not keep what it led to", g.Mount.Path, g.Link)
}

func (g *Git) args() []string {
	depth := "1"
	if g.Depth != nil {
		depth = number(*g.Depth)
	}
	args := inject.Flags("--repo", g.Repo, "--ref", g.Ref, "--root", g.Mount.Path, "--link", g.Link, "--depth", depth, "--submodules", g.Submodules)
	if g.GroupWrite {
		args = append(args, "--group-write")
	}
	return args
}

func (g *Git) notify() []string {
	if g.Notify == nil {
		return nil
	}
	return inject.Flags("--webhook-url", g.Notify.URL, "--webhook-method", g.Notify.Method)
}
