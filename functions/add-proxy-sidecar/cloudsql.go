package proxysidecar

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// CloudSQL is the Cloud SQL Auth Proxy.
type CloudSQL struct {
	Google `json:",inline"`
	// UnixSocket is a directory for unix sockets, which the app uses in place of ports:
	// one called like the connection name for each database.
	// +krm-sidecars:text=absolute
	UnixSocket string `json:"unixSocket,omitempty"`
	// QuitPort has the proxy end when the app asks for it by POST at
	// http://127.0.0.1:<quitPort>/quitquitquit. A Job has to, where there are no native
	// sidecars.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	QuitPort int32 `json:"quitPort,omitempty"`
	// Instances are the databases. Required.
	// +required
	Instances []CloudSQLInstance `json:"instances,omitempty"`
}

// CloudSQLInstance is a database of Cloud SQL.
type CloudSQLInstance struct {
	// Name is the connection name, project:region:instance. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Name string `json:"name,omitempty"`
	// Engine is postgres, mysql or sqlserver: it decides on the usual port. Default
	// postgres.
	// +kubebuilder:validation:Enum=postgres;mysql;sqlserver
	// +kubebuilder:default=postgres
	Engine     string `json:"engine,omitempty"`
	Connection `json:",inline"`
}

// enginePort is the usual port of an engine.
func enginePort(engine string) int32 {
	return map[string]int32{"postgres": 5432, "mysql": 3306, "sqlserver": 1433}[engine]
}

func (c *CloudSQL) setDefaults() {
	for i := range c.Instances {
		if c.Instances[i].Engine == "" {
			c.Instances[i].Engine = "postgres"
		}
	}
}

// cloudSQLName is project:region:instance, where the project may have a domain.
const cloudSQLName = `^([a-z0-9.-]+:)?[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]+$`

func (c *CloudSQL) validate() config.Errors {
	var connections []Connection
	for _, in := range c.Instances {
		connections = append(connections, in.Connection)
	}
	errs := c.Google.validate(connections, map[string]int32{"quitPort": c.QuitPort})
	errs = append(errs, config.Each("unixSocket", c.UnixSocket, config.MountPath)...)
	if len(c.Instances) == 0 {
		errs.Addf("instances", "missing; list the databases, as in [{name: project:region:instance}]")
	}
	for i, in := range c.Instances {
		at := fmt.Sprintf("instances[%d]", i)
		errs = append(errs, config.Required(at+".name", in.Name, "the database, as project:region:instance",
			matching(cloudSQLName, "is no connection name; write project:region:instance"))...)
		errs = append(errs, config.OneOf(at+".engine", in.Engine, "postgres", "mysql", "sqlserver")...)
		if c.UnixSocket != "" {
			errs = append(errs, in.withoutPort().Under(at)...)
		}
	}
	return errs
}

// withoutPort reports what an instance cannot have behind a unix socket.
func (in CloudSQLInstance) withoutPort() config.Errors {
	var errs config.Errors
	for _, f := range []struct {
		field string
		set   bool
	}{{"port", in.Port != 0}, {"env.port", in.Env.Port != ""}, {"env.address", in.Env.Address != ""}} {
		if f.set {
			errs.Addf(f.field, "has no meaning with unixSocket: there is no port; take one of them out")
		}
	}
	if in.Engine == "sqlserver" {
		errs.Addf("engine", "sqlserver has no unix sockets; take unixSocket out")
	}
	return errs
}

func (c *CloudSQL) add(p *plan) {
	var all []instance
	for _, in := range c.Instances {
		all = append(all, instance{in.Name, enginePort(in.Engine), in.Connection})
	}
	proxy := p.container("cloud-sql-proxy", "cloud-sql-proxy")
	if c.QuitPort != 0 {
		p.ends = true
		p.taken = append(p.taken, c.QuitPort)
		proxy.Args = []string{"--quitquitquit", "--admin-port=" + number(c.QuitPort)}
		proxy.Ports = []corev1.ContainerPort{{ContainerPort: c.QuitPort}}
	}
	if c.UnixSocket == "" {
		p.connect(proxy, c.Google, all)
		return
	}
	proxy.Args = append(proxy.Args, "--unix-socket="+inject.Literal(c.UnixSocket))
	p.serve(proxy, c.Google, func(proxy *corev1.Container, _ []int32) {
		proxy.VolumeMounts = append(proxy.VolumeMounts, p.Injection.Share(p.View, inject.Shared{Path: c.UnixSocket,
			Containers: append(p.apps(), p.preparing(all)...), Volume: inject.Label(proxy.Name, "sockets"), SizeLimit: "1Mi"}))
		for _, in := range all {
			proxy.Args = append(proxy.Args, inject.Literal(in.name))
			p.tellApp(in, c.UnixSocket+"/"+in.name, 0)
		}
	})
}
