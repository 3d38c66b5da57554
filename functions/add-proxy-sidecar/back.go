package proxysidecar

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Google is what the proxies of Google's databases have in common. The app
// connects to 127.0.0.1.
type Google struct {
	// PrivateIP connects within the VPC. Default false.
	PrivateIP bool `json:"privateIP,omitempty"`
	// PSC connects by Private Service Connect. Default false.
	PSC bool `json:"psc,omitempty"`
	// AutoIAMAuthn logs the service account in to the database. Default false.
	AutoIAMAuthn bool `json:"autoIAMAuthn,omitempty"`
	// Credentials are a Secret's key that holds the key of a Google service account.
	// Default: those of the pod, by Workload Identity.
	Credentials *config.SecretKey `json:"credentials,omitempty"`
	// HealthPort serves the proxy's health. Default 9801, or the next that is free.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	HealthPort int32 `json:"healthPort,omitempty"`
	// Args are further arguments.
	Args []string `json:"args,omitempty"`
}

// Connection is how the app reaches a database.
type Connection struct {
	// Port on 127.0.0.1. Default: that of the database, or the next that no container
	// of the pod has.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`
	// Env are variables of the app that are to tell where the database is.
	Env Variables `json:"env,omitempty"`
}

// Variables are names of variables.
type Variables struct {
	// Host is the variable that gets 127.0.0.1, or the path of the unix socket.
	// +krm-sidecars:text=env-name
	Host string `json:"host,omitempty"`
	// Port is the variable that gets the port.
	// +krm-sidecars:text=env-name
	Port string `json:"port,omitempty"`
	// Address is the variable that gets both, as host:port.
	// +krm-sidecars:text=env-name
	Address string `json:"address,omitempty"`
}

// validate checks the fields; instances are what the proxy leads to, numbers its
// other ports.
func (g Google) validate(instances []Connection, others map[string]int32) config.Errors {
	numbers := map[string]int32{"healthPort": g.HealthPort}
	maps.Copy(numbers, others)
	for i, in := range instances {
		numbers[fmt.Sprintf("instances[%d].port", i)] = in.Port
	}
	errs := ports(numbers)
	for i, in := range instances {
		errs = append(errs, in.Env.validate().Under(fmt.Sprintf("instances[%d].env", i))...)
	}
	if g.PrivateIP && g.PSC {
		errs.Addf("psc", "cannot stand beside privateIP; keep the one that your instances have")
	}
	errs = append(errs, g.Credentials.Validate("credentials")...)
	return append(errs, config.NoPasswords("args", g.Args)...)
}

func (v Variables) validate() config.Errors {
	errs := config.Each("host", v.Host, config.EnvName)
	errs = append(errs, config.Each("port", v.Port, config.EnvName)...)
	return append(errs, config.Each("address", v.Address, config.EnvName)...)
}

// instance is a database that a proxy leads to.
type instance struct {
	name  string
	usual int32 // the port of its kind
	Connection
}

// googleDir holds the key of a service account.
const googleDir = "/etc/google"

// connect adds a proxy of Google's that listens on a port for each database, and
// tells the app.
func (p *plan) connect(c corev1.Container, g Google, instances []instance) {
	var needs []need
	for _, in := range instances {
		needs = append(needs, need{in.Port, in.usual})
	}
	p.serve(c, g, func(c *corev1.Container, ports []int32) {
		for i, in := range instances {
			c.Args = append(c.Args, fmt.Sprintf("%s?port=%d", inject.Literal(in.name), ports[i]))
			c.Ports = append(c.Ports, corev1.ContainerPort{ContainerPort: ports[i]})
			p.tellApp(in, "127.0.0.1", ports[i])
		}
	}, needs...)
}

// serve adds a proxy of Google's; lead has it listen, on the ports that it needs.
func (p *plan) serve(c corev1.Container, g Google, lead func(c *corev1.Container, ports []int32), needs ...need) {
	ports := p.allot(append([]need{{g.HealthPort, 9801}}, needs...)...)
	health := ports[0]
	c.Args = append([]string{"--structured-logs", "--exit-zero-on-sigterm", "--health-check", "--http-address=0.0.0.0", "--http-port=" + number(health)}, c.Args...)
	for _, f := range []struct {
		set  bool
		flag string
	}{{g.PrivateIP, "--private-ip"}, {g.PSC, "--psc"}, {g.AutoIAMAuthn, "--auto-iam-authn"}} {
		if f.set {
			c.Args = append(c.Args, f.flag)
		}
	}
	if key := g.Credentials; key != nil {
		c.Args = append(c.Args, "--credentials-file="+googleDir+"/"+key.Key)
		p.Injection.MountSecret(&c, inject.Label(c.Name, googleDir), key.Name, googleDir, key.Key)
	}
	c.Args = append(c.Args, inject.Literals(g.Args)...)
	c.Ports = append([]corev1.ContainerPort{{ContainerPort: health}}, c.Ports...)
	lead(&c, ports[1:])
	c.StartupProbe = inject.Starts(inject.Asks("/startup", health, 2))
	c.LivenessProbe = inject.Asks("/liveness", health, 30)
	p.run(c, inject.RankEgress)
}

// tellApp gives the containers that use an instance variables; port is 0 for one
// that has none.
func (p *plan) tellApp(in instance, host string, port int32) {
	for _, app := range append(p.apps(), p.preparing([]instance{in})...) {
		for _, v := range []corev1.EnvVar{{Name: in.Env.Host, Value: inject.Literal(host)}, {Name: in.Env.Port, Value: number(port)}, {Name: in.Env.Address, Value: local(port)}} {
			if v.Name != "" {
				p.Injection.Env = append(p.Injection.Env, inject.Env{Container: app.Name, EnvVar: v})
			}
		}
	}
}

// apps are the containers that use the proxy.
func (p *plan) apps() []pod.Container {
	names := p.config.Target.Containers
	if len(names) == 0 {
		return inject.Apps(p.View)
	}
	found, bad := p.View.Pick("spec.target.containers", p.View.Own(), names)
	p.Findings = append(p.Findings, bad...)
	return found
}

// preparing are the user's init containers, such as one that migrates the database:
// a native sidecar runs before them. Those that say themselves where the database
// is, or that are not chosen, stay as they are.
func (p *plan) preparing(instances []instance) []pod.Container {
	if !p.native() || len(p.config.Target.Containers) > 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.View.InitContainers), func(c pod.Container) bool {
		return c.Owner != "" || c.Native() || slices.ContainsFunc(instances, func(in instance) bool { return in.Env.standIn(c) })
	})
}

// standIn reports whether a container has one of the variables itself.
func (v Variables) standIn(c pod.Container) bool {
	return slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool {
		return e.Name == v.Host || e.Name == v.Port || e.Name == v.Address
	})
}

// matching is a check by a pattern, which is compiled when it is used.
func matching(pattern, wrong string) config.Check {
	return func(text string) string {
		if !regexp.MustCompile(pattern).MatchString(text) {
			return wrong
		}
		return ""
	}
}
