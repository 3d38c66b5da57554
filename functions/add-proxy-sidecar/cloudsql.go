package proxysidecar

import (
	"fmt"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// CloudSQL is the Cloud SQL Auth Proxy.
type CloudSQL struct {
	Google `json:",inline"`
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
	errs := c.Google.validate(connections)
	if len(c.Instances) == 0 {
		errs.Addf("instances", "missing; list the databases, as in [{name: project:region:instance}]")
	}
	for i, in := range c.Instances {
		at := fmt.Sprintf("instances[%d]", i)
		errs = append(errs, config.Required(at+".name", in.Name, "the database, as project:region:instance",
			matching(cloudSQLName, "is no connection name; write project:region:instance"))...)
		errs = append(errs, config.OneOf(at+".engine", in.Engine, "postgres", "mysql", "sqlserver")...)
	}
	return errs
}

func (c *CloudSQL) add(p *plan) {
	var all []instance
	for _, in := range c.Instances {
		all = append(all, instance{in.Name, enginePort(in.Engine), in.Connection})
	}
	p.connect(p.container("cloud-sql-proxy", "cloud-sql-proxy"), c.Google, all)
}
