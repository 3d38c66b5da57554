package proxysidecar

import (
	"cmp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// Custom is a proxy that this function does not know. In its arguments and
// variables {port} is where it listens, {upstream} the app's port.
type Custom struct {
	Front `json:",inline"`
	// Name of the container. Default proxy.
	// +kubebuilder:default=proxy
	// +krm-sidecars:text=dns-label
	Name string `json:"name,omitempty"`
	// Image of the proxy. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Image string `json:"image,omitempty"`
	// Direction is ingress, for what comes to the app, or egress, for what it connects
	// to: such a proxy starts first. Default ingress.
	// +kubebuilder:validation:Enum=ingress;egress
	// +kubebuilder:default=ingress
	Direction string `json:"direction,omitempty"`
	// Command in place of the image's own.
	Command []string `json:"command,omitempty"`
	// Args of the command.
	Args []string `json:"args,omitempty"`
	// Env are variables, as Kubernetes has them.
	Env []corev1.EnvVar `json:"env,omitempty"`
	// AppEnv are variables of the app that tell where the proxy is, for egress.
	AppEnv Variables `json:"appEnv,omitempty"`
	// Health is a path that the proxy answers on its port, or tcp for whether the port
	// is open. Default tcp.
	// +kubebuilder:default=tcp
	Health string `json:"health,omitempty"`
	// UID is the user that it runs as. Default 65532.
	// +kubebuilder:validation:Minimum=1
	UID *int64 `json:"uid,omitempty"`
}

const (
	ingress = "ingress"
	egress  = "egress"

	nonroot = 65532
)

func (c *Custom) setDefaults() {
	c.Name = cmp.Or(c.Name, "proxy")
	c.Direction = cmp.Or(c.Direction, ingress)
	c.Health = cmp.Or(c.Health, "tcp")
}

func (c *Custom) validate() config.Errors {
	errs := c.Front.validate(nil)
	errs = append(errs, config.Each("name", c.Name, config.DNSLabel)...)
	errs = append(errs, config.Required("image", c.Image, "the image of the proxy, with its tag", config.SingleLine)...)
	errs = append(errs, config.OneOf("direction", c.Direction, ingress, egress)...)
	if c.Port == 0 {
		errs.Addf("port", "missing; write the port that the proxy listens on")
	}
	if c.Direction == egress {
		errs = append(errs, c.onlyFront()...)
	} else if c.AppEnv != (Variables{}) {
		errs.Addf("appEnv", "is for direction: egress; the app has nothing to do with a proxy in front of it")
	}
	errs = append(errs, c.AppEnv.validate().Under("appEnv")...)
	if c.Health != "tcp" {
		errs = append(errs, config.Each("health", c.Health, path)...)
	}
	if c.UID != nil && *c.UID < 1 {
		errs.Addf("uid", "%d is no user without privileges; write a number above 0", *c.UID)
	}
	errs = append(errs, config.NoPasswords("command", c.Command)...)
	errs = append(errs, config.NoPasswords("args", c.Args)...)
	return append(errs, config.LiteralSecrets(c.Env, "env")...)
}

// onlyFront reports fields that a proxy for what goes out has no use for.
func (c *Custom) onlyFront() config.Errors {
	var errs config.Errors
	for _, f := range []struct {
		name string
		set  bool
	}{{"upstreamPort", c.UpstreamPort != 0}, {"service", c.Service != ""}, {"rewireService", c.RewireService != nil}} {
		if f.set {
			errs.Addf(f.name, "is for direction: ingress; take it out")
		}
	}
	return errs
}

func (c *Custom) add(p *plan) {
	app, ok := int32(0), true
	if c.Direction == ingress {
		app, ok = p.upstream(c.Front)
	}
	if !ok {
		return
	}
	uid := int64(nonroot)
	if c.UID != nil {
		uid = *c.UID
	}
	proxy := p.bare(c.Name, uid)
	fill := strings.NewReplacer("{port}", number(c.Port), "{upstream}", number(app))
	proxy.Image, proxy.Command, proxy.Args = c.Image, filled(c.Command, fill), filled(c.Args, fill)
	for _, e := range c.Env {
		e.Value = fill.Replace(e.Value)
		proxy.Env = append(proxy.Env, e)
	}
	proxy.Ports = []corev1.ContainerPort{{ContainerPort: c.Port}}
	probe := inject.Connects(c.Port, 30)
	if c.Health != "tcp" {
		probe = inject.Asks(c.Health, c.Port, 30)
	}
	proxy.LivenessProbe = probe
	if c.Direction == egress {
		proxy.StartupProbe = inject.Starts(probe)
		p.tellApp(instance{Connection: Connection{Env: c.AppEnv}}, "127.0.0.1", c.Port)
		p.run(proxy, inject.RankEgress)
		return
	}
	p.run(proxy, inject.RankBeside)
	p.rewire(c.Front, app, c.Port)
}

func filled(words []string, fill *strings.Replacer) []string {
	var all []string
	for _, word := range words {
		all = append(all, fill.Replace(word))
	}
	return all
}
